package sample

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// plan is what the ramps of the samples follow.
func plan() ramp.Plan {
	var p ramp.Plan
	for _, text := range []string{"1% for 15m", "5% until safe or 30m", "25% for 15m then approve", "50% for 15m", "100%"} {
		s, err := ramp.ParseStep(text)
		if err != nil {
			panic(err) // a constant
		}
		p.Steps = append(p.Steps, s)
	}
	f, err := ramp.ParseFreeze("Mon-Thu 16:30-08:00 UTC")
	if err != nil {
		panic(err) // a constant
	}
	p.Freeze, p.MinSamples = []ramp.Freeze{f}, 1_000
	return p
}

// Planned is a candidate at 5 % by hand, with a plan that nothing drives.
func Planned() *frame.Frame {
	f := Healthy()
	f.Traffic.Asked, f.Traffic.Set, f.Traffic.Effective, f.Traffic.Seen = split(5), split(5), split(5), split(4.9)
	f.Verdict.Call, f.Verdict.Since = analysis.Undecided, at(13, 59, 15)
	f.Verdict.Sentence, f.Verdict.Do = "evidence for safe 6.2× of the 20× needed", "wait"
	f.Verdict.Forecast.Text = "about 11 min at 5 %, 3 min at 25 %"
	f.Plan = frame.PlanOf(plan())
	return f
}

// ramping is a ramp at 5 % since 13:59, in a state that the caller changes.
func ramping(change func(*ramp.State, *ramp.Input)) *frame.Frame {
	f := Planned()
	p := plan()
	st := ramp.State{
		Phase: ramp.Running, Plan: p.String(), Starter: "ana", Started: at(13, 44, 0), Step: 1, Since: at(13, 59, 10), Share: sources.ShareOf(.05),
		Set: split(5), Baked: 6*time.Minute + 12*time.Second, Fresh: true, At: Now(), Why: "not shown to be safe yet: about 11 min at 5 %",
		Approvals: []ramp.Approval{{To: sources.ShareOf(.5), By: "bob", Candidate: "42 (9f3c1)", At: at(14, 0, 0), Until: at(15, 0, 0)}},
	}
	in := ramp.Input{At: Now(), Verdict: f.Verdict, Lease: true, Holder: "ana, process 4711 on bastion-1, since 2026-03-10 13:43:58"}
	in.Verdict.Forecast.Lo, in.Verdict.Forecast.Hi = 8*time.Minute, 14*time.Minute
	change(&st, &in)
	f.Ramp = frame.RampOf(p, st, in)
	return f
}

// Ramping is a ramp that waits for its second step to be shown safe.
func Ramping() *frame.Frame { return ramping(func(*ramp.State, *ramp.Input) {}) }

// RampAsks is a ramp whose candidate is worse while legacy is in trouble as well.
func RampAsks() *frame.Frame {
	f := ramping(func(st *ramp.State, _ *ramp.Input) {
		st.Phase = ramp.Asking
		st.Question = "errors ×4.0 (1.7–8.2), limit ×1.1; a rollback by itself asks first: legacy is in trouble as well, so it is probably not the candidate"
		st.Why, st.Deadline = st.Question, at(14, 9, 10)
	})
	f.Verdict = worse()
	f.Verdict.Sentence = "errors ×4.0 (1.7–8.2), limit ×1.1, since 13:58; BOTH WORSE since 13:58: probably not the candidate"
	return f
}

// RampEnded is a ramp that found a share lower than it had set.
func RampEnded() *frame.Frame {
	return ramping(func(st *ramp.State, _ *ramp.Input) {
		st.Phase = ramp.Ended
		st.Why = "the candidate has 2 %, the ramp had set 5 % (set by bob): a share found lower is not raised again"
	})
}

// RampDrained is a ramp that was rolled back by draining the candidate's servers.
func RampDrained() *frame.Frame {
	f := ramping(func(st *ramp.State, _ *ramp.Input) {
		st.Phase, st.Why, st.Set, st.Share = ramp.RolledBack, "errors ×4.0 (1.7–8.2), limit ×1.1", split(0), 0
	})
	t := &f.Traffic
	t.Asked, t.Set, t.Effective, t.Seen = split(0), split(0), split(0), split(0)
	t.Members = []frame.Member{{Name: "lb1", Configured: split(0)}, {Name: "lb2", Configured: split(0)}}
	t.Drained = "2 of 2 servers drained by rampart at 2026-03-10 13:58:04, because the agent check of canary-1 set its weight again, to 96"
	for i := range t.Servers {
		if s := &t.Servers[i]; s.Arm == sources.Candidate {
			s.Drained, s.Up, s.State = true, false, sources.NewText("DRAIN")
		}
	}
	return f
}
