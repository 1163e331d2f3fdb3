package logbook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

var now = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

func line(i int, arm sources.Arm, level sources.Level, text string) sources.LogLine {
	return sources.LogLine{
		ID: fmt.Sprint(i), Index: "logs", At: now.Add(time.Duration(i) * time.Second), Arm: arm, Level: level, Message: sources.NewText(text),
		Source: []byte(fmt.Sprintf(`{"message":%q,"user":{"email":"ann@example.com"},"n":%d}`, text, i)),
	}
}

func page(lines ...sources.LogLine) sources.Page {
	return sources.Page{Lines: lines, Next: sources.Cursor{State: []byte("next")}}
}

func TestBook_PagesAreNewestFirstMaskedAndFiltered(t *testing.T) {
	b := New(0)
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

func TestBook_AnOpenedLineHasItsFieldsMasked(t *testing.T) {
	b := New(0)
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

func TestBook_WhatOnlyTheCandidateSaysStandsFirst(t *testing.T) {
	b := New(0)
	for i := range 60 {
		b.Take(page(line(i, sources.Legacy, sources.LevelError, fmt.Sprintf("timeout after %d ms", i)), line(i, sources.Candidate, sources.LevelError, fmt.Sprintf("timeout after %d ms", i))))
	}
	for i := range 30 {
		b.Take(page(line(60+i, sources.Candidate, sources.LevelError, fmt.Sprintf("embedding %d missing", i))))
	}
	v := b.View(now.Add(2*time.Minute), sources.ByArm[int64]{Legacy: 1000, Candidate: 1000})
	if len(v.Patterns) != 2 || !v.Patterns[0].New || v.Patterns[0].Mark != analysis.MarkWorse || v.Patterns[0].Count.Candidate != 30 {
		t.Fatalf("%+v", v.Patterns)
	}
	if second := v.Patterns[1]; second.Mark == analysis.MarkWorse || !second.Ratio.Known || second.Ratio.V != 1 {
		t.Errorf("equal rates are marked: %+v", second)
	}
}

func TestBook_CountsWhatWasLateAndLeftOut(t *testing.T) {
	b := New(0)
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
