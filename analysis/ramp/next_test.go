package ramp_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestNext_AHealthyCandidateIsPromoted(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% until safe or 30m", "25% for 15m", "100%"))
	w.is(ramp.Running, 1)
	w.pass(14 * time.Minute)
	w.is(ramp.Running, 1)
	w.pass(time.Minute)
	w.is(ramp.Running, 5)
	w.in.Verdict.Call = analysis.Safe
	w.pass(15 * time.Second)
	w.is(ramp.Running, 25)
	w.pass(15 * time.Minute)
	w.is(ramp.Promoted, 100)
	if over := only[ramp.Over](w.all); len(over) != 1 || over[0].Phase != ramp.Promoted {
		t.Errorf("ended as %v", over)
	}
}

func TestNext_AWorseCandidateIsRolledBackAndStaysThere(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 15m", "100%"))
	w.in.Verdict.Call, w.in.Verdict.Sentence = analysis.Worse, "errors ×4.0"
	effects := w.pass(15 * time.Second)
	if back := only[ramp.RollBack](effects); len(back) != 1 || back[0].Why != "errors ×4.0" {
		t.Fatalf("rolled back by %v", back)
	}
	if _, first := effects[0].(ramp.Record); !first {
		t.Errorf("the first effect is %T: the journal comes before the plane", effects[0])
	}
	w.is(ramp.RolledBack, 0)
	w.in.Verdict.Call = analysis.Safe
	w.pass(time.Hour)
	w.is(ramp.RolledBack, 0)
	w.tell(ramp.Event{Kind: ramp.Resume, By: "bob"}, ramp.Event{Kind: ramp.StepNow, By: "bob"}, ramp.Event{Kind: ramp.Promote, By: "bob"})
	w.is(ramp.RolledBack, 0)
	w.tell(ramp.Event{Kind: ramp.Start, By: "bob"})
	w.is(ramp.Running, 1)
}

func TestNext_DoubtTurnsARollbackIntoAQuestion(t *testing.T) {
	for name, doubt := range map[string]func(*analysis.Verdict){
		"a red gauge": func(v *analysis.Verdict) {
			v.Gauges = []analysis.Gauge{{Name: "burst", Red: true, Acts: true, Text: "bursts private to one arm"}}
		},
		"both worse": func(v *analysis.Verdict) { v.BothWorse = &analysis.BothWorse{} },
		"an ask":     func(v *analysis.Verdict) { v.Ask = "the evidence hangs on one spell" },
	} {
		t.Run(name, func(t *testing.T) {
			w := begun(t, plan(t, "1% for 15m", "100%"))
			w.in.Verdict.Call = analysis.Worse
			doubt(&w.in.Verdict)
			if asked := only[ramp.Ask](w.pass(time.Minute)); len(asked) != 1 {
				t.Fatalf("asked %d times", len(asked))
			}
			w.is(ramp.Asking, 1)
			w.tell(ramp.Event{Kind: ramp.Resume, By: "bob"})
			w.pass(time.Hour)
			w.is(ramp.Held, 1) // nothing worse is ever raised
			w.tell(ramp.Event{Kind: ramp.Abort, By: "bob"})
			w.is(ramp.RolledBack, 0)
		})
	}
}

func TestNext_AQuestionEndsInARollbackWhenTheDoubtDoes(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "100%"))
	w.in.Verdict.Call, w.in.Verdict.Ask = analysis.Worse, "legacy is in trouble too"
	w.pass(time.Minute)
	w.is(ramp.Asking, 1)
	w.in.Verdict.Ask = ""
	w.pass(15 * time.Second)
	w.is(ramp.RolledBack, 0)
}

func TestNext_WhatFollowsWorseIsThePlansWordOrAMilderOneOfTheGuard(t *testing.T) {
	for _, c := range []struct {
		plan, guard analysis.Consequence
		want        ramp.Phase
	}{
		{0, 0, ramp.RolledBack},
		{analysis.DoAsk, analysis.DoRollBack, ramp.Asking},
		{analysis.DoRollBack, analysis.DoHold, ramp.Held},
		{analysis.DoHold, 0, ramp.Held},
	} {
		p := plan(t, "5% for 15m", "100%")
		p.OnWorse = c.plan
		w := begun(t, p)
		w.in.Verdict.Call, w.in.Verdict.Consequence = analysis.Worse, c.guard
		w.pass(time.Minute)
		if w.state.Phase != c.want {
			t.Errorf("plan %s, guard %s: %s", c.plan, c.guard, w.state.Phase)
		}
	}
}

