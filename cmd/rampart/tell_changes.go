package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// tellChanges tells what people should hear of without a screen: another call, what was done, and what did not come as
// far as it should. The ramp tells of itself.
func (d *driven) tellChanges(ctx context.Context, tell func(sources.Notice)) {
	reader := d.engine.Glances()
	var last *frame.Frame
	var gate gateNotice
	for {
		f, err := reader.Next(ctx)
		if err != nil {
			return
		}
		if newCall(last, f) {
			tell(d.notice(f, "call", callNotice(f.Verdict)))
		}
		if n, ok := answered(last, f); ok {
			tell(d.notice(f, "ramp/ask", n))
		}
		if n, ok := gate.next(f); ok {
			tell(d.notice(f, "ramp/approval", n))
		}
		for _, g := range d.desk.BrokenGlass() {
			tell(d.notice(f, "glass/"+g.By, glassNotice(g)))
		}
		for _, p := range f.Actions {
			if n, ok := actionNotice(p); ok {
				tell(d.notice(f, "action/"+p.IntentID, n))
			}
		}
		last = f
	}
}

// newCall tells whether the call is another one than before. A runner that starts while the candidate is WORSE tells it
// too: hearing twice is better than an alert that ended with the process before.
func newCall(last, f *frame.Frame) bool {
	if last == nil || last.Verdict.Call == analysis.CallUnknown {
		return f.Verdict.Call == analysis.Worse
	}
	return last.Verdict.Call != f.Verdict.Call
}

// answered tells that a ramp that asked no longer does: whoever was asked need not hurry.
func answered(last, f *frame.Frame) (sources.Notice, bool) {
	asks := func(f *frame.Frame) bool { return f != nil && f.Ramp != nil && f.Ramp.Phase == ramp.Asking }
	if !asks(last) || asks(f) {
		return sources.Notice{}, false
	}
	return sources.Notice{Kind: sources.NoticeApproval, Title: "the ramp no longer asks", Resolved: true}, true
}

// gateNotice tells once for each step that a ramp waits for somebody's approval, and when it no longer does. What comes
// between for a while, such as a scrape that is late, is told by nobody: the approval is waited for all the same.
type gateNotice struct {
	waits bool
	step  int
}

func (g *gateNotice) next(f *frame.Frame) (sources.Notice, bool) {
	r := f.Ramp
	switch {
	case r != nil && r.Phase.Climbing() && r.Cause == ramp.WantsConsent && (!g.waits || g.step != r.Step):
		*g = gateNotice{true, r.Step}
		return sources.Notice{
			Kind: sources.NoticeApproval, Severity: sources.SeverityWarning, Title: "the ramp " + r.Why,
			Text: fmt.Sprintf("candidate %s: A in a console, or rampart ramp approve", orUnknown(f.Rollout.Candidate)),
		}, true
	case g.waits && (r == nil || !r.Phase.Live() || r.Step != g.step):
		g.waits = false
		return sources.Notice{Kind: sources.NoticeApproval, Title: "the ramp no longer waits for an approval", Resolved: true}, true
	}
	return sources.Notice{}, false
}

func orUnknown(t sources.Text) string {
	if t.IsZero() {
		return "of unknown identity"
	}
	return t.String()
}

// glassNotice tells that somebody may leave rules aside for a while.
func glassNotice(g action.Glass) sources.Notice {
	return sources.Notice{
		Kind: sources.NoticeAction, Severity: sources.SeverityCritical,
		Title: fmt.Sprintf("break-glass by %s until %s: rules may be left aside", g.By, g.Until.UTC().Format(time.TimeOnly)), Text: sources.Visible(g.Reason),
	}
}

// notice completes what all notices of a service have in common.
func (d *driven) notice(f *frame.Frame, key string, n sources.Notice) sources.Notice {
	n.Key = f.Context + "/" + d.name + "/" + key
	n.At, n.Context, n.Service = f.At, f.Context, d.name
	n.Title = d.name + ": " + n.Title
	return n
}

func callNotice(v analysis.Verdict) sources.Notice {
	n := sources.Notice{Kind: sources.NoticeCall, Title: v.Call.Label(), Text: v.Sentence, Severity: sources.SeverityInfo}
	switch v.Call {
	case analysis.Worse:
		n.Severity = sources.SeverityCritical
	case analysis.Stale, analysis.NoData:
		n.Severity = sources.SeverityWarning
	case analysis.Safe, analysis.Undecided, analysis.NoCandidateTraffic, analysis.CallUnknown:
		n.Resolved = true
	}
	return n
}

// actionNotice tells of an action once it is set, again when traffic shows it, and when it does not come as far as it
// should.
func actionNotice(p sources.Progress) (sources.Notice, bool) {
	by := p.Via.Of(p.Actor)
	switch {
	case p.Alarm != "" && p.Rung < sources.Observed, p.Err != nil:
		return sources.Notice{
			Kind: sources.NoticeRung, Severity: sources.SeverityCritical, Title: fmt.Sprintf("%s by %s: %s", p.Action.Verb, by, p.Alarm), Text: p.Next,
		}, true
	case p.Rung >= sources.Configured:
		n := sources.Notice{
			Kind: sources.NoticeAction, Severity: sources.SeverityWarning,
			Title: fmt.Sprintf("%s by %s: candidate from %v to %v", p.Action.Verb, by, p.Change.From, p.Change.To), Text: sources.Visible(p.Action.Reason),
		}
		if !p.Change.To.Known { // a hold sets nothing
			n.Title = fmt.Sprintf("%s by %s", p.Action.Verb, by)
		}
		if p.How != "" {
			n.Title += ", " + sources.Visible(p.How)
		}
		if p.Rung >= sources.Observed {
			n.Title += ", observed in traffic"
		}
		if p.Replan != "" {
			n.Text = strings.TrimPrefix(n.Text+"; planned again: "+sources.Visible(p.Replan), "; ")
		}
		if len(p.Aside) > 0 {
			n.Severity, n.Text = sources.SeverityCritical, strings.Join(append([]string{n.Text}, p.Aside...), "; ")
			n.Title = "rules were left aside: " + n.Title
		}
		return n, true
	}
	return sources.Notice{}, false
}
