package ramp_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestNext_ApprovalsAreOfOneCandidateOneShareAndOneTime(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m then approve", "5% for 15m", "100%"))
	approve := func(to float64, who string, until time.Time) {
		w.tell(ramp.Event{Kind: ramp.ApproveTo, By: "bob", To: pct(to), Candidate: sources.NewText(who), Until: until})
	}
	w.pass(20 * time.Minute)
	w.is(ramp.Running, 1)
	approve(25, "42", time.Time{})
	w.pass(time.Minute)
	w.is(ramp.Running, 1)
	approve(5, "41", time.Time{})
	w.pass(time.Minute)
	w.is(ramp.Running, 1)
	if !strings.HasSuffix(w.state.Why, "an approval of 5 %; that of bob was for candidate 41") {
		t.Errorf("%q", w.state.Why)
	}
	approve(5, "42", w.in.At)
	w.pass(time.Minute)
	w.is(ramp.Running, 1)
	if !strings.Contains(w.state.Why, "an approval of 5 %; that of bob ended at ") {
		t.Errorf("%q", w.state.Why)
	}
	approve(5, "42", w.in.At.Add(time.Minute))
	w.is(ramp.Running, 5)
}

func TestNext_WhereASecondPersonIsAskedForTheStartersApprovalDoesNotCount(t *testing.T) {
	p := plan(t, "1% for 15m then approve", "100%")
	p.SecondPerson = true
	w := begun(t, p)
	w.pass(20 * time.Minute)
	w.tell(ramp.Event{Kind: ramp.ApproveTo, By: "alice", To: sources.Whole})
	w.is(ramp.Running, 1)
	if !strings.Contains(w.state.Why, "an approval of 100 % by somebody else than alice") {
		t.Errorf("%q", w.state.Why)
	}
	w.tell(ramp.Event{Kind: ramp.ApproveTo, By: "bob", To: sources.Whole})
	w.is(ramp.Promoted, 100)
}

func TestNext_ACommandIsAskedUntilItSaysYes(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m then command or 1h: ./gate ranker", "100%"))
	asked := only[ramp.RunGate](w.pass(16 * time.Minute))
	if len(asked) != 1 || strings.Join(asked[0].Command, " ") != "./gate ranker" {
		t.Fatalf("asked %v", asked)
	}
	w.tell(ramp.Event{Kind: ramp.GateNo, Why: "load test failed"})
	if asked = only[ramp.RunGate](w.pass(time.Minute)); len(asked) != 1 || !strings.Contains(w.state.Gate.Said, "load test failed") {
		t.Fatalf("asked %v, said %q", asked, w.state.Gate.Said)
	}
	w.tell(ramp.Event{Kind: ramp.GateYes})
	w.is(ramp.Promoted, 100)
}

func TestNext_AStepRevertsUnlessConfirmed(t *testing.T) {
	p := plan(t, "1% for 15m", "100%")
	p.Confirm = 10 * time.Minute
	w := begun(t, p)
	if set := only[ramp.SetShare](w.all); set[0].Confirm != p.Confirm {
		t.Errorf("the write does not revert by itself: %+v", set[0])
	}
	if want := monday().Add(p.Confirm); !w.state.Deadline.Equal(want) {
		t.Errorf("deadline %v", w.state.Deadline)
	}
	w.tell(ramp.Event{Kind: ramp.Confirm, By: "alice"})
	w.pass(15 * time.Minute)
	w.is(ramp.Running, 100) // the last step wants its confirmation, too
	w.in.Split.Candidate = pct(1)
	w.tell(ramp.Event{Kind: ramp.Reverted, To: pct(1), Why: "not confirmed in time"})
	w.is(ramp.Ended, 1)
}

func TestNext_AStepThatTakesTooLongIsDrawnOutAndThenHeld(t *testing.T) {
	p := plan(t, "5% until safe or 30m", "100%")
	p.Extend = ramp.Extension{By: 10 * time.Minute, Most: 2}
	w := begun(t, p)
	w.in.Verdict.Evidence = analysis.Evidence{LogSafe: 1, LogHarm: -1}
	w.pass(49 * time.Minute)
	w.is(ramp.Running, 5)
	w.pass(2 * time.Minute)
	w.is(ramp.Held, 5)
	w.in.Verdict.Call = analysis.Safe
	w.pass(time.Hour)
	w.is(ramp.Held, 5) // a plan that ran out of time waits for a person
	w.tell(ramp.Event{Kind: ramp.Resume, By: "alice"})
	w.is(ramp.Promoted, 100)
}
