package ramp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// event takes in what happened.
func (t *turn) event(e Event) {
	e.By, e.Why = sources.Visible(e.By), sources.Visible(e.Why)
	switch e.Kind {
	case Start:
		t.start(e)
	case Abort:
		t.rollBack(Somebody, reason(e, "rolled back"), e.By)
	case Stop:
		if t.st.Phase.Climbing() {
			t.over(Ended, reason(e, "ended"))
			t.st.Cause = Somebody
		}
	case Hold:
		if t.st.Phase.Climbing() {
			t.st.Hold = reason(e, "held")
			t.st.Phase = Held
			t.say(t.st.Hold)
		}
	case Resume:
		t.resume(e)
	case StepNow:
		t.stepNow(e, t.st.Step+1)
	case Promote:
		t.stepNow(e, len(t.plan.Steps)-1)
	case ApproveTo:
		t.approve(e)
	case Confirm:
		if t.st.Phase.Climbing() && !t.st.Deadline.IsZero() {
			t.st.Deadline = time.Time{}
			t.say("confirmed" + by(e.By) + ": it stays")
		}
	case SomebodySet, Reverted, Written, Refused, Unsent:
		t.heard(e)
	case GateYes, GateNo, GateError:
		t.gate(e)
	}
}

// start begins a ramp from the split as it is.
func (t *turn) start(e Event) {
	if why := t.cannotStart(); why != "" {
		t.decline("the ramp was not started", why)
		return
	}
	now := t.in.At.UTC().Round(0) // a new ramp may begin at a clock that was set back
	found := t.in.Split.Candidate
	t.st = State{
		Phase: Running, Plan: t.plan.String(), Starter: e.By, Started: now, At: now, Since: now, Epoch: t.in.Epoch, Fresh: t.st.Fresh,
		Step: t.plan.at(found), Share: found, Set: sources.SplitAt(found, now), Why: "started" + by(e.By),
		Identity: sources.ByArm[string]{Legacy: t.in.Identity.Legacy.String(), Candidate: t.in.Identity.Candidate.String()},
	}
	t.st.Left = t.st.Step
	t.say(reason(e, "started at "+found.String()))
}

// cannotStart says why a ramp cannot begin, and what can be done about it.
func (t *turn) cannotStart() string {
	switch {
	case t.st.Phase.Live():
		return "one is under way (" + t.st.Phase.String() + "): go on with it, or stop it first"
	case len(t.plan.Steps) == 0:
		return "the plan has no steps: write them into the service's plan"
	case !t.in.Lease:
		return t.leaseLost() + ": start it there"
	case !t.splitKnown(t.in.At):
		return "the split is not known: rampart doctor says what the traffic plane answers"
	case t.in.Split.Candidate >= t.plan.Highest():
		return fmt.Sprintf("the candidate has %v already, and the plan goes no higher: promote it, or set a lower share first", t.in.Split.Candidate)
	case t.worse():
		return t.calledWorse() + ": roll back, and deploy another candidate version, which begins a new rollout; what is raised on it is raised by hand"
	case t.in.Verdict.Consequence == analysis.DoRollBack:
		return "it would be rolled back at once: " + t.breach()
	}
	return ""
}

// calledWorse says since when the candidate is called worse, and in what.
func (t *turn) calledWorse() string {
	v, since := t.in.Verdict, ""
	if !v.Since.IsZero() {
		since = " since " + v.Since.UTC().Format("15:04")
	}
	return "the candidate is called " + v.Call.Label() + since + " (" + sources.Visible(v.Sentence) + ")"
}

// breach names the guards that are breached and say rollback.
func (t *turn) breach() string {
	var say []string
	for _, g := range t.in.Verdict.Guards {
		if g.Breached && g.Guard.OnWorse == analysis.DoRollBack {
			say = append(say, "the guard "+sources.Visible(g.Guard.Name)+" is breached ("+sources.Visible(g.Text)+")")
		}
	}
	if len(say) == 0 {
		return sources.Visible(t.in.Verdict.Sentence)
	}
	return strings.Join(say, ", ")
}

