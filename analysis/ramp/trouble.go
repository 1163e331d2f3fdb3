package ramp

import (
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// GateLimit is how long a gate's command may take: a runner kills it then, and a ramp that was taken up again asks anew.
const GateLimit = 4 * time.Minute

// trouble tells whether the ramp was stopped or turned back, the gravest concern first.
func (t *turn) trouble() bool {
	why, cause, then := t.worseThen()
	if t.take(Worse, cause, then, why) || t.strangers() {
		return true
	}
	if why, then = t.darkThen(); t.take(Dark, Blind, then, why) {
		return true
	}
	why, then = t.timeoutThen()
	return t.take(TimeOut, Overdue, then, why)
}

// take lets a consequence follow. A hold for a worse candidate or for missing numbers ends with its cause and is left to
// what blocks; one for time that is over stays until somebody resumes.
func (t *turn) take(c Concern, cause Cause, then analysis.Consequence, why string) bool {
	if doubt := t.doubt(); c == Worse && then == analysis.DoRollBack && doubt != "" {
		then, why = analysis.DoAsk, why+"; a rollback by itself asks first: "+doubt
	}
	switch then {
	case analysis.DoRollBack:
		if !t.in.Lease {
			return false
		}
		t.rollBack(cause, why, "")
		return true
	case analysis.DoAsk:
		if t.back || t.st.Answered == c || t.st.Question != "" && t.st.Asked <= c {
			return false
		}
		t.st.Question, t.st.Asked, t.st.Phase, t.st.Why = why, c, Asking, why
		t.say("asking: " + why)
		t.out = append(t.out, Ask{What: why})
		return true
	case analysis.DoHold:
		if c != TimeOut || t.back || t.st.Answered == c || t.st.Hold != "" || t.st.Question != "" {
			return false
		}
		t.hold(c, why)
		return true
	case analysis.DoWarn:
	}
	return false
}

// worse tells whether the candidate is called worse.
func (t *turn) worse() bool { return t.in.Verdict.Call == analysis.Worse }

// worseThen is what follows from evidence, guards and rules: the gravest of them. For a candidate that is called worse it
// is the plan's word, or a milder one of the guards that it breaches.
func (t *turn) worseThen() (why string, cause Cause, then analysis.Consequence) {
	v := t.in.Verdict
	if v.Consequence > analysis.DoWarn {
		why, cause, then = sources.Visible(v.Sentence), GuardBroken, v.Consequence
	}
	if t.worse() {
		why, cause = sources.Visible(v.Sentence), CalledWorse
		then = t.plan.WhenWorse()
		if v.Consequence > analysis.DoWarn {
			then = min(then, v.Consequence)
		}
	}
	for i, r := range t.plan.Rules {
		if i >= len(t.in.Recent) || t.st.Step < 0 {
			break
		}
		if said, breached := r.Breached(t.in.Recent[i]); breached && r.Then > then {
			why, cause, then = said, RuleBroken, r.Then
		}
	}
	return why, cause, then
}

// doubt says why what would be done by itself is asked first; empty: it is not.
func (t *turn) doubt() string {
	v := t.in.Verdict
	if v.BothWorse != nil {
		return "legacy is in trouble as well, so it is probably not the candidate"
	}
	for _, g := range v.Gauges {
		if g.Red && g.Acts {
			return sources.Visible(g.Text)
		}
	}
	return sources.Visible(v.Ask)
}

// red is a gauge in the red of those that turn automatic actions into asking; empty: none is. The others are for people
// to look at: one of them, the mix of requests, is red in every service whose health checks spread evenly.
func (t *turn) red() string {
	for _, g := range t.in.Verdict.Gauges {
		if g.Red && g.Acts {
			return sources.Visible(g.Name + ": " + g.Text)
		}
	}
	return ""
}

// strangers ends a ramp whose candidate or plan is not the one that it began with.
func (t *turn) strangers() bool {
	if t.back {
		return false
	}
	now := t.in.Identity.Candidate.String()
	switch {
	case t.st.Plan != t.plan.String():
		t.over(Ended, "the plan is not the one that the ramp began with")
	case t.st.Identity.Candidate == "":
		t.st.Identity.Candidate = now
		return false
	case now != "" && now != t.st.Identity.Candidate:
		t.over(Ended, fmt.Sprintf("the candidate is %s now, the ramp began with %s", now, t.st.Identity.Candidate))
	default:
		return false
	}
	return true
}

// otherLegacy says that legacy is not the one that the ramp began with; empty: it is.
func (t *turn) otherLegacy() string {
	now := t.in.Identity.Legacy.String()
	if t.st.Identity.Legacy == "" {
		t.st.Identity.Legacy = now
	}
	if now == "" || now == t.st.Identity.Legacy {
		return ""
	}
	return fmt.Sprintf("legacy is %s now, the ramp began against %s: nothing is raised, start anew", now, t.st.Identity.Legacy)
}

// seeing tells whether there is something to judge by. A candidate without a share has no traffic, and needs none.
func (t *turn) seeing() bool {
	switch t.in.Verdict.Call {
	case analysis.Worse, analysis.Safe, analysis.Undecided:
		return t.in.Fresh
	case analysis.NoCandidateTraffic:
		return t.in.Fresh && (t.st.Step < 0 || !t.st.Set.Known || t.st.Set.Candidate == 0)
	case analysis.CallUnknown, analysis.Stale, analysis.NoData:
	}
	return false
}

// darkThen is what follows when nothing could be judged for a while at a share.
func (t *turn) darkThen() (string, analysis.Consequence) {
	if t.st.Dark.IsZero() {
		if t.st.Asked == Dark {
			t.st.Question, t.st.Asked = "", NoConcern
		}
		if t.st.Answered == Dark {
			t.st.Answered = NoConcern
		}
		return "", analysis.DoWarn
	}
	since := t.st.Dark
	if t.st.Since.After(since) {
		since = t.st.Since
	}
	if t.st.Step < 0 || t.st.Share == sources.Whole || t.st.Since.IsZero() || t.now.Sub(since) < darkPatience {
		return "", analysis.DoWarn
	}
	return t.blind(), t.plan.WhenNoData()
}

// blind says that there is nothing to judge by.
func (t *turn) blind() string {
	if !t.splitKnown(t.now) {
		return t.unsplit()
	}
	if t.in.Verdict.Sentence == "" || t.in.Fresh {
		return "there is nothing to judge by (" + t.in.Verdict.Call.Label() + ")"
	}
	return "there are no fresh numbers (" + t.in.Verdict.Call.Label() + ")"
}

// timeoutThen is what follows when the step took too long; a step on its way to safe is drawn out first.
func (t *turn) timeoutThen() (string, analysis.Consequence) {
	s, ok := t.step()
	if !ok || t.st.Since.IsZero() || s.Until == Bake || s.Max <= 0 || t.met(s) || t.st.Answered == TimeOut {
		return "", analysis.DoWarn
	}
	over := s.Max + time.Duration(t.st.Extended)*t.plan.Extend.By
	if t.st.Baked < over {
		return "", analysis.DoWarn
	}
	if e := t.in.Verdict.Evidence; !t.back && s.Until == Safe && t.st.Extended < t.plan.Extend.Most && t.plan.Extend.By > 0 && e.LogSafe > 0 && e.LogSafe > e.LogHarm {
		t.st.Extended++
		t.notify(fmt.Sprintf("step %s is drawn out by %s, %d of %d times: the evidence is on its way to safe", s, Span(t.plan.Extend.By), t.st.Extended, t.plan.Extend.Most))
		return "", analysis.DoWarn
	}
	return fmt.Sprintf("step %s was watched for %s without being %s", s, Span(over), gateWords[s.Until]), t.plan.WhenTimeout()
}

var gateWords = [...]string{"over", "safe", "approved", "let on by its command"}