func TestNext_NothingRisesWhile(t *testing.T) {
	for name, set := range map[string]func(*world){
		"the numbers are old":         func(w *world) { w.in.Fresh = false },
		"the call is stale":           func(w *world) { w.in.Verdict.Call = analysis.Stale },
		"nothing matches":             func(w *world) { w.in.Verdict.Call = analysis.NoData },
		"nothing was judged yet":      func(w *world) { w.in.Verdict.Call = analysis.CallUnknown },
		"no candidate traffic comes":  func(w *world) { w.in.Verdict.Call = analysis.NoCandidateTraffic },
		"a gauge is red":              func(w *world) { w.in.Verdict.Gauges = []analysis.Gauge{{Name: "burst", Red: true, Acts: true}} },
		"the lease is somebody's":     func(w *world) { w.in.Lease, w.in.Holder = false, "bob, process 7" },
		"the journal holds it":        func(w *world) { w.in.Held = "held by bob" },
		"the split is not known":      func(w *world) { w.in.Split.Known = false },
		"the journal cannot be full":  func(w *world) { w.in.Doubts = []string{"the journal cannot be written"} },
		"legacy is another":           func(w *world) { w.in.Identity.Legacy = sources.NewText("40") },
		"a guard on drift is held":    func(w *world) { w.in.Verdict.Consequence = analysis.DoHold },
		"too few requests were seen":  func(w *world) { w.plan.MinSamples, w.in.Samples.Candidate = 1000, 999 },
		"the jump is too far":         func(w *world) { w.plan.MaxJump = pct(3) },
		"an alert fires":              func(w *world) { w.in.Alert = "an alert fires: HighErrors since 10:02:11" },
		"an alert fires, 5 % is most": func(w *world) { w.in.Alert, w.plan.MaxAlerting = "an alert fires", pct(4.9) },
		"a freeze is on":              func(w *world) { w.plan.Freeze = freezes(w.t, "Mon 09:00-23:00 UTC") },
		"alice said hold":             func(w *world) { w.tell(ramp.Event{Kind: ramp.Hold, By: "alice"}) },
		"the step is not confirmed":   func(w *world) { w.plan.Confirm = time.Hour; w.state.Deadline = monday().Add(time.Hour) },
		"the plane has not said yes":  func(w *world) { w.state.Writing = true; w.state.Wrote = monday().Add(time.Hour) },
		"somebody raised it meantime": func(w *world) { w.in.Split.Candidate = pct(3) },
	} {
		t.Run(name, func(t *testing.T) {
			w := begun(t, plan(t, "1% for 45m", "5% for 30m", "100%"))
			w.pass(44 * time.Minute)
			w.is(ramp.Running, 1)
			set(w)
			before := len(only[ramp.SetShare](w.all))
			w.tell(ramp.Event{Kind: ramp.StepNow, By: "alice"}) // at once: what needs a while to hold a ramp forbids to raise it all the same
			w.pass(5 * time.Minute)
			w.tell(ramp.Event{Kind: ramp.StepNow, By: "alice"}, ramp.Event{Kind: ramp.Promote, By: "alice"})
			if got := only[ramp.SetShare](w.all)[before:]; len(got) > 0 {
				t.Fatalf("raised to %v", got)
			}
			if w.state.Why == "" {
				t.Error("it does not say why it waits")
			}
			w.tell(ramp.Event{Kind: ramp.Abort, By: "alice"})
			w.is(ramp.RolledBack, 0)
		})
	}
}

func TestNext_AShareFoundLowerEndsTheRampAndSaysWho(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 30m", "100%"))
	w.pass(15 * time.Minute)
	w.in.Split.Candidate, w.in.SplitBy = pct(2), "bob"
	w.pass(15 * time.Second)
	w.is(ramp.Ended, 2)
	if !strings.Contains(w.state.Why, "bob") || !strings.Contains(w.state.Why, "2 %") {
		t.Errorf("why: %s", w.state.Why)
	}
	w.pass(time.Hour)
	w.is(ramp.Ended, 2)
}

func TestNext_AHeldRampStillSeesAShareThatMoved(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 30m", "100%"))
	w.pass(16 * time.Minute)
	w.is(ramp.Running, 5)
	w.tell(ramp.Event{Kind: ramp.Hold, By: "alice"})
	w.is(ramp.Held, 5)
	w.in.Split.Candidate, w.in.SplitBy = pct(2), "bob"
	w.pass(15 * time.Second)
	w.is(ramp.Ended, 2)
	if !strings.Contains(w.state.Why, "set by bob") {
		t.Errorf("%q", w.state.Why)
	}
}

func TestNext_AReloadThatLowersEndsTheRampAndOneThatRaisesIsTakenBack(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 30m", "100%"))
	w.in.Epoch, w.in.Split.Candidate = "2", pct(20)
	w.pass(15 * time.Second)
	w.is(ramp.Running, 1)
	w.in.Epoch, w.in.Split.Candidate = "3", 0
	w.pass(15 * time.Second)
	w.is(ramp.Ended, 0)
	if !strings.Contains(w.state.Why, "reload") {
		t.Errorf("why: %s", w.state.Why)
	}
}

