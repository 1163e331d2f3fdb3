package ramp

import (
	"time"

	"rampart/sources"
)

// heard takes in what became of a share, by what the runner heard of it.
func (t *turn) heard(e Event) {
	switch {
	case t.st.Phase == RollingBack:
		t.heardBack(e)
	case t.st.Phase == RolledBack && (e.Kind == Reverted || e.Kind == SomebodySet) && e.To > 0:
		t.notify("after the rollback the candidate was set to " + e.To.String() + by(e.By))
	case !t.st.Phase.Climbing():
	case e.Kind == Written && t.st.Writing:
		made := e.To
		if made == 0 {
			made = t.st.Share
		}
		t.written(made, e.Until)
	case e.Kind == Refused && t.st.Writing:
		t.refused(e.Why)
	case e.Kind == Unsent && t.st.Writing:
		t.say(t.st.Share.String() + " was never set: the step before is watched again")
		t.stepBack()
	case e.Kind == Reverted, e.Kind == SomebodySet:
		t.moved(sources.SplitAt(e.To, t.now), e.To.String(), reason(e, "set"), "resume goes on from there")
	}
}

// heardBack takes in what became of a rollback.
func (t *turn) heardBack(e Event) {
	switch {
	case e.Kind == Written && e.To == 0:
		t.st.Set = sources.SplitAt(0, t.now)
		t.over(RolledBack, t.st.Why)
	case e.Kind == Unsent:
		t.st.Writing = false
	case e.Kind == Refused && t.st.Writing:
		t.st.Writing = false
		t.notify("the rollback was refused, it is asked for again: " + e.Why)
	case (e.Kind == Reverted || e.Kind == SomebodySet) && e.To > 0:
		t.st.Writing = false
		t.notify("while rolling back the candidate was set to " + e.To.String() + by(e.By))
	}
}

// written begins a step's time. until is when it reverts by itself, where the plan confirms.
func (t *turn) written(made sources.Share, until time.Time) {
	t.st.Writing, t.st.Owed, t.st.Since = false, false, t.now
	t.st.Set = sources.SplitAt(made, t.now)
	t.st.Baked = 0
	if t.plan.Confirm > 0 {
		if t.st.Deadline = instantOf(until); until.IsZero() {
			t.st.Deadline = t.now.Add(t.plan.Confirm)
		}
	}
	t.say(made.String() + " is set")
}

// refused goes back to the step before and stays there. What is taken back is asked for again: to stay would be to stay
// above the plan.
func (t *turn) refused(why string) {
	asked := t.st.Share
	t.stepBack()
	if t.st.Owed {
		t.say("the plane did not take " + asked.String() + " back yet, it is asked for again: " + why)
		t.notify(t.st.Why)
		return
	}
	t.hold(NoConcern, "the plane did not take "+asked.String()+": "+why)
}

// stepBack is at the step before again, which is watched from now on.
func (t *turn) stepBack() {
	t.st.Writing, t.st.Step, t.st.Since = false, t.st.Left, t.now
	t.st.Share = t.st.Set.Candidate
}

// hold stops until somebody resumes.
func (t *turn) hold(over Concern, why string) {
	t.st.Hold, t.st.Asked, t.st.Phase, t.st.Why = why, over, Held, why
	t.say(why)
	t.notify("held: " + why)
}

// moved takes in a share that is not the one that was set. A share found lower is never raised again; with a higher one it
// waits, and says what then.
func (t *turn) moved(found sources.Split, has, how, then string) {
	set := t.st.Set
	if !set.Known || t.st.Writing && found.Candidate >= set.Candidate {
		return // what is on its way is judged when it is read back
	}
	why := "the candidate has " + has + ", the ramp had set " + set.Candidate.String() + " (" + how + "): "
	switch {
	case found.Candidate < set.Candidate:
		t.over(Ended, why+"a share found lower is not raised again")
	case found.Candidate > set.Candidate && t.st.Hold == "":
		t.hold(NoConcern, why+then)
	}
}
