package main

import (
	"context"
	"fmt"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/config"
	"rampart/sources"
)

// tellChanges tells what people should hear of without a screen: another call, what was done, and what did not come as
// far as it should. The ramp tells of itself.
func (d *driven) tellChanges(ctx context.Context, tell func(sources.Notice)) {
	reader := d.engine.Reader()
	var last *frame.Frame
	for {
		f, err := reader.Next(ctx)
		if err != nil {
			return
		}
		if last != nil && last.Verdict.Call != f.Verdict.Call && last.Verdict.Call != analysis.CallUnknown {
			tell(d.notice(f, "call", callNotice(f.Verdict)))
		}
		for _, p := range f.Actions {
			if n, ok := actionNotice(p); ok {
				tell(d.notice(f, "action/"+p.IntentID, n))
			}
		}
		last = f
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

// actionNotice tells of an action once it was accepted, and again when it does not come as far as it should.
func actionNotice(p sources.Progress) (sources.Notice, bool) {
	by := p.Via.Of(p.Actor)
	switch {
	case p.Alarm != "" && p.Rung < sources.Observed, p.Err != nil:
		return sources.Notice{
			Kind: sources.NoticeRung, Severity: sources.SeverityCritical, Title: fmt.Sprintf("%s by %s: %s", p.Action.Verb, by, p.Alarm), Text: p.Next,
		}, true
	case p.Rung >= sources.Configured:
		return sources.Notice{
			Kind: sources.NoticeAction, Severity: sources.SeverityWarning,
			Title: fmt.Sprintf("%s by %s: candidate from %v to %v", p.Action.Verb, by, p.Change.From, p.Change.To), Text: sources.Visible(p.Action.Reason),
		}, true
	}
	return sources.Notice{}, false
}

// receivers are who is told. The config's ways are filled in by their adapters.
func (g *globals) receivers(*config.Config, []string) ([]sources.Notifier, error) { return nil, nil }
