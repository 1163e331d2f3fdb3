package ramp_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestStart_WithoutEffectSaysWhyAndWhatToDo(t *testing.T) {
	noon := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	steps := plan(t, "1% for 15m", "25% for 15m")
	breached := analysis.GuardResult{Guard: analysis.Guard{Name: "errors", OnWorse: analysis.DoRollBack}, Breached: true, Text: "3 % over 2 %"}
	for name, c := range map[string]struct {
		change   func(p *ramp.Plan, st *ramp.State, in *ramp.Input)
		why, way string
	}{
		"worse": {func(_ *ramp.Plan, _ *ramp.State, in *ramp.Input) {
			in.Verdict = analysis.Verdict{Call: analysis.Worse, Since: noon.Add(-time.Hour), Sentence: "errors ×4"}
		}, "the candidate is called WORSE since 11:00 (errors ×4)", "deploy another candidate version"},
		"a guard": {func(_ *ramp.Plan, _ *ramp.State, in *ramp.Input) {
			in.Verdict.Consequence, in.Verdict.Guards = analysis.DoRollBack, []analysis.GuardResult{breached}
		}, "would be rolled back at once: the guard errors is breached (3 % over 2 %)", "guard"},
		"no steps":   {func(p *ramp.Plan, _ *ramp.State, _ *ramp.Input) { p.Steps = nil }, "the plan has no steps", "write them"},
		"no lease":   {func(_ *ramp.Plan, _ *ramp.State, in *ramp.Input) { in.Lease, in.Holder = false, "ben" }, "held by ben", "start it there"},
		"no split":   {func(_ *ramp.Plan, _ *ramp.State, in *ramp.Input) { in.Split = sources.Split{} }, "the split is not known", "rampart doctor"},
		"above it":   {func(_ *ramp.Plan, _ *ramp.State, in *ramp.Input) { in.Split = sources.SplitAt(500_000, noon) }, "has 50 % already", "promote it"},
		"under way":  {func(_ *ramp.Plan, st *ramp.State, _ *ramp.Input) { st.Phase = ramp.Held }, "one is under way (held)", "stop it first"},
		"none of it": {func(*ramp.Plan, *ramp.State, *ramp.Input) {}, "", ""},
	} {
		p, st := steps, ramp.State{}
		in := ramp.Input{At: noon, Fresh: true, Lease: true, Split: sources.SplitAt(0, noon), Verdict: analysis.Verdict{Call: analysis.NoCandidateTraffic}, Events: []ramp.Event{{Kind: ramp.Start, By: "ana"}}}
		c.change(&p, &st, &in)
		next, effects := ramp.Next(p, st, in)
		got := ramp.Declined(effects)
		if !strings.Contains(got, c.why) || !strings.Contains(got, c.way) || (got == "") != (c.why == "") {
			t.Errorf("%s: %q, want %q and %q", name, got, c.why, c.way)
		}
		if began := st.Phase != next.Phase && next.Phase.Live() && next.Starter == "ana"; began != (c.why == "") {
			t.Errorf("%s: it began: %v, it is %s", name, began, next.Phase)
		}
	}
}

func TestNext_AClockThatWentBackIsWaitedForOrTheRampIsStartedAnew(t *testing.T) {
	w := begun(t, plan(t, "5% for 1m", "25% for 30m", "100%"))
	w.in.At = w.in.At.Add(-time.Hour)
	w.pass(10 * time.Minute)
	w.is(ramp.Running, 5)
	if want := "the clock went back: nothing is raised before "; !strings.Contains(w.state.Why, want) || !strings.Contains(w.state.Why, "stopped and started anew") {
		t.Errorf("%q", w.state.Why)
	}
	w.tell(ramp.Event{Kind: ramp.Stop, By: "alice"})
	w.tell(ramp.Event{Kind: ramp.Start, By: "alice"})
	w.pass(3 * time.Minute)
	w.is(ramp.Running, 25)
}
