package ramp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// step is the step in hand; none before the first.
func (t *turn) step() (Step, bool) {
	if t.st.Step < 0 || t.st.Step >= len(t.plan.Steps) {
		return Step{}, false
	}
	return t.plan.Steps[t.st.Step], true
}

// blocked says why the next step is not taken, and the phase in which the ramp waits; phase Idle: nothing is in its way.
func (t *turn) blocked(patient bool) (string, Phase) { return t.blockedTo(t.st.Step+1, patient) }

// blockedTo says what is in the way of a step. Patient: bake time and gate are waited for.
func (t *turn) blockedTo(next int, patient bool) (string, Phase) {
	if why, phase := t.stopped(); phase != 0 {
		return why, phase
	}
	if t.st.Share == sources.Whole && t.st.Deadline.IsZero() {
		return "", Idle // there is no legacy left to compare with
	}
	for _, why := range []string{t.owes(), t.unwatched(), t.unripe(patient)} {
		if why != "" {
			return why, Running
		}
	}
	if next >= len(t.plan.Steps) {
		return "", Idle // the last step is over: nothing is raised
	}
	if why := t.unfit(next); why != "" {
		return why, Running
	}
	if patient {
		if why := t.shut(next); why != "" {
			return why, Running
		}
	}
	if why := t.frozen(next); why != "" {
		return why, Frozen
	}
	return "", Idle
}

// owes says that the candidate has more than the ramp gave it.
func (t *turn) owes() string {
	if !t.st.Owed {
		return ""
	}
	return "a reload gave the candidate more than " + t.st.Set.Candidate.String() + ", and it is not taken back yet"
}

// stopped says what holds the ramp.
func (t *turn) stopped() (string, Phase) {
	why, _, then := t.worseThen()
	switch {
	case t.back:
		return "the clock went back: nothing is raised before " + moment(t.st.At) + "; stopped and started anew, it goes on from here at once", t.st.Phase
	case t.st.Writing:
		return "asked the plane for " + t.st.Share.String() + ": waiting until it says so", Running
	case t.st.Question != "":
		return t.st.Question, Asking
	case t.st.Hold != "":
		return t.st.Hold, Held
	case t.in.Held != "":
		return sources.Visible(t.in.Held), Held
	case t.otherLegacy() != "":
		return t.otherLegacy(), Held
	case t.worse() || then > analysis.DoWarn:
		return "nothing is raised: " + why, Held
	case !t.in.Lease:
		return t.leaseLost(), Running
	case !t.seeing() && t.st.Step >= 0 && t.st.Share < sources.Whole && !t.st.Dark.IsZero() && t.now.Sub(t.st.Dark) >= darkPatience:
		return t.blind(), Held
	}
	return "", Idle
}

func (t *turn) leaseLost() string {
	if t.in.Holder == "" {
		return "the lease of the service is not held here"
	}
	return "the lease of the service is held by " + sources.Visible(t.in.Holder)
}

// unwatched says why what is seen now is no ground to stand on.
func (t *turn) unwatched() string {
	switch red := t.red(); {
	case !t.splitKnown(t.now):
		return t.unsplit()
	case !t.seeing():
		return t.blind()
	case red != "":
		return "a gauge is red, " + red
	case !t.st.Deadline.IsZero():
		return "the step reverts at " + moment(t.st.Deadline) + " unless it is confirmed"
	}
	return ""
}

// unripe says what the step in hand still lacks.
func (t *turn) unripe(patient bool) string {
	s, ok := t.step()
	if !ok {
		return ""
	}
	if patient && t.st.Baked < s.Bake {
		return "it is watched for " + Span(s.Bake) + " first" // how long it was, a reader sees beside it
	}
	if n := t.in.Samples; min(n.Legacy, n.Candidate) < t.plan.MinSamples {
		return fmt.Sprintf("%d requests of legacy and %d of the candidate in this step, %d needed of each", n.Legacy, n.Candidate, t.plan.MinSamples)
	}
	return ""
}

// unfit says why a step may not be taken from the share in hand.
func (t *turn) unfit(next int) string {
	s, from := t.plan.Steps[next], t.st.Set.Candidate
	switch {
	case s.To <= from:
		return fmt.Sprintf("the next step %v is not above %v", s.To, from)
	case t.plan.MaxJump > 0 && s.To > from && s.To-from > t.plan.MaxJump:
		return fmt.Sprintf("from %v to %v is more than %v at once", from, s.To, t.plan.MaxJump)
	case t.in.Alert != "" && s.To > t.plan.MaxAlerting:
		return sources.Visible(t.in.Alert) + ": " + t.plan.Alerting()
	case len(t.in.Doubts) > 0:
		return sources.Visible(strings.Join(t.in.Doubts, "; "))
	}
	return ""
}

