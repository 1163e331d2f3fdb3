package ramp_test

import (
	"encoding/json"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestCause_ARollbackSaysByKindWhyItWasAlsoAfterARestart(t *testing.T) {
	rules := func(p *ramp.Plan) { p.Rules = classic() }
	for name, c := range map[string]struct {
		plan  func(*ramp.Plan)
		happ  func(*world)
		cause ramp.Cause
		harm  bool
	}{
		"the evidence": {nil, func(w *world) { w.in.Verdict.Call = analysis.Worse }, ramp.CalledWorse, true},
		"a guard":      {nil, func(w *world) { w.in.Verdict.Consequence = analysis.DoRollBack }, ramp.GuardBroken, true},
		"a rule": {rules, func(w *world) {
			slow := ramp.Sums{Requests: 100, Seconds: 40}
			w.in.Recent = []sources.ByArm[ramp.Sums]{{Legacy: ramp.Sums{Requests: 100, Seconds: 20}, Candidate: slow}, {}}
		}, ramp.RuleBroken, true},
		"both": {rules, func(w *world) {
			w.in.Verdict.Call = analysis.Worse
			slow := ramp.Sums{Requests: 100, Seconds: 40}
			w.in.Recent = []sources.ByArm[ramp.Sums]{{Legacy: ramp.Sums{Requests: 100, Seconds: 20}, Candidate: slow}, {}}
		}, ramp.CalledWorse, true},
		"no numbers":   {func(p *ramp.Plan) { p.OnNoData = analysis.DoRollBack }, func(w *world) { w.in.Fresh = false }, ramp.Blind, false},
		"out of time":  {func(p *ramp.Plan) { p.OnTimeout = analysis.DoRollBack }, func(*world) {}, ramp.Overdue, false},
		"somebody":     {nil, func(w *world) { w.tell(ramp.Event{Kind: ramp.Abort, By: "ana", Why: "latency of errors"}) }, ramp.Somebody, false},
		"asked for on": {nil, func(w *world) { w.deaf = true; w.in.Verdict.Call = analysis.Worse; w.pass(time.Minute); w.deaf = false }, ramp.CalledWorse, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(t, "5% until safe or 2m", "100%")
			if c.plan != nil {
				c.plan(&p)
			}
			w := begun(t, p)
			c.happ(w)
			w.pass(5 * time.Minute)
			if w.state.Phase != ramp.RolledBack || w.state.Cause != c.cause || c.cause.Harm() != c.harm {
				t.Fatalf("%s because of %q (%s)", w.state.Phase, w.state.Cause, w.state.Why)
			}
			b, err := json.Marshal(w.state) // as the journal keeps it
			if err != nil {
				t.Fatal(err)
			}
			var after ramp.State
			if err := json.Unmarshal(b, &after); err != nil || after.Cause != c.cause {
				t.Errorf("after a restart: %q, %v in %s", after.Cause, err, b)
			}
			w.in.Verdict, w.in.Fresh, w.in.Recent = analysis.Verdict{Call: analysis.NoCandidateTraffic}, true, nil
			w.tell(ramp.Event{Kind: ramp.Abort, By: "bo", Why: "to be sure"})
			if c.harm && w.state.Cause != c.cause || !c.harm && w.state.Cause != ramp.Somebody {
				t.Errorf("asked for once more by somebody: %q", w.state.Cause)
			}
			w.pass(time.Minute)
			w.tell(ramp.Event{Kind: ramp.Start, By: "ana"})
			if w.state.Cause != ramp.NoCause {
				t.Errorf("the next ramp begins with the cause %q", w.state.Cause)
			}
		})
	}
}

func TestCause_IsThatSomebodyIsWaitedForAsLongAsNothingElseIs(t *testing.T) {
	w := begun(t, plan(t, "5% for 1m then approve", "100%"))
	w.pass(30 * time.Second)
	if w.state.Cause != ramp.NoCause {
		t.Errorf("while it is watched: %q", w.state.Cause)
	}
	w.pass(time.Minute)
	if w.state.Cause != ramp.WantsConsent || len(only[ramp.Record](w.pass(time.Minute))) > 0 {
		t.Errorf("waiting: %q, and it must not be journalled anew with each look", w.state.Cause)
	}
	now := w.in.At
	w.in.At = now.Add(-time.Hour)
	if w.tell(); w.state.Cause != ramp.WantsConsent {
		t.Errorf("the clock went back: %q, and people would be asked once more when it is right again", w.state.Cause)
	}
	w.in.At = now
	w.tell(ramp.Event{Kind: ramp.Hold, By: "ana"})
	if w.state.Cause != ramp.NoCause {
		t.Errorf("held: %q", w.state.Cause)
	}
	w.tell(ramp.Event{Kind: ramp.Stop, By: "ana"})
	if w.state.Phase != ramp.Ended || w.state.Cause != ramp.Somebody {
		t.Errorf("stopped: %s, %q", w.state.Phase, w.state.Cause)
	}
}

func TestCause_OfAJournalBeforeAndAfterThisVersionIsNotKnown(t *testing.T) {
	for name, text := range map[string]string{
		"before": `{"phase":"rolled_back","why":"latency of slow","share_ppm":0}`,
		"after":  `{"phase":"rolled_back","cause":"the weather","why":"it rains","share_ppm":0}`,
	} {
		var st ramp.State
		if err := json.Unmarshal([]byte(text), &st); err != nil || st.Phase != ramp.RolledBack || st.Cause != ramp.NoCause {
			t.Errorf("%s: %s, %q, %v", name, st.Phase, st.Cause, err)
		}
	}
}
