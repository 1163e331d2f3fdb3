package ramp_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// anyPlan draws a plan with everything in it.
func anyPlan(t *rapid.T) ramp.Plan {
	texts := rapid.SampledFrom([][]string{
		{"1% for 1m", "5% until safe or 3m", "25% for 1m then approve", "100%"},
		{"10% for 1m then command: ./gate", "50% until approve or 2m"},
		{"1% for 1m", "2% for 1m", "3% for 1m", "4% for 1m", "100%"},
	}).Draw(t, "steps")
	var p ramp.Plan
	for _, text := range texts {
		s, _ := ramp.ParseStep(text)
		p.Steps = append(p.Steps, s)
	}
	then := rapid.SampledFrom([]analysis.Consequence{0, analysis.DoHold, analysis.DoAsk, analysis.DoRollBack})
	p.OnWorse, p.OnNoData, p.OnTimeout = then.Draw(t, "on worse"), then.Draw(t, "on no data"), then.Draw(t, "on timeout")
	p.MaxAlerting = rapid.SampledFrom([]sources.Share{0, pct(5), sources.Whole}).Draw(t, "max alerting")
	p.MaxJump = rapid.SampledFrom([]sources.Share{0, pct(30), pct(80)}).Draw(t, "max jump")
	p.Confirm = rapid.SampledFrom([]time.Duration{0, 0, 5 * time.Minute}).Draw(t, "confirm")
	if rapid.Bool().Draw(t, "freeze") {
		f, _ := ramp.ParseFreeze("2026-03-09T10:20Z/2026-03-09T10:40Z")
		p.Freeze = []ramp.Freeze{f}
	}
	if rapid.Bool().Draw(t, "rules") {
		p.Rules = classic()
	}
	return p
}

func anyInput(t *rapid.T, p ramp.Plan, at time.Time) ramp.Input {
	mostly := rapid.SampledFrom([]bool{true, true, true, true, true, false})
	share := rapid.SampledFrom([]sources.Share{0, pct(1), pct(2), pct(5), pct(10), pct(25), sources.Whole})
	who := rapid.SampledFrom([]string{"42", "42", "42", "42", "42", "43", "", "\x1b[2J"})
	in := ramp.Input{
		At: at, Fresh: mostly.Draw(t, "fresh"), Lease: mostly.Draw(t, "lease"), Epoch: rapid.SampledFrom([]string{"1", "1", "1", "2"}).Draw(t, "epoch"),
		Verdict: analysis.Verdict{
			Call: rapid.SampledFrom([]analysis.Call{
				analysis.CallUnknown, analysis.Worse, analysis.Safe, analysis.Safe, analysis.Undecided, analysis.Undecided, analysis.Undecided, analysis.Stale,
				analysis.NoData, analysis.NoCandidateTraffic,
			}).Draw(t, "call"),
			Sentence: "so it is", Consequence: rapid.SampledFrom([]analysis.Consequence{0, 0, 0, 1, 2, 3}).Draw(t, "guards"),
		},
		Split:    sources.SplitAt(share.Draw(t, "split"), at),
		Identity: sources.ByArm[sources.Text]{Legacy: sources.NewText(who.Draw(t, "legacy")), Candidate: sources.NewText(who.Draw(t, "candidate"))},
		Samples:  sources.ByArm[int64]{Legacy: 10, Candidate: 10},
	}
	if !mostly.Draw(t, "trust") {
		in.Verdict.Gauges = []analysis.Gauge{{Name: "burst", Red: true, Acts: rapid.Bool().Draw(t, "acts")}}
	}
	if in.Split.Known = mostly.Draw(t, "split known"); !in.Split.Known && mostly.Draw(t, "members") {
		for _, name := range []string{"lb1", "lb2"} {
			in.Members = append(in.Members, sources.Member{Name: name, Configured: sources.SplitAt(share.Draw(t, name), at)})
		}
	}
	in.Alert = rapid.SampledFrom([]string{"", "", "", "", "an alert fires: HighErrors"}).Draw(t, "alert")
	for range rapid.IntRange(0, 2).Draw(t, "events") {
		in.Events = append(in.Events, ramp.Event{
			Kind: ramp.EventKind(rapid.IntRange(0, 19).Draw(t, "event")), By: who.Draw(t, "by"), Why: who.Draw(t, "why"),
			To: rapid.SampledFrom(append(steps(p), 0, pct(7))).Draw(t, "to"), Candidate: sources.NewText(who.Draw(t, "approved")),
		})
	}
	return in
}

// calmInput is a look in which all is well and people say yes.
func calmInput(t *rapid.T, p ramp.Plan, at time.Time) ramp.Input {
	in := ramp.Input{
		At: at, Fresh: true, Lease: true, Epoch: "1", Split: sources.SplitAt(0, at),
		Verdict:  analysis.Verdict{Call: rapid.SampledFrom([]analysis.Call{analysis.Safe, analysis.Safe, analysis.Undecided}).Draw(t, "call")},
		Identity: sources.ByArm[sources.Text]{Legacy: sources.NewText("42"), Candidate: sources.NewText("42")},
		Samples:  sources.ByArm[int64]{Legacy: 10, Candidate: 10},
	}
	kind := rapid.SampledFrom([]ramp.EventKind{0, 0, ramp.StepNow, ramp.ApproveTo, ramp.GateYes, ramp.Confirm, ramp.Resume, ramp.Promote}).Draw(t, "yes")
	in.Events = append(in.Events, ramp.Event{Kind: kind, By: "alice", To: rapid.SampledFrom(steps(p)).Draw(t, "to")})
	return in
}

