package engine

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/evidence"
	"rampart/sources"
)

// named are the quantiles whose cells are told.
func named() []struct {
	name string
	q    float64
} {
	return []struct {
		name string
		q    float64
	}{{"p50", .5}, {"p90", .9}, {"p99", .99}}
}

// latencyCells are the histograms of all measures that have cells: over the rollout so far, or over the last half hour
// where no rollout is known. They rest on the same blocks as the shares above an edge, so both tell one story.
func (b *book) latencyCells() []frame.Feature {
	var out []frame.Feature
	for _, m := range b.svc.Measures {
		h := b.hist[m.Name]
		if (m.Kind != analysis.Share && m.Kind != analysis.Latency) || len(h.edges) == 0 || h.blocks.len() == 0 {
			continue
		}
		out = append(out, b.cellsOf(m, h))
	}
	return out
}

func (b *book) cellsOf(m Measure, h *history) frame.Feature {
	end := h.blocks.last()
	f := frame.Feature{
		Name: titleOf(m.Measure), Measure: m.Name, Mark: analysis.MarkReport, Limit: analysis.Missing("no guard"),
		Window: sources.Window{From: b.countedFrom(end), To: end},
	}
	for _, e := range h.edges {
		f.Edges = append(f.Edges, analysis.Number(e, analysis.Seconds, 0))
	}
	var sums sources.ByArm[*sources.Counts]
	for _, a := range sources.Arms() {
		sum := b.cellCounts(m, h, a, end)
		*sums.Ptr(a) = sum
		*f.Cells.Ptr(a) = cellShares(h.edges, sum)
		if sum != nil {
			*f.N.Ptr(a) = sum.Requests
		}
	}
	for _, n := range named() {
		q := frame.Quantile{Name: n.name}
		for _, a := range sources.Arms() {
			*q.Cell.Ptr(a) = quantile(h.edges, sums.Of(a), n.q, end)
		}
		f.Quantiles = append(f.Quantiles, q)
	}
	return f
}

// cellCounts adds up one arm over the rollout; where nothing has been judged yet, over the last half hour. Both arms are
// counted over the same span: an arm that the rollout has not seen has no cells, rather than older ones.
func (b *book) cellCounts(m Measure, h *history, a sources.Arm, end time.Time) *sources.Counts {
	if !b.ev.First().IsZero() {
		return b.ev.Total(m.Name, a)
	}
	return h.within(a, end, chartPast).Counts
}

// countedFrom is since when the cells are counted.
func (b *book) countedFrom(end time.Time) time.Time {
	if !b.ev.First().IsZero() {
		return b.ev.First().Add(-b.svc.Step)
	}
	return end.Add(-chartPast)
}

// cellShares are the shares of the cells, each with its 95 % interval; nil where nothing was counted.
func cellShares(edges []float64, c *sources.Counts) []analysis.Value {
	if c == nil || c.Requests == 0 || len(c.Cells) != len(edges)+1 {
		return nil
	}
	out := make([]analysis.Value, len(c.Cells))
	for i, n := range c.Cells {
		lo, hi := evidence.Wilson(n, c.Requests)
		out[i] = analysis.Number(float64(n)/float64(c.Requests), analysis.Fraction, c.Requests).Between(lo, hi)
	}
	return out
}