func TestNext_WhatAReloadRaisedIsAskedBackUntilThePlaneTakesIt(t *testing.T) {
	w := begun(t, plan(t, "1% for 1m", "5% for 30m", "25% for 5m", "100%"))
	w.deaf = true // the plane cannot be written
	w.in.Epoch, w.in.Split.Candidate = "2", pct(20)
	asked := len(only[ramp.SetShare](w.pass(15 * time.Second)))
	for range 3 {
		w.tell(ramp.Event{Kind: ramp.Refused, Why: "connection refused"})
		w.is(ramp.Running, 20)
		if len(only[ramp.SetShare](w.pass(15*time.Second))) > 0 {
			t.Error("it is asked for again as often as somebody looks")
		}
		if !strings.Contains(w.state.Why, "not taken back yet") {
			t.Errorf("why: %s", w.state.Why)
		}
		again := only[ramp.SetShare](w.pass(15 * time.Second))
		if len(again) != 1 || again[0].To != pct(1) {
			t.Fatalf("it stays above the plan, or goes on from there: %+v, %s: %s", again, w.state.Phase, w.state.Why)
		}
		asked += len(again)
	}
	w.deaf, w.in.Split.Candidate = false, pct(1)
	w.tell(ramp.Event{Kind: ramp.Written, To: pct(1)})
	w.is(ramp.Running, 1)
	if asked != 4 || w.state.Owed {
		t.Errorf("asked %d times; still owed: %v", asked, w.state.Owed)
	}
}

func TestNext_AMemberThatIsAwayAndComesBackWasNotReloaded(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 30m", "100%"))
	whole := w.in.Epoch
	w.in.Epoch, w.in.Split.Known = "one of two", false
	w.pass(15 * time.Second)
	w.in.Epoch, w.in.Split.Known, w.in.Split.Candidate, w.in.SplitBy = whole, true, pct(20), "bob"
	w.pass(15 * time.Second)
	w.is(ramp.Held, 20)
	if strings.Contains(w.state.Why, "reload") || !strings.Contains(w.state.Why, "bob") {
		t.Errorf("why: %s", w.state.Why)
	}
}

func TestNext_AReloadIsNotForgottenWhileTheSplitCannotBeRead(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 30m", "100%"))
	w.in.Epoch, w.in.Split.Known = "2", false
	w.pass(15 * time.Second)
	w.in.Split.Known, w.in.Split.Candidate = true, pct(20)
	w.pass(15 * time.Second)
	w.is(ramp.Running, 1)
}

func TestNext_AReloadDoesNotBringARolledBackCandidateBack(t *testing.T) {
	w := begun(t, plan(t, "5% for 30m", "100%"))
	w.tell(ramp.Event{Kind: ramp.Abort, By: "bob"})
	w.in.Epoch, w.in.Split.Candidate = "2", pct(5)
	w.pass(15 * time.Second)
	w.is(ramp.RolledBack, 0)
}

func TestNext_AShareFoundHigherHoldsAndResumeGoesOnFromThere(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 30m", "25% for 5m", "100%"))
	w.in.Split.Candidate, w.in.SplitBy = pct(10), "bob"
	w.pass(time.Hour)
	w.is(ramp.Held, 10)
	w.tell(ramp.Event{Kind: ramp.Resume, By: "alice"})
	w.pass(29 * time.Minute)
	w.is(ramp.Running, 10)
	w.pass(time.Minute)
	w.is(ramp.Running, 25)
}

func TestNext_AnotherCandidateEndsTheRamp(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "100%"))
	w.in.Identity.Candidate = sources.NewText("43")
	w.pass(15 * time.Second)
	w.is(ramp.Ended, 1)
	if !strings.Contains(w.state.Why, "43") || !strings.Contains(w.state.Why, "42") {
		t.Errorf("why: %s", w.state.Why)
	}
}

func TestNext_WithoutNumbersItHoldsAsksOrRollsBackAsThePlanSays(t *testing.T) {
	for then, want := range map[analysis.Consequence]ramp.Phase{
		0: ramp.Held, analysis.DoHold: ramp.Held, analysis.DoAsk: ramp.Asking, analysis.DoRollBack: ramp.RolledBack,
	} {
		p := plan(t, "5% for 30m", "100%")
		p.OnNoData = then
		w := begun(t, p)
		w.pass(time.Minute)
		w.in.Verdict.Call = analysis.Stale
		w.pass(45 * time.Second)
		w.is(ramp.Running, 5) // a missed scrape is no reason
		w.pass(time.Minute)
		if w.state.Phase != want {
			t.Errorf("%s: %s", then, w.state.Phase)
		}
		if want == ramp.RolledBack {
			continue
		}
		w.in.Verdict.Call = analysis.Undecided
		w.pass(15 * time.Second)
		if w.state.Phase != ramp.Running {
			t.Errorf("%s: numbers are back, and it is %s", then, w.state.Phase)
		}
	}
}

