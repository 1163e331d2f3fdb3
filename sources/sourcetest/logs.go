package sourcetest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// LogBench is a log source with lines in it.
type LogBench struct {
	Logs sources.Logs
	// Window is a closed span of the past in which both arms wrote lines of several levels, errors among them, and into
	// which no line comes any more by itself.
	Window sources.Window
	// Word stands in the messages of some lines of the window and not of others.
	Word string
	// Add writes lines and returns when they can be found; nil where lines cannot be written.
	Add func(t *testing.T, lines ...sources.LogLine)
}

// Logs proves that a log source keeps the promises of [sources.Logs]. Each part opens its own bench.
func Logs(t *testing.T, open func(t *testing.T) LogBench) {
	for _, part := range []struct {
		name string
		run  func(*testing.T, LogBench)
	}{
		{"brings every line once and in the order of time", bringsAllOnce},
		{"follows a window whose end moves", followsAMovingEnd},
		{"brings the same lines for the same cursor", repeatsACursor},
		{"brings no more lines than a page may have", keepsTheLimit},
		{"brings the asked arm and levels alone", keepsArmsAndLevels},
		{"finds a word", findsAWord},
		{"counts what it brings", countsWhatItBrings},
		{"shows all errors, and counts what of the rest it leaves out", samplesTheRest},
		{"marks late lines and brings them once", marksLateLines},
		{"refuses a cursor that is not its own", refusesOtherCursors},
		{"stops when it is told to", stopsWhenTold},
		{"says what it is", saysWhatItIs},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, open(t)) })
	}
}

// drain reads pages until there is no more at once.
func drain(t *testing.T, l sources.Logs, q sources.LogQuery, from sources.Cursor) (lines []sources.LogLine, pages []sources.Page, next sources.Cursor) {
	t.Helper()
	for range 10_000 {
		p, err := l.Tail(t.Context(), q, from)
		if err != nil {
			t.Fatalf("tail: %v", err)
		}
		lines, pages, from = append(lines, p.Lines...), append(pages, p), p.Next
		if !p.More {
			return lines, pages, from
		}
	}
	t.Fatal("tail: there is always more")
	return nil, nil, from
}

func key(l sources.LogLine) string { return l.Index + "/" + l.ID }

func keys(lines []sources.LogLine) map[string]int {
	out := map[string]int{}
	for _, l := range lines {
		out[key(l)]++
	}
	return out
}

func bringsAllOnce(t *testing.T, b LogBench) {
	q := sources.LogQuery{Window: b.Window, All: true}
	lines, pages, next := drain(t, b.Logs, q, sources.Cursor{})
	arms := map[sources.Arm]int{}
	for _, l := range lines {
		arms[l.Arm]++
		if !b.Window.Contains(l.At) {
			t.Errorf("line %s of %v lies outside %v", key(l), l.At, b.Window)
		}
		if l.ID == "" || l.Message.IsZero() || len(l.Source) == 0 {
			t.Errorf("line %s lacks an id, a message or its document", key(l))
		}
	}
	if arms[sources.Legacy] == 0 || arms[sources.Candidate] == 0 || len(arms) != 2 {
		t.Errorf("lines by arm: %v, want both arms and no other", arms)
	}
	for k, n := range keys(lines) {
		if n > 1 {
			t.Errorf("line %s came %d times", k, n)
		}
	}
	for _, p := range pages {
		if !slices.IsSortedFunc(p.Lines, func(a, b sources.LogLine) int { return a.At.Compare(b.At) }) {
			t.Error("a page is not in the order of time")
		}
		if p.Skipped != 0 || p.Sample != "" {
			t.Errorf("a lossless page skipped %d lines: %q", p.Skipped, p.Sample)
		}
	}
	if again, _, _ := drain(t, b.Logs, q, next); len(again) > 0 {
		t.Errorf("%d lines came again, such as %s", len(again), key(again[0]))
	}
}

