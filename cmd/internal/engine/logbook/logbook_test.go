package logbook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/redact"
	"rampart/sources"
)

var now = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

func line(i int, arm sources.Arm, level sources.Level, text string) sources.LogLine {
	return sources.LogLine{
		ID: fmt.Sprint(i), Index: "logs", At: now.Add(time.Duration(i) * time.Second), Arm: arm, Level: level, Message: sources.NewText(text),
		Source: []byte(fmt.Sprintf(`{"message":%q,"user":{"email":"ann@example.com"},"n":%d}`, text, i)),
	}
}

func newBook(t *testing.T) *Book {
	t.Helper()
	b, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func page(lines ...sources.LogLine) sources.Page {
	return sources.Page{Lines: lines, Next: sources.Cursor{State: []byte("next")}}
}

func TestBook_PagesAreNewestFirstMaskedAndFiltered(t *testing.T) {
	b := newBook(t)
	b.Take(page(line(1, sources.Legacy, sources.LevelInfo, "hello ann@example.com"), line(2, sources.Candidate, sources.LevelError, "boom 17"), line(3, sources.Candidate, sources.LevelInfo, "bye")))
	all, err := b.Lines(t.Context(), frame.LogsQuery{})
	if err != nil || len(all.Lines) != 3 || all.Lines[0].Message.String() != "bye" {
		t.Fatalf("%+v, %v", all, err)
	}
	if text := all.Lines[2].Message.String(); strings.Contains(text, "@") {
		t.Errorf("an address left the book: %q", text)
	}
	for query, want := range map[string]int{"level:error": 1, "arm:candidate": 2, "!boom": 2, "/^b/": 2} {
		if got, err := b.Lines(t.Context(), frame.LogsQuery{Terms: []string{query}}); err != nil || len(got.Lines) != want {
			t.Errorf("%s: %d lines, want %d, %v", query, len(got.Lines), want, err)
		}
	}
	if _, err := b.Lines(t.Context(), frame.LogsQuery{Match: "(", Regexp: true}); err == nil {
		t.Error("a broken expression is no error")
	}
}

func TestBook_MasksWhatTheConfigCallsSensitive(t *testing.T) {
	b, err := New(Config{Mask: redact.Config{IP: true, Off: []redact.Kind{redact.Email}, Patterns: []redact.Pattern{{Name: "customer", Regex: `C-[0-9]{4}`}}}})
	if err != nil {
		t.Fatal(err)
	}
	b.Take(page(line(1, sources.Legacy, sources.LevelInfo, "C-1234 ann@example.com from 10.1.2.3")))
	got, err := b.Lines(t.Context(), frame.LogsQuery{})
	if err != nil || len(got.Lines) != 1 || got.Lines[0].Message.String() != "‹customer› ann@example.com from ‹ip›" {
		t.Errorf("%+v, %v", got.Lines, err)
	}
}

func TestBook_AnOpenedLineHasItsFieldsMasked(t *testing.T) {
	b := newBook(t)
	b.Take(page(line(1, sources.Legacy, sources.LevelInfo, "hello")))
	got, err := b.Lines(t.Context(), frame.LogsQuery{})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := b.Line(got.Lines[0].ID)
	if err != nil || len(opened.Fields) != 3 {
		t.Fatalf("%+v, %v", opened, err)
	}
	for _, f := range opened.Fields {
		if strings.Contains(f.Value.String(), "@") {
			t.Errorf("%s = %s", f.Name, f.Value)
		}
	}
	for _, id := range []string{"", "x-y", "1-99"} {
		if _, err := b.Line(id); err == nil {
			t.Errorf("line %q was found", id)
		}
	}
}

// live closes one block: requests of both arms, after each arm wrote its lines spread over it.
func live(t *testing.T, b *Book, block int, requests sources.ByArm[int64], lines map[sources.Arm][]string) {
	t.Helper()
	begin := now.Add(time.Duration(block) * 15 * time.Second)
	for arm, texts := range lines {
		for i, text := range texts {
			l := line(1000*block+i, arm, sources.LevelError, text)
			l.At = begin.Add(time.Duration(i%15) * time.Second)
			b.Take(page(l))
		}
	}
	n := sources.ByArm[*int64]{Legacy: &requests.Legacy, Candidate: &requests.Candidate}
	if err := b.Compare("one", []Requests{{End: begin.Add(15 * time.Second), N: n}}); err != nil {
		t.Fatal(err)
	}
}

func several(n int, format string) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf(format, i+100))
	}
	return out
}

