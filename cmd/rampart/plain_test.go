package main

import (
	"slices"
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