func followsAMovingEnd(t *testing.T, b LogBench) {
	want, _, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true}, sources.Cursor{})
	var got []sources.LogLine
	var at sources.Cursor
	for to := b.Window.From; to.Before(b.Window.To); {
		to = to.Add(3217 * time.Millisecond)
		if to.After(b.Window.To) {
			to = b.Window.To
		}
		var lines []sources.LogLine
		lines, _, at = drain(t, b.Logs, sources.LogQuery{Window: sources.Window{From: b.Window.From, To: to}, All: true}, at)
		got = append(got, lines...)
	}
	if !maps.Equal(keys(got), keys(want)) {
		t.Errorf("%d lines came while the end moved, want the %d that there are, once each", len(got), len(want))
	}
}

func repeatsACursor(t *testing.T, b LogBench) {
	q := sources.LogQuery{Window: b.Window, All: true, Limit: 10}
	first, err := b.Logs.Tail(t.Context(), q, sources.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	stored := sources.Cursor{State: bytes.Clone(first.Next.State)}
	second, err := b.Logs.Tail(t.Context(), q, first.Next)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Logs.Tail(t.Context(), q, stored)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(keys(second.Lines), keys(again.Lines)) || len(again.Lines) == 0 {
		t.Errorf("the same cursor gave %d lines, then %d others", len(second.Lines), len(again.Lines))
	}
}

func keepsTheLimit(t *testing.T, b LogBench) {
	all, _, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true}, sources.Cursor{})
	few, pages, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true, Limit: max(1, len(all)/7)}, sources.Cursor{})
	for _, p := range pages {
		if len(p.Lines) > max(1, len(all)/7) {
			t.Errorf("a page has %d lines, want at most %d", len(p.Lines), max(1, len(all)/7))
		}
	}
	if !maps.Equal(keys(all), keys(few)) {
		t.Errorf("in small pages %d lines came, in large ones %d", len(few), len(all))
	}
	for _, p := range pages {
		if p.Late > 0 {
			t.Errorf("%d lines are late in a past that was read in its order", p.Late)
		}
	}
}

func keepsArmsAndLevels(t *testing.T, b LogBench) {
	all, _, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true}, sources.Cursor{})
	q := sources.LogQuery{Window: b.Window, All: true, Arms: []sources.Arm{sources.Candidate}, Levels: []sources.Level{sources.LevelError, sources.LevelWarn}}
	some, _, _ := drain(t, b.Logs, q, sources.Cursor{})
	want := slices.DeleteFunc(slices.Clone(all), func(l sources.LogLine) bool {
		return l.Arm != sources.Candidate || l.Level != sources.LevelError && l.Level != sources.LevelWarn
	})
	if len(want) == 0 || !maps.Equal(keys(some), keys(want)) {
		t.Errorf("%d lines of the candidate's errors and warnings came, want %d", len(some), len(want))
	}
}

func findsAWord(t *testing.T, b LogBench) {
	all, _, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true}, sources.Cursor{})
	found, _, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true, Match: b.Word}, sources.Cursor{})
	want := slices.DeleteFunc(slices.Clone(all), func(l sources.LogLine) bool {
		return !strings.Contains(strings.ToLower(l.Message.String()), strings.ToLower(b.Word))
	})
	if len(want) == 0 || len(want) == len(all) || !maps.Equal(keys(found), keys(want)) {
		t.Errorf("%d lines were found, %d hold %q", len(found), len(want), b.Word)
	}
}

func countsWhatItBrings(t *testing.T, b LogBench) {
	lines, _, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true}, sources.Cursor{})
	counts, err := b.Logs.Counts(t.Context(), sources.LogQuery{Window: b.Window}, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	type cell struct {
		at    int64
		arm   sources.Arm
		level sources.Level
	}
	want, got := map[cell]int64{}, map[cell]int64{}
	for _, l := range lines {
		want[cell{sources.Align(l.At, 10*time.Second).Unix(), l.Arm, l.Level}]++
	}
	for _, c := range counts.Buckets {
		got[cell{c.At.Unix(), c.Arm, c.Level}] += c.Lines
		if c.Lines <= 0 {
			t.Errorf("a bucket of %d lines at %v", c.Lines, c.At)
		}
	}
	if !maps.Equal(want, got) {
		t.Errorf("the counts differ from the %d lines:\n got %v\nwant %v", len(lines), got, want)
	}
	if !slices.IsSortedFunc(counts.Buckets, func(a, b sources.LogBucket) int { return a.At.Compare(b.At) }) {
		t.Error("the buckets do not ascend")
	}
}

