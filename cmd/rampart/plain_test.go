package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/uitest/sample"
)

func TestPlainLine_ComesForAChangeAndNotForANumberThatMoved(t *testing.T) {
	incident := func(change func(*frame.Frame)) *frame.Frame {
		f := sample.Incident()
		change(f)
		return f
	}
	before := standing(incident(func(*frame.Frame) {}))
	for name, f := range map[string]*frame.Frame{
		"a ratio": incident(func(f *frame.Frame) {
			f.Verdict.Sentence = "errors ×4.1 (1.8–8.3)"
			f.Rows[0].Difference.V++
		}),
		"the clock": incident(func(f *frame.Frame) { f.At, f.Seq = f.At.Add(time.Minute), f.Seq+1 }),
		"a source's words": incident(func(f *frame.Frame) {
			f.Sources[0].Err = "its newest data are 31 s old"
		}),
		"a source's first answer": incident(func(f *frame.Frame) {
			f.Sources = append(slices.Clone(f.Sources), frame.Source{Name: "haproxy", State: frame.SourceWaiting})
		}),
	} {
		if standing(f) != before {
			t.Errorf("%s alone made a line", name)
		}
	}
	for name, f := range map[string]*frame.Frame{
		"the call":     incident(func(f *frame.Frame) { f.Verdict.Call = analysis.Stale }),
		"the split":    incident(func(f *frame.Frame) { f.Traffic.Set = sources.SplitAt(sources.Whole/2, f.At) }),
		"a hold":       incident(func(f *frame.Frame) { f.Traffic.Held = "by alice" }),
		"a source":     incident(func(f *frame.Frame) { f.Sources[0].State = frame.SourceDown }),
		"a rung":       incident(func(f *frame.Frame) { f.Actions = []sources.Progress{{IntentID: "1", Rung: sources.Accepted}} }),
		"a candidate":  incident(func(f *frame.Frame) { f.Rollout.Candidate = sources.NewText("43") }),
		"both are bad": incident(func(f *frame.Frame) { f.Verdict.BothWorse = &analysis.BothWorse{Text: "legacy too"} }),
	} {
		if standing(f) == before {
			t.Errorf("%s made no line", name)
		}
	}
}

func TestPrintRows_AlignsColumnsAndSaysWhyANumberIsMissing(t *testing.T) {
	var out strings.Builder
	rows := append(sample.Incident().Rows[:4:4], frame.Row{
		Mark: analysis.MarkMissing, Measure: "slow", Legacy: analysis.Missing("not scraped"), Candidate: analysis.Missing("not scraped"),
		Difference: analysis.Missing("no block yet"), N: sources.ByArm[int64]{},
	})
	if err := printRows(&out, rows); err != nil {
		t.Fatal(err)
	}
	want := `▲ errors, app     legacy 0.42 %           candidate 1.69 %           ×4.0 (1.7–8.2)                    n 23 560 / 1 240
▲ errors, router  legacy 0.43 %           candidate 1.93 %           ×4.5 (2.0–8.9)                    n 23 561 / 1 243
? over 250 ms     legacy 0.90 %           candidate 1.20 %           ×1.3 (0.60–2.7), in about 11 min  n 23 560 / 1 240
· p99, cell       legacy 100–250 ms       candidate 250–500 ms       not evidence                      n 23 560 / 1 240
— slow            legacy — (not scraped)  candidate — (not scraped)  — (no block yet)                  n —
`
	if got := out.String(); got != want {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
}