// met tells whether the gate of a step is open.
func (t *turn) met(s Step) bool {
	switch s.Until {
	case Bake:
		return true
	case Safe:
		return t.in.Verdict.Call == analysis.Safe
	case Approve:
		next := t.st.Step + 1
		return next >= len(t.plan.Steps) || t.approved(t.plan.Steps[next].To)
	case Command:
		return t.st.Gate.Passed
	}
	return false
}

// shut says why the gate is not open; a command is asked when all else is well.
func (t *turn) shut(next int) string {
	s, ok := t.step()
	if !ok || t.met(s) {
		return ""
	}
	switch s.Until {
	case Safe:
		if f := t.in.Verdict.Forecast.Text; f != "" {
			return "not shown to be safe yet: " + sources.Visible(f)
		}
		return "not shown to be safe yet"
	case Approve:
		why, to := "", t.plan.Steps[next].To
		if t.plan.SecondPerson {
			why = " by somebody else than " + sources.Visible(t.st.Starter)
		}
		t.st.Cause = WantsConsent
		return "waits for an approval of " + to.String() + why + t.voided(to)
	case Command:
		return t.asked(s)
	case Bake:
	}
	return ""
}

// asked runs the gate's command, or says that it runs or what it said.
func (t *turn) asked(s Step) string {
	g := t.st.Gate
	idle := t.now.Sub(g.At)
	if g.At.IsZero() || !g.Running && idle >= retryGate || g.Running && idle > GateLimit+retryGate {
		t.st.Gate = Gate{Running: true, At: t.now, Said: g.Said}
		t.out = append(t.out, RunGate{Step: t.st.Step, Command: slices.Clone(s.Command)})
		return "the gate's command is asked"
	}
	if g.Running {
		return "the gate's command is asked"
	}
	return "the gate's command: " + g.Said
}

// frozen says which freeze is in the way. A step that cannot end before a freeze begins is not begun.
func (t *turn) frozen(next int) string {
	if why := t.plan.Frozen(t.now); why != "" {
		return why
	}
	s := t.plan.Steps[next]
	need := max(s.Bake, s.Max)
	if edge := t.plan.NextEdge(t.now); edge.Begins && need > 0 && t.now.Add(need).After(edge.At) {
		return fmt.Sprintf("step %s takes up to %s and a freeze begins at %s", s, Span(need), moment(edge.At))
	}
	return ""
}

// approved tells whether somebody whose word counts approved a share for the candidate in hand.
func (t *turn) approved(to sources.Share) bool {
	candidate := t.in.Identity.Candidate.String()
	return slices.ContainsFunc(t.st.Approvals, func(a Approval) bool {
		counts := !t.plan.SecondPerson || a.By != t.st.Starter
		return counts && a.To == to && a.Candidate == candidate && (a.Until.IsZero() || a.Until.After(t.now))
	})
}

// voided says why the newest approval of a share does not count any more; empty: there was none, or its giver is who began.
func (t *turn) voided(to sources.Share) string {
	for _, a := range slices.Backward(t.st.Approvals) {
		switch {
		case a.To != to:
			continue
		case a.Candidate != t.in.Identity.Candidate.String():
			return "; that of " + sources.Visible(a.By) + " was for candidate " + sources.Visible(a.Candidate)
		case !a.Until.IsZero() && !a.Until.After(t.now):
			return "; that of " + sources.Visible(a.By) + " ended at " + a.Until.UTC().Format(time.TimeOnly)
		}
		return ""
	}
	return ""
}

// Alerting says how far the candidate may go while an alert fires.
func (p Plan) Alerting() string {
	if p.MaxAlerting == 0 {
		return "nothing is raised while it does"
	}
	return "nothing above " + p.MaxAlerting.String() + " is set while it does"
}

// Frozen says until when nothing is raised, if that has an end; empty: there is no freeze at that instant.
func (p Plan) Frozen(at time.Time) string {
	until, frozen := p.FrozenUntil(at)
	switch {
	case !frozen:
		return ""
	case until.IsZero():
		return "a freeze that has no end in sight"
	}
	return "a freeze until " + moment(until)
}

// moment prints an instant for a sentence.
func moment(t time.Time) string { return t.UTC().Format("Mon 2 Jan 15:04 UTC") }