func TestNext_OnlyTimeThatWasWatchedCounts(t *testing.T) {
	w := begun(t, plan(t, "5% for 30m", "100%"))
	w.pass(10 * time.Minute)
	w.in.At = w.in.At.Add(3 * time.Hour) // the runner slept, or the clock jumped
	w.tell()
	w.is(ramp.Running, 5)
	w.in.Fresh = false
	w.pass(time.Hour)
	w.in.Fresh = true
	w.pass(15 * time.Second)
	if w.state.Baked > 11*time.Minute {
		t.Errorf("%s counted as watched", w.state.Baked)
	}
	w.is(ramp.Running, 5)
}

func TestNext_ARefusedStepIsHeldAtTheOneBefore(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 15m", "100%"))
	w.deaf = true
	w.pass(15 * time.Minute)
	w.tell(ramp.Event{Kind: ramp.Refused, Why: "bob acted meanwhile"})
	w.is(ramp.Held, 1)
	if w.state.Step != 0 || !strings.Contains(w.state.Why, "bob acted") {
		t.Errorf("step %d: %s", w.state.Step, w.state.Why)
	}
}

func TestNext_AfterARestartThePlaneSaysWhatBecameOfAWrite(t *testing.T) {
	for _, c := range []struct {
		name  string
		found float64
		step  int
		phase ramp.Phase
	}{{"it was set", 5, 1, ramp.Running}, {"it was not", 1, 0, ramp.Held}} {
		w := begun(t, plan(t, "1% for 15m", "5% for 15m", "100%"))
		w.deaf = true
		w.pass(15 * time.Minute)
		w.in.Split.Candidate = pct(c.found)
		w.pass(6 * time.Minute)
		if w.state.Step != c.step || w.state.Phase != c.phase || w.state.Writing {
			t.Errorf("%s: step %d, %s, %q", c.name, w.state.Step, w.state.Phase, w.state.Why)
		}
	}
}

func TestNext_APlaneThatSettlesSlowlyIsGivenTimeBeforeAStepIsGivenUp(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 15m", "100%"))
	w.deaf, w.in.Settle = true, 10*time.Minute
	w.pass(15 * time.Minute)
	w.pass(30 * time.Minute)
	if !w.state.Writing || w.state.Phase != ramp.Running {
		t.Fatalf("given up: %s, %q", w.state.Phase, w.state.Why)
	}
	w.pass(2 * time.Minute)
	w.is(ramp.Held, 1)
	if !strings.Contains(w.state.Why, "after 31m") {
		t.Errorf("%q", w.state.Why)
	}
}

func TestNext_AShareThatWasNeverSentIsEarnedAgain(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "5% for 15m", "100%"))
	w.deaf = true
	w.pass(15 * time.Minute)
	w.deaf = false
	w.tell(ramp.Event{Kind: ramp.Unsent})
	w.pass(14 * time.Minute)
	w.is(ramp.Running, 1)
	w.pass(time.Minute)
	w.is(ramp.Running, 5)
}

func TestNext_ARollbackIsAskedForAgainUntilItIsReadBack(t *testing.T) {
	w := begun(t, plan(t, "5% for 15m", "100%"))
	w.deaf = true
	w.tell(ramp.Event{Kind: ramp.Abort, By: "bob"})
	w.tell(ramp.Event{Kind: ramp.Refused, Why: "unreachable"})
	if again := only[ramp.RollBack](w.pass(3 * time.Minute)); len(again) < 3 {
		t.Errorf("asked %d times more in three minutes", len(again))
	}
	w.in.Split.Candidate = 0
	w.pass(15 * time.Second)
	w.is(ramp.RolledBack, 0)
}

func TestNext_ARampBeginsFromTheShareThatItFinds(t *testing.T) {
	p := plan(t, "1% for 15m", "5% for 15m", "25% for 15m", "100%")
	w := begun(t, p)
	w.tell(ramp.Event{Kind: ramp.Stop, By: "alice"})
	w.in.Split.Candidate = pct(7)
	w.tell(ramp.Event{Kind: ramp.Start, By: "alice"})
	w.is(ramp.Running, 7)
	w.pass(15 * time.Minute)
	w.is(ramp.Running, 25)
}

func TestNext_AnotherPlanIsAnotherRamp(t *testing.T) {
	w := begun(t, plan(t, "1% for 15m", "100%"))
	w.plan = plan(t, "50% for 1m", "100%")
	w.pass(time.Hour)
	w.is(ramp.Ended, 1)
}
