package engine

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/judge"
	"rampart/cmd/internal/engine/evidence"
	"rampart/sources"
)

// input gathers what the judge rests on. The caller holds the lock.
func (e *Engine) input(now time.Time) judge.Input {
	b, r := e.book, e.traf.reading
	in := judge.Input{
		Now: now, Step: e.cfg.Service.Step, Settle: e.cfg.Service.settle(), Newest: b.ev.Last(), Blocks: b.ev.Blocks(), Alpha: e.cfg.Service.Alpha, Rollout: b.rollout,
		Plane: e.pla.state == frame.SourceLive, PlaneAway: e.pla.state == frame.SourceDown || e.pla.state == frame.SourceEmpty, Split: r.Configured, Evidence: b.ev.Said(), Measures: b.findings(), Gauges: b.gauges(now), Previous: b.verdict,
		Rates: sources.ByArm[analysis.Value]{Legacy: e.traf.rate(sources.Legacy), Candidate: e.traf.rate(sources.Candidate)},
	}
	if !in.Split.Known {
		in.Split = r.Effective
	}
	in.Servers.Legacy[0], in.Servers.Legacy[1] = r.Up(sources.Legacy)
	in.Servers.Candidate[0], in.Servers.Candidate[1] = r.Up(sources.Candidate)
	if e.met.state == frame.SourceDown && e.met.err != nil {
		in.Unreachable = sources.Visible(e.met.err.Error())
		in.Refused = errors.Is(e.met.err, sources.ErrDenied) || errors.Is(e.met.err, sources.ErrInvalid)
	}
	in.NoSeries = b.noSeries()
	in.Silent, in.Idle = b.silence()
	// A no-number of a while ago says nothing of an arm that was not scraped since: it crashed.
	in.Spoilt = in.Silent != 0 && slices.ContainsFunc(e.met.notes, func(n sources.Note) bool {
		return n.Kind == sources.NotePartial && n.Arm == in.Silent && n.At.After(b.goal.Add(-2*in.Step))
	})
	in.Router = b.router(r)
	in.Guards, in.Trouble = b.guards(now)
	in.Guards = append(in.Guards, e.checkGuards(now)...)
	return in
}

// noSeries says which guarded measure cannot be counted: it matched nothing, its query can never be answered, or its
// histogram lacks the edge it is judged at. Waiting helps none of these, so none may pass as undecided.
func (b *book) noSeries() string {
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		switch {
		case m.Judge != analysis.GuardIt:
		case errors.Is(h.err, sources.ErrNoData) || errors.Is(h.err, sources.ErrInvalid):
			return sources.Visible(h.err.Error())
		case m.Kind == analysis.Share && len(h.edges) > 0 && !slices.Contains(h.edges, m.Edge):
			return fmt.Sprintf("%s: the histogram has no edge at %gs (rampart doctor names its neighbours)", m.Name, m.Edge)
		}
	}
	return ""
}

// silence tells whether one arm stopped being scraped while the other goes on, or the candidate stopped getting
// requests, by the newest four blocks of the first measure that has any.
func (b *book) silence() (silent sources.Arm, idle bool) {
	const lately = 4
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		if !m.Asked() || h.blocks.len() < lately {
			continue
		}
		var scraped, requests sources.ByArm[int64]
		for i := h.blocks.len() - lately; i < h.blocks.len(); i++ {
			for _, a := range sources.Arms() {
				if c := h.blocks.of(i, a); c.Counts != nil {
					*scraped.Ptr(a)++
					*requests.Ptr(a) += c.Requests
				}
			}
		}
		for _, a := range sources.Arms() {
			if scraped.Of(a) == 0 && scraped.Of(a.Other()) >= lately-1 {
				return a, false
			}
		}
		return 0, scraped.Candidate > 0 && requests.Candidate == 0 && requests.Legacy > 0
	}
	return 0, false
}

// routerPast is the span over which the router's counters and the application's are compared.
const routerPast = 5 * time.Minute

// router compares the router's own counters with the application's.
func (b *book) router(r sources.Reading) judge.Router {
	up, all := r.Up(sources.Candidate)
	out := judge.Router{Down: all - up, Servers: all, Known: all > 0}
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		if h.blocks.len() == 0 {
			continue
		}
		end := h.blocks.last()
		switch {
		case m.Router:
			out.Candidate = h.share(m.Measure, h.within(sources.Candidate, end, routerPast), end)
			out.Legacy = h.share(m.Measure, h.within(sources.Legacy, end, routerPast), end)
		case m.Kind == analysis.Errors && !out.App.Known:
			out.App = h.share(m.Measure, h.within(sources.Candidate, end, routerPast), end)
		}
	}
	return out
}

// guards evaluates every guard now and finds legacy's own troubles.
func (b *book) guards(now time.Time) ([]analysis.GuardResult, []judge.Trouble) {
	var out []analysis.GuardResult
	var trouble []judge.Trouble
	for _, g := range b.svc.Guards {
		res := b.evaluate(g)
		key := g.Name + g.Arm.String()
		if res.Breached {
			if b.breach[key].IsZero() {
				b.breach[key] = now
			}
			if at := b.ev.WorseSince(g.Measure); g.Relative() && !at.IsZero() { // also of a past that was read at once
				b.breach[key] = at
			}
			res.Since = b.breach[key]
			if g.NotTheCandidate {
				trouble = append(trouble, judge.Trouble{Since: res.Since, Text: "legacy is over its own limit: " + res.Text})
			}
		} else {
			delete(b.breach, key)
		}
		res.Last = b.strips[key]
		out = append(out, res)
	}
	if t, ok := b.habit(); ok {
		trouble = append(trouble, t)
	}
	return out, trouble
}

// habit finds legacy doing much worse than an hour before: twice its rate, with enough errors to mean it.
func (b *book) habit() (judge.Trouble, bool) {
	const (
		recent, past = 5 * time.Minute, time.Hour
		enough       = 20
	)
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		if m.Kind != analysis.Errors || h.blocks.len() == 0 {
			continue
		}
		end := h.blocks.last()
		now, before := h.within(sources.Legacy, end, recent), h.within(sources.Legacy, end.Add(-recent), past)
		if now.Counts == nil || before.Counts == nil || now.Errors < enough || before.Requests == 0 || now.Requests == 0 {
			continue
		}
		rate, usual := float64(now.Errors)/float64(now.Requests), float64(before.Errors)/float64(before.Requests)
		if rate >= 2*usual {
			return judge.Trouble{Since: end.Add(-recent), Text: fmt.Sprintf("legacy's %s are %.3g %%, %.3g %% in the hour before", m.Name, 100*rate, 100*usual)}, true
		}
	}
	return judge.Trouble{}, false
}

// gauges are the reasons to trust or doubt the numbers, those of the evidence first.
func (b *book) gauges(now time.Time) []analysis.Gauge {
	out := b.ev.Gauges()
	if out == nil {
		return nil
	}
	return append(out, evidence.Warmth(b.started, now))
}
