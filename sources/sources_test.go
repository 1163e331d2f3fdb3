package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestBlocks_EndAtMultiplesOfTheStepSince1970(t *testing.T) {
	at := time.Date(2026, 1, 5, 14, 0, 22, 7, time.UTC)
	if got, want := Align(at, 15*time.Second), time.Date(2026, 1, 5, 14, 0, 15, 0, time.UTC); !got.Equal(want) {
		t.Errorf("Align = %v, want %v", got, want)
	}
	if got, want := Align(time.Unix(-1, 0), 15*time.Second), time.Unix(-15, 0); !got.Equal(want) {
		t.Errorf("Align before 1970 = %v, want %v", got, want)
	}
}

func TestText_NeverCommandsATerminal(t *testing.T) {
	for r := range rune(0x2100) { // every control, also those of one rune that UTF-8 spells in two bytes: U+009B begins a command as ESC [ does
		if s := Visible("a" + string(r) + "b"); unicode.In(r, unicode.Cc, unicode.Cf) && strings.ContainsRune(s, r) {
			t.Errorf("%U comes through in %q", r, s)
		}
	}
	evil := NewText("a\x1b[2Jb\u202ec\u200bd\xffe\nf\tg\x9bh")
	for _, printed := range []string{evil.String(), fmt.Sprint(evil), fmt.Sprintf("%v|%s|%d", evil, evil, evil), fmt.Errorf("op: %w", &Error{Op: "read", Target: "x\x1b", Cause: errors.New("bad \x1b[31m")}).Error()} {
		if i := strings.IndexFunc(printed, func(r rune) bool { return r < 0x20 || r == 0x7f || hidden(r) }); i >= 0 {
			t.Errorf("%q has a raw control at %d", printed, i)
		}
	}
	if evil.Raw() != "a\x1b[2Jb\u202ec\u200bd\xffe\nf\tg\x9bh" {
		t.Error("raw bytes changed")
	}
	if s := "naïve 漢字 é"; Visible(s) != s {
		t.Errorf("a harmless text changed: %q", Visible(s))
	}
}

func TestShare_ReadsWhatItPrints(t *testing.T) {
	for _, s := range []Share{0, 1 * Whole / 100, 3900, 50_000, Whole} {
		got, err := ParseShare(s.String())
		if err != nil || got != s {
			t.Errorf("ParseShare(%q) = %v, %v", s.String(), got, err)
		}
	}
	for _, bad := range []string{"", "-1%", "101%", "NaN", "five"} {
		if _, err := ParseShare(bad); err == nil {
			t.Errorf("ParseShare(%q) gave no error", bad)
		}
	}
}

func TestError_IsFoundByKindAndByCause(t *testing.T) {
	err := fmt.Errorf("collect: %w", &Error{Op: "query", Target: "http://p", Kind: ErrUnreachable, Cause: io.ErrUnexpectedEOF})
	if !errors.Is(err, ErrUnreachable) || !errors.Is(err, io.ErrUnexpectedEOF) || !Retryable(err) {
		t.Errorf("%v is not found by its kind and cause", err)
	}
}

func TestHistogram_CountsAboveAnEdgeOnlyWhereThereIsOne(t *testing.T) {
	h := Histogram{Edges: []float64{.1, .25}, Counts: []int64{5, 3, 2}}
	if n, ok := h.Above(.1); !ok || n != 5 {
		t.Errorf("Above(.1) = %d, %v", n, ok)
	}
	if _, ok := h.Above(.2); ok {
		t.Error("Above(.2) invented an edge")
	}
}

func TestBlock_AnArmThatWasNotScrapedHasNoCounts(t *testing.T) {
	b := Block{Strata: []Stratum{
		{Key: "/a", Counts: ByArm[*Counts]{Legacy: &Counts{Requests: 3, Cells: []int64{1, 2}}}},
		{Key: "/b", Counts: ByArm[*Counts]{Legacy: &Counts{Requests: 1, Errors: 1, Cells: []int64{0, 1}}}},
	}}
	if b.Sum(Candidate) != nil {
		t.Error("the candidate was not scraped, yet has counts")
	}
	if got := b.Sum(Legacy); got.Requests != 4 || got.Errors != 1 || got.Cells[1] != 3 {
		t.Errorf("legacy sum = %+v", got)
	}
}