// resume goes on where somebody, a question or a consequence stopped it.
func (t *turn) resume(e Event) {
	if !t.st.Phase.Climbing() || t.st.Hold == "" && t.st.Question == "" {
		return
	}
	t.st.Answered = t.st.Asked
	t.st.Hold, t.st.Question, t.st.Asked = "", "", NoConcern
	t.st.Phase = Running
	t.adopt()
	t.say(reason(e, "resumed"))
}

// adopt takes a share that somebody set higher for the ramp's own: it goes on from there, and watches it first.
func (t *turn) adopt() {
	found := t.in.Split
	if t.st.Writing || !t.splitKnown(t.now) || !t.st.Set.Known || found.Candidate <= t.st.Set.Candidate {
		return
	}
	t.st.Step = max(t.st.Step, t.plan.at(found.Candidate))
	t.st.Share, t.st.Set = found.Candidate, sources.SplitAt(found.Candidate, t.now)
	t.st.Since, t.st.Baked, t.st.Gate, t.st.Extended = t.now, 0, Gate{}, 0
}

// stepNow takes a step that somebody asks for: neither bake time nor gate are waited for, all else is.
func (t *turn) stepNow(e Event, step int) {
	if !t.st.Phase.Climbing() {
		t.decline("not stepped", "no ramp is under way")
		return
	}
	if step <= t.st.Step || step >= len(t.plan.Steps) {
		t.decline("not stepped", "it is at the plan's last step")
		return
	}
	if found := t.in.Split; t.splitKnown(t.now) && t.strange(found) { // what that means is judged when all events are heard
		t.decline("not stepped", "the candidate has "+found.Candidate.String()+", the ramp had set "+t.st.Set.Candidate.String()+": look again")
		return
	}
	if why, phase := t.blockedTo(step, false); phase != 0 {
		t.decline("not stepped", why)
		return
	}
	t.raise(step, e.By, reason(e, "on to "+t.plan.Steps[step].To.String()))
}

// approve keeps somebody's yes to a share, for one candidate.
func (t *turn) approve(e Event) {
	if !t.st.Phase.Climbing() {
		return
	}
	a := Approval{To: e.To, By: e.By, Candidate: e.Candidate.String(), At: instantOf(e.At), Until: instantOf(e.Until)}
	if a.At.IsZero() {
		a.At = t.now
	}
	if a.Candidate == "" {
		a.Candidate = t.in.Identity.Candidate.String()
	}
	if slices.ContainsFunc(t.st.Approvals, func(old Approval) bool {
		return old.To == a.To && old.By == a.By && old.Candidate == a.Candidate && old.Until.Equal(a.Until)
	}) {
		return // told again
	}
	t.st.Approvals = slices.DeleteFunc(t.st.Approvals, func(old Approval) bool { return old.To == a.To && old.By == a.By })
	t.st.Approvals = append(t.st.Approvals, a)
	t.say(a.To.String() + " approved" + by(a.By))
}

// gate takes in a command's answer.
func (t *turn) gate(e Event) {
	if !t.st.Phase.Climbing() || !t.st.Gate.Running {
		return
	}
	was := t.st.Gate.Said
	t.st.Gate = Gate{Passed: e.Kind == GateYes, At: t.now, Said: e.Kind.String()}
	if e.Why != "" {
		t.st.Gate.Said += ": " + e.Why
	}
	if e.Kind == GateError && t.st.Gate.Said != was {
		t.notify("the gate's command gave no answer: " + e.Why)
	}
}

// instantOf is a time as a state keeps it: a zero time stays one.
func instantOf(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

func by(who string) string {
	if who == "" {
		return ""
	}
	return " by " + who
}

// reason says what was done, by whom and why.
func reason(e Event, did string) string {
	if e.Why == "" {
		return did + by(e.By)
	}
	return did + by(e.By) + ": " + e.Why
}
