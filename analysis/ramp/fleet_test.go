package ramp_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/sources"
)

// members gives the fleet shares of its own: it has no split then. A negative one is a member that cannot be read.
func (w *world) members(percents ...float64) {
	w.in.Members, w.in.Split.Known = nil, true
	for i, p := range percents {
		m := sources.Member{Name: "lb" + string(rune('1'+i)), Configured: sources.SplitAt(pct(max(p, 0)), w.in.At)}
		if p < 0 {
			m.Configured, m.Err = sources.Split{}, errors.New("connection refused")
		}
		w.in.Members = append(w.in.Members, m)
		w.in.Split.Known = w.in.Split.Known && m.Err == nil && p == percents[0]
	}
	w.in.Fresh = w.in.Split.Known
}

func TestNext_OneMemberThatAReloadRaisedIsTakenBack(t *testing.T) {
	w := begun(t, plan(t, "5% for 15m", "25% for 30m", "100%"))
	w.deaf = true
	w.in.Epoch = "2"
	w.members(5, 20)
	asked := only[ramp.SetShare](w.pass(15 * time.Second))
	if len(asked) != 1 || asked[0].To != pct(5) || !strings.Contains(asked[0].Why, "20 % on lb2: back to 5 %") {
		t.Fatalf("%+v; %s: %s", asked, w.state.Phase, w.state.Why)
	}
	w.deaf = false
	w.members(5, 5)
	w.tell(ramp.Event{Kind: ramp.Written, To: pct(5)})
	w.is(ramp.Running, 5)
	if w.state.Owed {
		t.Error("it is still owed")
	}
}

func TestNext_WhatIsAskedOfAFleetIsNoMoreThanAnyMemberHas(t *testing.T) {
	w := begun(t, plan(t, "5% for 15m", "25% for 30m", "100%"))
	w.deaf = true
	w.in.Epoch = "2"
	w.members(4.9, 20) // what whole weights make of 5 %
	if asked := only[ramp.SetShare](w.pass(15 * time.Second)); len(asked) != 1 || asked[0].To != pct(4.9) {
		t.Errorf("%+v; %s: %s", asked, w.state.Phase, w.state.Why)
	}
}

func TestNext_OneMemberThatIsFoundLowerEndsTheRampAndIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		epoch string
		has   []float64
		says  string
	}{
		"a reload":       {"2", []float64{5, 0}, "0 % on lb2, the ramp had set 5 % (a reload of the plane): a share found lower is not raised again"},
		"somebody":       {"1", []float64{1, 5}, "1 % on lb1, the ramp had set 5 % (set by bob)"},
		"lower and more": {"2", []float64{20, 0}, "0 % on lb2 and 20 % on lb1, the ramp had set 5 %"},
	} {
		w := begun(t, plan(t, "5% for 15m", "25% for 30m", "100%"))
		w.in.Epoch, w.in.SplitBy = c.epoch, "bob"
		w.members(c.has...)
		if out := w.pass(15 * time.Second); len(only[ramp.SetShare](out)) > 0 || w.state.Phase != ramp.Ended || !strings.Contains(w.state.Why, c.says) {
			t.Errorf("%s: %s: %s, %v", name, w.state.Phase, w.state.Why, out)
		}
	}
}

func TestNext_OneMemberThatSomebodyRaisedHoldsTheRampAndIsNamed(t *testing.T) {
	w := begun(t, plan(t, "5% for 15m", "25% for 30m", "100%"))
	w.in.SplitBy = "bob"
	w.members(5, 20)
	w.pass(15 * time.Second)
	if want := "20 % on lb2, the ramp had set 5 % (set by bob): set one share on all members, then resume"; w.state.Phase != ramp.Held || !strings.Contains(w.state.Why, want) {
		t.Errorf("%s: %s", w.state.Phase, w.state.Why)
	}
}

func TestNext_OneMemberThatAReloadRaisedAfterARollbackIsRolledBackAgain(t *testing.T) {
	w := begun(t, plan(t, "5% for 15m", "100%"))
	w.tell(ramp.Event{Kind: ramp.Abort, By: "alice"})
	w.is(ramp.RolledBack, 0)
	w.in.Epoch = "2"
	w.members(0, 20)
	if out := w.pass(15 * time.Second); len(only[ramp.RollBack](out)) != 1 || !strings.Contains(w.state.Why, "20 % on lb2 again") {
		t.Errorf("%s: %s, %v", w.state.Phase, w.state.Why, out)
	}
}

func TestNext_AMemberThatCannotBeReadIsWaitedForAndNamed(t *testing.T) {
	w := begun(t, plan(t, "5% for 15m", "25% for 30m", "100%"))
	w.in.Epoch = "one of two"
	w.members(20, -1)
	if out := only[ramp.SetShare](w.pass(30 * time.Second)); len(out) > 0 || w.state.Phase != ramp.Running {
		t.Errorf("%s: %s, %v", w.state.Phase, w.state.Why, out)
	}
	if want := "the split is not known: lb1 20 %, lb2 cannot be read (connection refused)"; !strings.Contains(w.state.Why, want) {
		t.Errorf("%s", w.state.Why)
	}
}