func TestHistogram_CellsOfOtherEdgesAreNotKnownAndNoPanic(t *testing.T) {
	for _, cells := range [][]int64{nil, {1}, {1, 2}, {1, 2, 3, 4}} {
		if n, ok := (Histogram{Edges: []float64{.1, .25}, Counts: cells}).Above(.25); ok {
			t.Errorf("%d cells for two edges: %d above", len(cells), n)
		}
	}
}

func TestRemote_TellsTheSameFailureTheSameWayEachTime(t *testing.T) {
	reset := errors.New("connection reset by peer")
	for port := range 2 {
		ours, theirs := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 53_422 + port}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9090}
		err := Remote(fmt.Errorf("broken: %w", &net.OpError{Op: "read", Net: "tcp", Source: ours, Addr: theirs, Err: reset}))
		if got, want := err.Error(), "broken: read tcp 127.0.0.1:9090: connection reset by peer"; got != want || !errors.Is(err, reset) {
			t.Errorf("told as %q, want %q; the cause is kept: %t", got, want, errors.Is(err, reset))
		}
	}
	if other := fmt.Errorf("other: %w", reset); Remote(other).Error() != other.Error() {
		t.Error("a failure without an end of ours was changed")
	}
}

func TestShare_AStepThatWholeWeightsCameNearToIsDone(t *testing.T) {
	for _, c := range []struct {
		to, set Share
		want    bool
	}{
		{100_000, 99_099, false},
		{10_000, 9_901, false},
		{500_000, 499_900, false},
		{Whole, Whole, false},
		{100_000, 50_000, true},
		{250_000, 99_099, true},
		{10_000, 0, true},
		{550_000, 500_000, true},
		{Whole, 960_000, true},
	} {
		if c.to.Beyond(c.set) != c.want {
			t.Errorf("%v beyond %v: %v", c.to, c.set, !c.want)
		}
	}
}

func TestProgress_CountsTheWritesThatCameToARungAndNotThoseOfAnEarlierTry(t *testing.T) {
	one, two := Write{Member: "lb1", Request: "0"}, Write{Member: "lb2", Request: "0"}
	refused := &Error{Op: "write", Target: "lb2", Kind: ErrUnreachable, Cause: errors.New("connection refused")}
	first := Progress{Change: Change{Writes: []Write{one, two}}, Members: []Answer{{Write: one}, {Write: two, Err: refused}}}
	again := Progress{Change: Change{Writes: []Write{two}}, Members: []Answer{{Write: one}, {Write: two}}}
	unknown := *refused
	unknown.Sent = true
	lost := Progress{Change: Change{Writes: []Write{two}}, Members: []Answer{{Write: two, Err: &unknown}}}
	for _, c := range []struct {
		p    Progress
		rung Rung
		want string
	}{
		{first, Sent, "1 of 2 writes"}, {first, Accepted, "1 of 2 writes"}, {again, Accepted, "1 of 1 writes"}, {lost, Sent, "1 of 1 writes"}, {lost, Accepted, "0 of 1 writes"},
	} {
		if got := c.p.Written(c.rung); got != c.want {
			t.Errorf("%v: %s, wanted %s", c.rung, got, c.want)
		}
	}
}

func TestLate_IsADeadlineAndSaysSoInPlainWords(t *testing.T) {
	if err := fmt.Errorf("read: %w", Late("no answer", 2*time.Second)); err.Error() != "read: no answer within 2s" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("said %v", err)
	}
}

func TestUnfold_GivesTheLinesOfAProgramHarmless(t *testing.T) {
	for in, want := range map[string][]string{
		"":                         {""},
		"one line":                 {"one line"},
		"a\nb":                     {"a", "b"},
		"a\r\n\n  b\n":             {"a", "  b"},
		"a\x1b[31m\n\u202eb\x00\n": {`a\x1b[31m`, `\u202eb\x00`},
	} {
		if got := Unfold(Visible(in)); !slices.Equal(got, want) {
			t.Errorf("%q: %q, wanted %q", in, got, want)
		}
	}
}
