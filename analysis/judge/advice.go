package judge

import (
	"fmt"
	"math"
	"strings"

	"rampart/analysis"
	"rampart/sources"
)

// wouldChange says what would turn the call, in plain words.
func wouldChange(in Input, v analysis.Verdict) string {
	switch v.Call {
	case analysis.Worse:
		return "nothing in this rollout: worse is latched; a new candidate version starts anew"
	case analysis.Safe:
		return "harm of more than the margin, or data that stop"
	case analysis.NoCandidateTraffic:
		return "traffic to the candidate"
	case analysis.NoData:
		if in.Silent != 0 && in.NoSeries == "" {
			return "numbers of the " + in.Silent.String()
		}
		return "a config that fits what is there; rampart doctor shows what each query found"
	case analysis.Stale:
		return "data that come again"
	case analysis.Undecided:
		if in.Router.doubt() != "" {
			return "a router that counts the candidate's requests as answered again"
		}
		if v.Forecast.Text != "" {
			return v.Forecast.Text
		}
		missing := v.Evidence.LogNeeded - max(v.Evidence.LogHarm, 0)
		return odds(math.Exp(missing)) + " the evidence in hand, either way"
	case analysis.CallUnknown:
	}
	return ""
}

// do says what an operator can do now and what it costs to wait.
func do(in Input, v analysis.Verdict) string {
	var parts []string
	if v.Call == analysis.Worse && !in.noTraffic() {
		parts = append(parts, "R roll back: "+legacyText(in))
	}
	if e := v.Exposure.Excess; e.Known && e.V > 0 && e.Lo > 0 {
		text := "excess failures so far " + whole(e.V) + " (" + whole(e.Lo) + "–" + whole(e.Hi) + ")"
		if m := v.Exposure.PerMinute; m.Known && !in.noTraffic() {
			text += ", " + added(m.V) + "/min"
		}
		parts = append(parts, text)
	}
	switch {
	case v.Call == analysis.Undecided && in.Router.doubt() != "":
		parts = append(parts, "do not step: look at its servers, or R roll back: "+legacyText(in))
	case v.Call == analysis.Undecided || v.Call == analysis.Safe:
		parts = append(parts, holds(in)...)
	}
	switch {
	case v.Ask == "":
	case v.Call == analysis.Worse:
		parts = append(parts, "automatic rollback would ask: "+v.Ask)
	case v.Call == analysis.Safe:
		parts = append(parts, "automatic promotion would ask: "+v.Ask)
	}
	if len(parts) == 0 {
		return idle(in, v)
	}
	return strings.Join(parts, " · ")
}

// idle is what to do while nothing presses: there is always something to do, be it to wait.
func idle(in Input, v analysis.Verdict) string {
	next := v.Forecast.Next
	switch v.Call {
	case analysis.Safe:
		if next > 0 && next < sources.Whole {
			return fmt.Sprintf("step to %s or promote when you like", next)
		}
		return "step or promote when you like"
	case analysis.NoCandidateTraffic:
		return "nothing: all traffic is legacy's; S gives the candidate a share"
	case analysis.NoData:
		if in.Silent == sources.Candidate && in.NoSeries == "" {
			return "look at its servers, or R roll back: " + legacyText(in)
		}
		return "fix the config: rampart doctor shows what each query found"
	case analysis.Stale:
		if in.Silent == sources.Candidate && in.Unreachable == "" {
			return "look at its servers, or R roll back: " + legacyText(in)
		}
		if in.Refused {
			return "mend what refuses, or R roll back: it needs no metrics"
		}
		return "wait for data, or R roll back: it needs no metrics"
	case analysis.Undecided:
		if next > 0 {
			return fmt.Sprintf("wait, or step to %s: there it is decided with fewest failed requests", next)
		}
	case analysis.CallUnknown, analysis.Worse:
	}
	return "wait"
}

// holds is what stands against a step, however safe the evidence is: a plane that is away, a late rise, and breached limits,
// for what a guard on drift or on a free expression says never enters it.
func holds(in Input) []string {
	var out []string
	if in.PlaneAway {
		out = append(out, "do not step: the split cannot be read")
	}
	if in.Evidence.Late != "" {
		out = append(out, "do not step: what rose lately is not outweighed by the time before")
	}
	for _, g := range in.Guards {
		if g.Breached && !g.Guard.Relative() && !g.Guard.NotTheCandidate && g.Guard.OnWorse >= analysis.DoHold {
			out = append(out, fmt.Sprintf("do not step: %s over the limit, %s", g.Guard.Measure, g.Text))
		}
	}
	return out
}

// legacyText says whether legacy can take the traffic back: servers up, and requests per server before and after.
func legacyText(in Input) string {
	up, all := in.Servers.Legacy[0], in.Servers.Legacy[1]
	if all == 0 {
		return "legacy's servers are not known"
	}
	text := fmt.Sprintf("legacy %d/%d up", up, all)
	l, c := in.Rates.Of(sources.Legacy), in.Rates.Of(sources.Candidate)
	if up > 0 && l.Known && c.Known {
		text += ", " + two(l.V/float64(up)) + "→" + two((l.V+c.V)/float64(up)) + " rq/s each"
	}
	return text
}