func TestBook_WhatOnlyTheCandidateSaysStandsFirst(t *testing.T) {
	b := newBook(t)
	for block := range 4 {
		timeouts := several(15, "timeout after %d ms")
		live(t, b, block, sources.ByArm[int64]{Legacy: 1000, Candidate: 1000}, map[sources.Arm][]string{
			sources.Legacy: timeouts, sources.Candidate: append(several(8, "embedding %d missing"), timeouts...),
		})
	}
	v := b.View(now.Add(2*time.Minute), sources.ByArm[int64]{Legacy: 4000, Candidate: 4000})
	if len(v.Patterns) != 2 || !v.Patterns[0].New || v.Patterns[0].Mark != analysis.MarkWorse || v.Patterns[0].Count.Candidate != 32 {
		t.Fatalf("%+v", v.Patterns)
	}
	if second := v.Patterns[1]; second.Mark == analysis.MarkWorse || !second.Ratio.Known || second.Ratio.V != 1 || !second.Ratio.Interval {
		t.Errorf("equal rates are marked: %+v", second)
	}
	first := v.Diff[0]
	if len(v.Diff) != 2 || !first.Selected || !strings.Contains(first.Why, "candidate alone") || first.Legacy.V != 0 || first.Candidate.V != 8 || first.Evidence.V < first.Need.V {
		t.Errorf("%+v", v.Diff)
	}
	if first.Sample.Candidate.String() == "" || len(first.Histories.Candidate) != 10 || v.DiffBasis.Blocks != 4 {
		t.Errorf("%+v of %+v", first, v.DiffBasis)
	}
}

func TestBook_ANewRolloutIsComparedFromItsOwnFirstBlock(t *testing.T) {
	b := newBook(t)
	for block := range 4 {
		live(t, b, block, sources.ByArm[int64]{Legacy: 1000, Candidate: 1000}, map[sources.Arm][]string{sources.Candidate: several(10, "embedding %d missing")})
	}
	b.Take(page(line(61, sources.Candidate, sources.LevelError, "embedding 7 missing")))
	if !b.Compared("two").IsZero() || !b.Compared("one").Equal(now.Add(time.Minute)) {
		t.Fatal("the rollouts are mixed up")
	}
	n := int64(500)
	if err := b.Compare("two", []Requests{{End: now.Add(60 * time.Second), N: sources.ByArm[*int64]{Legacy: &n, Candidate: &n}}, {End: now.Add(75 * time.Second), N: sources.ByArm[*int64]{Legacy: &n, Candidate: &n}}}); err != nil {
		t.Fatal(err)
	}
	v := b.View(now.Add(2*time.Minute), sources.ByArm[int64]{})
	if len(v.Diff) != 1 || v.Diff[0].Count.Candidate != 11 || v.DiffBasis.Blocks != 2 {
		t.Errorf("%+v of %+v", v.Diff, v.DiffBasis)
	}
}

func TestBook_AnArmThatFallsSilentIsAFinding(t *testing.T) {
	b := newBook(t)
	for block := range 20 {
		lines := map[sources.Arm][]string{sources.Legacy: several(15, "timeout after %d ms"), sources.Candidate: several(5, "timeout after %d ms")}
		if block >= 16 {
			delete(lines, sources.Candidate)
		}
		live(t, b, block, sources.ByArm[int64]{Legacy: 900, Candidate: 300}, lines)
		silent := 0
		for _, f := range b.View(now.Add(time.Hour), sources.ByArm[int64]{}).Findings {
			if strings.Contains(f.Text.String(), "no line of the candidate since 14:04:00") {
				silent++
			}
		}
		if want := block >= 18; want != (silent == 1) {
			t.Errorf("block %d: %d findings of silence", block, silent)
		}
	}
}

func TestBook_KindsOfLinesAreCountedByArm(t *testing.T) {
	b := newBook(t)
	for block := range 4 {
		live(t, b, block, sources.ByArm[int64]{Legacy: 1000, Candidate: 1000}, map[sources.Arm][]string{
			sources.Legacy: several(2, "timeout after %d ms"), sources.Candidate: several(14, "feature store timeout after %d ms"),
		})
	}
	got := map[string]frame.Category{}
	for _, c := range b.View(now.Add(2*time.Minute), sources.ByArm[int64]{}).Categories {
		got[c.Name] = c
	}
	if c := got["timeouts"]; c.Lines != (sources.ByArm[int64]{Legacy: 8, Candidate: 56}) || c.Mark != analysis.MarkWorse || !c.Ratio.Known || c.Ratio.V != 7 {
		t.Errorf("%+v", c)
	}
	if c := got["security"]; c.Lines != (sources.ByArm[int64]{}) || c.Mark == analysis.MarkWorse || c.Evidence.Known {
		t.Errorf("%+v", c)
	}
}

