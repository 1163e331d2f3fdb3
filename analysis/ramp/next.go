package ramp

import (
	"slices"
	"time"

	"rampart/sources"
)

// The patience of a ramp.
const (
	MostUnwatched = 2 * time.Minute  // the longest time between two looks that still counts as watched
	oldSplit      = time.Minute      // a split that was read longer ago is not known
	darkPatience  = time.Minute      // a missed scrape is no reason to ask or to roll back
	noAnswer      = 5 * time.Minute  // a write without any outcome
	unread        = 30 * time.Second // a rollback that is not read back
	retryRollback = 10 * time.Second // after a refused rollback
	retryGate     = time.Minute      // after a command's no
)

// Next says where a ramp stands after an instant and what must be done. It never fails: what it cannot know it treats as
// a reason to stay, and what it does not understand it leaves aside.
//
// At a time before the newest that the state has seen, events count and what goes down goes down; nothing else happens.
func Next(p Plan, st State, in Input) (State, []Effect) {
	t := &turn{plan: p, was: st, st: st, in: in, now: in.At.UTC().Round(0)}
	t.st.Approvals = slices.Clone(st.Approvals)
	if t.back = t.now.Before(st.At); t.back {
		t.now = st.At
	}
	t.watch()
	t.st.At = t.now
	for _, e := range in.Events {
		t.event(e)
	}
	if !t.back {
		t.read()
	}
	t.follow()
	return t.done()
}

// turn is one call of Next in the making.
type turn struct {
	plan Plan
	was  State
	st   State
	in   Input
	now  time.Time
	back bool // the clock went back: nothing may rise and no time is over
	said string
	out  []Effect
}

// watch adds the time since the last look to the step's, when somebody watched.
func (t *turn) watch() {
	fresh := !t.back && t.seeing()
	passed := t.now.Sub(t.st.At)
	if t.was.Fresh && fresh && !t.st.Since.IsZero() && !t.st.Writing && passed <= MostUnwatched {
		t.st.Baked += passed
	}
	if t.back {
		return
	}
	t.st.Fresh = fresh
	switch {
	case fresh:
		t.st.Dark = time.Time{}
	case t.st.Dark.IsZero():
		t.st.Dark = t.now
	}
}

// follow does what the phase asks for.
func (t *turn) follow() {
	switch t.st.Phase {
	case Running, Asking, Held, Frozen:
		t.climb()
	case RollingBack:
		if t.st.Writing || t.back || t.now.Sub(t.st.Wrote) < retryRollback {
			return
		}
		t.rollBack(t.st.Cause, t.st.Why, "")
	case Idle, RolledBack, Ended, Promoted:
	}
}

// climb stops, turns back, waits or goes on.
func (t *turn) climb() {
	if !t.back || t.st.Phase != t.was.Phase { // a clock that went back changes nothing, also not what is waited for
		t.st.Cause = NoCause
	}
	if t.trouble() {
		return
	}
	why, phase := t.blocked(true)
	if phase == 0 {
		t.advance(t.st.Starter)
		return
	}
	t.st.Phase, t.st.Why = phase, why
}

// advance takes the next step, or ends the ramp after the last.
func (t *turn) advance(by string) {
	if next := t.st.Step + 1; next < len(t.plan.Steps) {
		t.raise(next, by, t.reached()+": on to "+t.plan.Steps[next].To.String())
		return
	}
	if t.st.Share == sources.Whole {
		t.over(Promoted, "the candidate has all of the traffic")
		return
	}
	t.over(Ended, "the plan is over: the candidate stays at "+t.st.Share.String())
}

// raise asks for a step's share.
func (t *turn) raise(step int, by, why string) {
	to := t.plan.Steps[step].To
	t.st.Left, t.st.Step, t.st.Share = t.st.Step, step, to
	t.st.Writing, t.st.Wrote, t.st.Since = true, t.now, time.Time{}
	t.st.Baked, t.st.Extended, t.st.Gate, t.st.Answered, t.st.Deadline = 0, 0, Gate{}, NoConcern, time.Time{}
	t.st.Phase, t.st.Why = Running, "asked the plane for "+to.String()
	t.say(why)
	t.out = append(t.out, SetShare{To: to, Step: step, Why: why, By: by, Confirm: t.plan.Confirm})
}

// reached is what the step in hand has shown, for the reason of the next.
func (t *turn) reached() string {
	if t.st.Step < 0 || t.st.Step >= len(t.plan.Steps) {
		return "the ramp begins"
	}
	return "step " + t.plan.Steps[t.st.Step].String() + " is over"
}

// rollBack asks for 0 %. Whoever asks for it once more, a person or a reload, is not why the candidate is at 0 %: harm stays
// the cause until the next start, which is told of it.
func (t *turn) rollBack(cause Cause, why, by string) {
	if (t.st.Phase == RollingBack || t.st.Phase == RolledBack) && t.st.Cause.Harm() {
		cause = t.st.Cause
	}
	t.st.Phase, t.st.Cause, t.st.Why = RollingBack, cause, why
	t.st.Writing, t.st.Wrote = true, t.now
	t.st.Question, t.st.Hold, t.st.Deadline, t.st.Gate = "", "", time.Time{}, Gate{}
	t.st.Share = 0
	t.say("rolling back: " + why)
	t.out = append(t.out, RollBack{Why: why, By: by})
}

// over ends the ramp. A rollback that has arrived keeps its cause.
func (t *turn) over(phase Phase, why string) {
	if phase != RolledBack {
		t.st.Cause = NoCause
	}
	t.st.Phase, t.st.Why = phase, why
	t.st.Writing, t.st.Question, t.st.Hold, t.st.Deadline, t.st.Gate = false, "", "", time.Time{}, Gate{}
	t.say(why)
	t.out = append(t.out, Over{Phase: phase, Why: why})
}

func (t *turn) say(text string) {
	if t.said == "" {
		t.said = text
	}
}

func (t *turn) notify(what string) { t.out = append(t.out, Notify{What: what}) }

// decline tells people that a wish has no effect.
func (t *turn) decline(what, why string) {
	t.out = append(t.out, Notify{What: what + ": " + why, Declines: why})
}

// done puts the record before everything that it must precede.
func (t *turn) done() (State, []Effect) {
	if matters(t.was, t.st) {
		if t.said == "" {
			t.said = t.st.Why
		}
		t.out = append([]Effect{Record{t.said}}, t.out...)
	}
	return t.st, t.out
}