func steps(p ramp.Plan) (out []sources.Share) {
	for _, s := range p.Steps {
		out = append(out, s.To)
	}
	return out
}

func has(in ramp.Input, kind ramp.EventKind) bool {
	for _, e := range in.Events {
		if e.Kind == kind {
			return true
		}
	}
	return false
}

func TestNext_WhateverHappens(t *testing.T) {
	raised, sequences := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		sequences++
		p, at := anyPlan(t), monday()
		var st ramp.State
		for range rapid.IntRange(5, 60).Draw(t, "looks") {
			at = at.Add(rapid.SampledFrom([]time.Duration{time.Second, 15 * time.Second, time.Minute, time.Minute, time.Minute, time.Minute, time.Hour, -time.Second, -time.Hour}).Draw(t, "passes"))
			in := calmInput(t, p, at)
			if rapid.IntRange(0, 3).Draw(t, "storm") == 0 {
				in = anyInput(t, p, at)
			}
			if !st.Phase.Live() && rapid.IntRange(0, 2).Draw(t, "start") > 0 {
				in.Events = append(in.Events, ramp.Event{Kind: ramp.Start, By: "alice"})
			}
			// A plane that does as it is told, most of the time.
			if st.Set.Known && rapid.IntRange(0, 9).Draw(t, "obeys") > 0 {
				in.Split.Candidate = st.Share
				if st.Writing {
					in.Events = append([]ramp.Event{{Kind: ramp.Written, To: st.Share}}, in.Events...)
				}
			}
			next, effects := ramp.Next(p, st, in)
			raised += checkTurn(t, p, st, in, next, effects)
			checkRollback(t, p, next, in)
			st = again(t, next)
		}
	})
	if raised < sequences/2 { // some three in a sequence are usual
		t.Errorf("only %d steps were raised in %d sequences: they prove nothing", raised, sequences)
	}
}

// checkTurn holds one turn against what a ramp promises, and counts what it raised.
func checkTurn(t *rapid.T, p ramp.Plan, was ramp.State, in ramp.Input, st ramp.State, effects []ramp.Effect) (raised int) {
	began := has(in, ramp.Start) && st.Started.Equal(in.At)
	if st.At.Before(was.At) && !began {
		t.Fatalf("the clock went back from %v to %v", was.At, st.At)
	}
	for _, e := range effects {
		set, ok := e.(ramp.SetShare)
		if !ok {
			continue
		}
		if set.To > p.Highest() || set.To > sources.Whole {
			t.Fatalf("%v is not within the plan", set.To)
		}
		has := sources.Reading{Configured: in.Split, Members: in.Members}.Least()
		if !st.Set.Known || has.Known && set.To <= st.Set.Candidate && set.To <= has.Candidate {
			continue // it lowers what a reload raised, and raises no member
		}
		raised++
		until, frozen := p.FrozenUntil(in.At)
		red := slices.ContainsFunc(in.Verdict.Gauges, func(g analysis.Gauge) bool { return g.Red && g.Acts })
		old := !in.Fresh || in.Verdict.Call == analysis.Stale || in.Verdict.Call == analysis.NoData || in.Verdict.Call == analysis.CallUnknown
		switch {
		case old, red, !in.Lease, frozen, !in.Split.Known, in.Verdict.Call == analysis.Worse, in.At.Before(was.At):
			t.Fatalf("raised to %v: old %v, red %v, lease %v, frozen %v (%v), call %s, split %v, back %v", set.To, old, red, in.Lease, frozen, until, in.Verdict.Call, in.Split, in.At.Before(was.At))
		case was.Phase == ramp.RolledBack && !began, was.Phase == ramp.Ended && !began, was.Phase == ramp.RollingBack && !began:
			t.Fatalf("raised to %v out of %s without a new start", set.To, was.Phase)
		case in.Alert != "" && set.To > p.MaxAlerting:
			t.Fatalf("raised to %v while an alert fires", set.To)
		case p.MaxJump > 0 && set.To > st.Set.Candidate && set.To-st.Set.Candidate > p.MaxJump:
			t.Fatalf("raised from %v to %v at once", st.Set.Candidate, set.To)
		}
	}
	if in.At.Before(was.At) && len(in.Events) == 0 && st.Phase != ramp.RollingBack {
		st.Why = was.Why
		if !reflect.DeepEqual(st, was) || len(effects) > 0 {
			t.Fatalf("a clock that went back changed\n%+v to\n%+v with %v", was, st, effects)
		}
	}
	return raised
}

// checkRollback holds that a rollback is one step away.
func checkRollback(t *rapid.T, p ramp.Plan, st ramp.State, in ramp.Input) {
	in.Events = []ramp.Event{{Kind: ramp.Abort, By: "bob"}}
	for _, at := range []time.Time{in.At, st.At, {}} {
		in.At = at
		next, effects := ramp.Next(p, st, in)
		if len(only[ramp.RollBack](effects)) == 0 || next.Phase != ramp.RollingBack && next.Phase != ramp.RolledBack {
			t.Fatalf("no rollback out of %s: %v", st.Phase, effects)
		}
	}
}

// again is the state after a restart.
func again(t *rapid.T, st ramp.State) ramp.State {
	b, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	var back ramp.State
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	if !reflect.DeepEqual(back, st) {
		t.Fatalf("a restart changed\n%+v to\n%+v", st, back)
	}
	return back
}