func TestBook_SensitiveLinesAreCountedByKindAndArmWhereverTheyStand(t *testing.T) {
	b := newBook(t)
	card := line(1, sources.Candidate, sources.LevelInfo, "paid with 4111 1111 1111 1111 and 4111 1111 1111 1111")
	field := line(2, sources.Candidate, sources.LevelInfo, "paid")
	field.Source = []byte(`{"message":"paid","card":"4111111111111111"}`)
	score := line(4, sources.Candidate, sources.LevelInfo, "scored")
	score.Source = []byte(`{"message":"scored","score":0.4111111111111111,"trace":"ce71f4111111111111111e35d"}`)
	b.Take(page(card, field, score, sources.LogLine{ID: "3", At: now, Arm: sources.Legacy, Message: sources.NewText("ann@example.com")}))
	n := int64(50)
	if err := b.Compare("one", []Requests{{End: now.Add(15 * time.Second), N: sources.ByArm[*int64]{Legacy: &n, Candidate: &n}}}); err != nil {
		t.Fatal(err)
	}
	for _, s := range b.View(now, sources.ByArm[int64]{}).Sensitive {
		if s.Kind == "card" && s.Hits.Candidate != 2 || s.Kind == "email" && s.Hits.Legacy != 1 {
			t.Errorf("%+v", s)
		}
	}
	blocks := b.TakeSensitive()
	if len(blocks) != 1 || blocks[0].Kinds["card"].Candidate != 2 || blocks[0].Lines.Legacy != 1 || blocks[0].Requests.Legacy != 50 {
		t.Errorf("%+v", blocks)
	}
	if len(b.TakeSensitive()) != 0 {
		t.Error("blocks are handed out twice")
	}
}

func TestBook_RatesOfASampleAreScaledUpAndSaySo(t *testing.T) {
	b := newBook(t)
	live(t, b, 0, sources.ByArm[int64]{Legacy: 1000, Candidate: 1000}, map[sources.Arm][]string{sources.Legacy: several(10, "timeout after %d ms"), sources.Candidate: several(10, "timeout after %d ms")})
	p := page()
	p.Sample = "1 of 8 shown, errors all"
	b.Take(p)
	b.Counted(sources.LogCounts{Step: VolumeStep, Buckets: []sources.LogBucket{{At: now, Arm: sources.Legacy, Level: sources.LevelError, Lines: 80}, {At: now, Arm: sources.Candidate, Level: sources.LevelError, Lines: 80}}}, now)
	v := b.View(now.Add(time.Minute), sources.ByArm[int64]{Legacy: 1000, Candidate: 1000})
	if r := v.Diff[0]; r.Candidate.V != 80 || r.Candidate.N != 10 || !strings.Contains(r.Candidate.Why, "scaled") || v.DiffBasis.Sample != p.Sample {
		t.Errorf("%+v of %+v", r, v.DiffBasis)
	}
}

func TestBook_ALineWithoutATimeGetsThatOfItsArrival(t *testing.T) {
	b := newBook(t)
	b.Place(now)
	l := line(1, sources.Legacy, sources.LevelInfo, "x\x00\xff")
	l.At = time.Time{}
	b.Take(page(l))
	got, err := b.Lines(t.Context(), frame.LogsQuery{})
	if err != nil || len(got.Lines) != 1 || !got.Lines[0].At.Equal(now) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestBook_CountsWhatWasLateAndLeftOut(t *testing.T) {
	b := newBook(t)
	p := page(line(1, sources.Legacy, sources.LevelInfo, "a"))
	p.Late, p.Skipped, p.Sample = 2, 7, "1 of 8 shown, errors all"
	b.Take(p)
	v := b.View(now, sources.ByArm[int64]{})
	if v.Late != 2 || v.Dropped != 7 || v.Held != 1 || v.Sample == "" {
		t.Errorf("%+v", v)
	}
	if cursor, from := b.Place(now); string(cursor.State) != "next" || from.IsZero() {
		t.Errorf("the tail stands at %q from %v", cursor.State, from)
	}
}
