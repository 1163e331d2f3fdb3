package engine

import (
	"context"
	"math"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/drift"
	"rampart/analysis/frame"
	"rampart/sources"
)

// driftPast is the span over which distributions are compared, or the rollout's age when it is younger.
const driftPast = 30 * time.Minute

// driftEvery is how often distributions are read. Half an hour of them hardly changes from scrape to scrape, and they are
// the largest answers of all: read with each block they were half of what an idle console did.
const driftEvery = time.Minute

// readDrift compares every feature and score of both arms over the same window: once a minute, and at once for another
// candidate or after a failure.
func (e *Engine) readDrift(ctx context.Context, end time.Time) {
	if len(e.cfg.Service.Drift) == 0 {
		return
	}
	e.mu.Lock()
	if e.book.driftOf == e.book.rollout.ID && end.Before(e.book.driftNext) {
		e.mu.Unlock()
		return
	}
	rollout := e.book.rollout.ID
	from := end.Add(-driftPast)
	if since := e.book.rollout.Since; since.After(from) {
		from = since
	}
	e.mu.Unlock()
	w := sources.Window{From: sources.Align(from, e.cfg.Service.Step), To: end}
	if w.Length() < e.cfg.Service.Step {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askDeadline)
	defer cancel()
	var out []frame.Feature
	next := end.Add(driftEvery)
	for _, d := range e.cfg.Service.Drift {
		got, err := e.cfg.Metrics.Distributions(ctx, d.Query, w)
		if err != nil {
			next = end
			out = append(out, frame.Feature{Name: d.Name, Measure: d.Name, Mark: analysis.MarkMissing, PSI: analysis.Missing(sources.Visible(err.Error()))})
			continue
		}
		for _, g := range got {
			out = append(out, feature(d, g, w))
		}
	}
	slices.SortStableFunc(out, compareDrift)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.book.drift, e.book.driftAt, e.book.driftOf, e.book.driftNext = out, end, rollout, next
}

// compareDrift puts what drifted most above its expectation first.
func compareDrift(a, b frame.Feature) int {
	x, y := excess(a), excess(b)
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}

func excess(f frame.Feature) float64 {
	if !f.PSI.Known {
		return -1
	}
	return f.PSI.V - f.PSINull.V
}

// feature is one distribution as a panel shows it.
func feature(d Drift, g sources.Distribution, w sources.Window) frame.Feature {
	var r drift.Report
	if d.Query.Gauges {
		r = drift.CompareValues(g.Values.Legacy, g.Values.Candidate, drift.Options{Feature: g.Name})
	} else {
		r = drift.CompareHistograms(g.Histogram, drift.Options{Feature: g.Name})
	}
	f := featureOf(d, r, sizes(g), w)
	f.Notes = slices.Concat(g.Notes, r.Notes)
	return f
}

// featureOf is a comparison as a panel shows it.
func featureOf(d Drift, r drift.Report, n sources.ByArm[int64], w sources.Window) frame.Feature {
	f := frame.Feature{
		Name: r.Feature, Measure: d.Name, Binning: r.Binning, N: n, Notes: r.Notes,
		PSI: distance(r.PSI, n, w), JS: distance(r.JS, n, w), W1: distance(r.W1, n, w), KS: distance(r.KS, n, w),
		PSINull: amount(r.PSI.Expected, n.Candidate, "no expectation at this n"), KSP: amount(r.KS.P, n.Candidate, "one look only"),
		Legacy:    amount(r.Sides.Legacy.Mean, n.Legacy, noMean(n, sources.Legacy)).AsOf(w.To),
		Candidate: amount(r.Sides.Candidate.Mean, n.Candidate, noMean(n, sources.Candidate)).AsOf(w.To),
		Cells:     sources.ByArm[[]analysis.Value]{Legacy: shares(r.Sides.Legacy), Candidate: shares(r.Sides.Candidate)},
	}
	for _, edge := range r.Sides.Legacy.Edges {
		f.Edges = append(f.Edges, analysis.Number(edge, analysis.Bare, 0))
	}
	f.Limit = analysis.Missing("no guard")
	if d.MaxPSI > 0 {
		f.Limit = analysis.Number(d.MaxPSI, analysis.Bare, 0)
	}
	f.Mark = driftMark(d, f)
	return f
}

// sizes are the values of each arm; of the distribution itself, because a comparison with an empty arm has none.
func sizes(g sources.Distribution) (n sources.ByArm[int64]) {
	for _, a := range sources.Arms() {
		*n.Ptr(a) = int64(len(g.Values.Of(a)))
		if h := g.Histogram.Of(a); h != nil {
			*n.Ptr(a) = h.N()
		}
	}
	return n
}

// driftMark says how a feature stands: over its limit, moved, or as expected.
func driftMark(d Drift, f frame.Feature) analysis.Mark {
	switch {
	case !f.PSI.Known:
		return analysis.MarkMissing
	case d.MaxPSI > 0 && f.PSI.V > d.MaxPSI && f.PSI.V > 3*f.PSINull.V:
		return analysis.MarkWarn
	}
	return analysis.MarkReport
}

func distance(d drift.Distance, n sources.ByArm[int64], w sources.Window) analysis.Value {
	if !d.Known {
		return analysis.Missing(whyNone(n, d.Why))
	}
	return analysis.Number(d.Value, analysis.Bare, min(n.Legacy, n.Candidate)).AsOf(w.To)
}

// whyNone names the arm that had nothing to compare; only then is another reason needed.
func whyNone(n sources.ByArm[int64], otherwise string) string {
	switch {
	case n.Legacy == 0 && n.Candidate == 0:
		return "no values in the window"
	case n.Legacy == 0:
		return "no legacy values in the window"
	case n.Candidate == 0:
		return "no candidate values in the window"
	}
	return otherwise
}

// noMean says why an arm with so many values has no mean; with an empty arm beside it none was taken.
func noMean(n sources.ByArm[int64], a sources.Arm) string {
	switch {
	case n.Of(a) == 0:
		return "no values in the window"
	case n.Legacy == 0 || n.Candidate == 0:
		return "nothing to compare with"
	}
	return "the source has no sum"
}

func amount(a drift.Amount, n int64, why string) analysis.Value {
	if !a.Known || math.IsNaN(a.V) || math.IsInf(a.V, 0) {
		return analysis.Missing(why)
	}
	return analysis.Number(a.V, analysis.Bare, n)
}

func shares(s drift.Side) []analysis.Value {
	out := make([]analysis.Value, len(s.Shares))
	for i, v := range s.Shares {
		out[i] = analysis.Number(v, analysis.Fraction, int64(s.N))
	}
	return out
}
