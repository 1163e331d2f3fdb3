package main

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// doubts are what speaks against giving the candidate more now, whoever asks: a plan waits for them by itself, and a
// share that is set by hand would otherwise be the way around the plan's freezes.
func doubts(f *frame.Frame, p ramp.Plan, now time.Time) []action.Doubt {
	var out []action.Doubt
	switch f.Verdict.Call {
	case analysis.Stale, analysis.NoData:
		out = append(out, action.Doubt{Why: "the call is " + f.Verdict.Call.Label() + ": " + f.Verdict.Sentence, Do: "wait until there are numbers again; rampart doctor says which source has none"})
	case analysis.Worse:
		out = append(out, action.Doubt{Why: "the candidate is called WORSE", Do: "roll back (R), and deploy another candidate version, which begins a new rollout"})
	case analysis.NoCandidateTraffic: // by the plane's word: whether there are numbers is not in it
		if why := numberless(f); why != "" {
			out = append(out, action.Doubt{Why: why, Do: "wait until there are numbers again; rampart doctor says why there are none"})
		}
	case analysis.CallUnknown, analysis.Safe, analysis.Undecided:
	}
	if why := p.Frozen(now); why != "" {
		do := "nothing is raised before it ends"
		if p.NextEdge(now).Endless {
			do = "nothing is raised before somebody takes it out of the plan"
		}
		out = append(out, action.Doubt{Why: why, Do: do})
	}
	return out
}

// numberless says that what the candidate would be judged by cannot be read now.
func numberless(f *frame.Frame) string {
	for _, s := range f.Sources {
		if s.Name == "prometheus" && (s.State == frame.SourceDown || s.State == frame.SourceStale) {
			return "prometheus gives no numbers since " + s.Since.UTC().Format(time.TimeOnly)
		}
	}
	return ""
}

// ceilings are how far it may go at most, and why: while an alert fires, as far as the plan says.
func ceilings(f *frame.Frame, p ramp.Plan) []action.Ceiling {
	alert := f.Alerting.Firing()
	if alert == "" {
		return nil
	}
	return []action.Ceiling{{Most: p.MaxAlerting, Why: sources.Visible(alert) + ": " + p.Alerting(), Do: "wait until it is over, or silence it in Alertmanager"}}
}

// cautions are gauges in the red that a plan's steps wait for, and that the candidate was called worse before it lost its
// traffic, without which it has no call that would say so. A person may know better, and is told.
func cautions(f *frame.Frame) []string {
	var out []string
	if v := f.Verdict; v.Call == analysis.NoCandidateTraffic && !v.Evidence.Worse.IsZero() {
		out = append(out, "the candidate was called WORSE at "+v.Evidence.Worse.UTC().Format(time.TimeOnly)+
			", and is again once it has traffic; another version begins a new rollout")
	}
	for _, g := range f.Verdict.Gauges {
		if g.Red && g.Acts {
			out = append(out, "a gauge is red, for which a plan's step would wait: "+sources.Visible(g.Name+": "+g.Text))
		}
	}
	return out
}