func samplesTheRest(t *testing.T, b LogBench) {
	all, _, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window, All: true}, sources.Cursor{})
	some, pages, _ := drain(t, b.Logs, sources.LogQuery{Window: b.Window}, sources.Cursor{})
	got := keys(some)
	for _, l := range all {
		if l.Level == sources.LevelError && got[key(l)] != 1 {
			t.Errorf("error %s came %d times", key(l), got[key(l)])
		}
	}
	skipped, named := int64(0), false
	for _, p := range pages {
		skipped, named = skipped+p.Skipped, named || p.Sample != ""
	}
	if int(skipped)+len(some) != len(all) {
		t.Errorf("%d shown and %d skipped of %d lines", len(some), skipped, len(all))
	}
	if skipped > 0 && !named {
		t.Error("lines were skipped and no page names the sample")
	}
}

func marksLateLines(t *testing.T, b LogBench) {
	if b.Add == nil {
		t.Skip("skipped: lines cannot be written here")
	}
	now := time.Now()
	line := func(id string, age time.Duration, arm sources.Arm) sources.LogLine {
		return sources.LogLine{ID: id, At: now.Add(-age).Truncate(time.Millisecond), Arm: arm, Level: sources.LevelInfo, Message: sources.NewText("line " + id)}
	}
	q := sources.LogQuery{Window: sources.Window{From: now.Add(-time.Minute)}, All: true}
	b.Add(t, line("early", 20*time.Second, sources.Legacy), line("soon", 10*time.Second, sources.Candidate))
	first, _, next := drain(t, b.Logs, q, sources.Cursor{})
	b.Add(t, line("late", 15*time.Second, sources.Legacy), line("new", time.Second, sources.Candidate))
	second, _, next := drain(t, b.Logs, q, next)
	third, _, _ := drain(t, b.Logs, q, next)
	if len(first) != 2 || len(second) != 2 || len(third) != 0 {
		t.Fatalf("%d, then %d, then %d lines came, want 2, 2, 0", len(first), len(second), len(third))
	}
	if second[0].ID != "late" || !second[0].Late || second[1].Late {
		t.Errorf("the late line is not marked, or not first: %+v", second)
	}
}

func refusesOtherCursors(t *testing.T, b LogBench) {
	q := sources.LogQuery{Window: b.Window, All: true, Limit: 5}
	p, err := b.Logs.Tail(t.Context(), q, sources.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	other := q
	other.Arms = []sources.Arm{sources.Candidate}
	if _, err := b.Logs.Tail(t.Context(), other, p.Next); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("a cursor of another query: %v, want ErrInvalid", err)
	}
	for _, state := range [][]byte{[]byte("x"), p.Next.State[:len(p.Next.State)-1], append(bytes.Clone(p.Next.State), 0)} {
		if _, err := b.Logs.Tail(t.Context(), q, sources.Cursor{State: state}); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("a broken cursor: %v, want ErrInvalid", err)
		}
	}
}

func stopsWhenTold(t *testing.T, b LogBench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	q := sources.LogQuery{Window: b.Window, All: true}
	if _, err := b.Logs.Tail(ctx, q, sources.Cursor{}); !errors.Is(err, context.Canceled) {
		t.Errorf("tail after the end: %v", err)
	}
	if _, err := b.Logs.Counts(ctx, q, time.Second); !errors.Is(err, context.Canceled) {
		t.Errorf("counts after the end: %v", err)
	}
}

func saysWhatItIs(t *testing.T, b LogBench) {
	h := b.Logs.Health(t.Context())
	if h.Err != nil || h.Source == "" || h.Target == "" {
		t.Errorf("health: %+v", h)
	}
}
