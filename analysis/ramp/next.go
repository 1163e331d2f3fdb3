package ramp

import (
	"time"

	"rampart/analysis"
)

// MostUnwatched is the longest time between two looks that still counts as watched.
const MostUnwatched = 2 * time.Minute

// Next says where a ramp stands after an instant and what must be done. It never fails: what it cannot know it treats as
// a reason to stay, and what it does not understand it leaves aside.
func Next(p Plan, st State, in Input) (State, []Effect) {
	if in.At.Before(st.At) {
		in.At = st.At
	}
	st.At = in.At
	var out []Effect
	for _, e := range in.Events {
		switch {
		case e.Kind == Start && !st.Phase.Live() && len(p.Steps) > 0:
			st = State{Phase: Running, Plan: p.String(), Starter: e.By, Started: in.At, Step: -1, At: in.At}
		case e.Kind == Abort && st.Phase != Idle:
			st.Phase = RollingBack
			return st, append(out, Record{e.Why}, RollBack{Why: e.Why, By: e.By})
		case e.Kind == Written && st.Writing:
			st.Writing, st.Since = false, in.At
		}
	}
	switch {
	case !st.Phase.Live() || st.Writing:
	case in.Verdict.Call == analysis.Worse:
		st.Phase = RollingBack
		out = append(out, Record{in.Verdict.Sentence}, RollBack{Why: in.Verdict.Sentence})
	case st.Phase == Running && in.Fresh && in.Lease && st.Step+1 < len(p.Steps) && (st.Step < 0 || in.At.Sub(st.Since) >= p.Steps[st.Step].Bake):
		st.Step++
		st.Share, st.Writing, st.Wrote = p.Steps[st.Step].To, true, in.At
		out = append(out, Record{"next step"}, SetShare{To: st.Share, Step: st.Step, Why: "the plan", By: st.Starter, Confirm: p.Confirm})
	}
	return st, out
}
