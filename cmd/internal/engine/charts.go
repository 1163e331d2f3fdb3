package engine

import (
	"sync"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// smooth is the span that one point of a chart sums: single blocks of a small arm hold too few requests to read.
const smooth = time.Minute

// mostPoints bounds a chart; more than a wide terminal can draw is waste on every wire.
const mostPoints = 480

// drawCharts returns what turns the histories, as they are now, into what panels draw: once, and only when somebody looks
// at this service. Most of what a runner holds would else be the charts of services that nobody looks at.
func (b *book) drawCharts() func() []frame.Chart {
	var draws []func() frame.Chart
	for _, m := range b.svc.Measures {
		h := *b.hist[m.Name]
		if m.Kind == analysis.Latency || h.blocks.len() == 0 {
			continue
		}
		limit, badge := b.limitOf(m.Measure), b.ev.Badge(m.Name)
		draws = append(draws, func() frame.Chart {
			c := frame.Chart{Key: m.Name, Title: titleOf(m.Measure), Unit: analysis.Fraction, Window: chartWindow(&h), Limit: limit, Badge: badge}
			for _, a := range sources.Arms() {
				*c.Series.Ptr(a) = h.points(m.Measure, a)
			}
			return c
		})
	}
	return sync.OnceValue(func() []frame.Chart {
		var out []frame.Chart
		for _, draw := range draws {
			out = append(out, draw())
		}
		return out
	})
}

func chartWindow(h *history) sources.Window {
	first := max(0, h.blocks.len()-mostPoints)
	return sources.Window{From: h.blocks.end(first).Add(-h.step), To: h.blocks.last()}
}

// points is one arm's line: at each block the share over the last minute, a gap where the arm was not scraped or its
// histogram had other buckets.
func (h *history) points(m analysis.Measure, a sources.Arm) []frame.Point {
	first := max(0, h.blocks.len()-mostPoints)
	per := max(1, int(smooth/max(h.step, time.Second)))
	out := make([]frame.Point, 0, h.blocks.len()-first)
	for i := first; i < h.blocks.len(); i++ {
		end := h.blocks.end(i)
		p := frame.Point{T: end}
		switch one := h.blocks.of(i, a); {
		case one.Counts == nil:
			p.V = analysis.Missing("not scraped")
		case one.lost:
			p.V = analysis.Missing(otherBuckets)
		default:
			p.V = h.share(m, h.sumOf(a, max(0, i-per+1), i+1), end)
		}
		out = append(out, p)
	}
	return out
}

// strip is an arm's last half hour in equal cells, for the sparkline of a row.
func (h *history) strip(m analysis.Measure, a sources.Arm, end time.Time) []analysis.Value {
	const cells = 10
	out := make([]analysis.Value, cells)
	width := chartPast / cells
	for i := range out {
		at := end.Add(-width * time.Duration(cells-1-i))
		out[i] = h.share(m, h.within(a, at, width), at)
	}
	return out
}

// titleOf is a measure's name on a chart or in a row.
func titleOf(m analysis.Measure) string {
	if m.Kind == analysis.Errors && m.Name == "errors" {
		return "errors, app"
	}
	return m.Said()
}

// limitOf is the limit that a guard sets on the measure's own value; ratios have none that a line could show but
// legacy's value times the ratio, which the judge adds.
func (b *book) limitOf(m analysis.Measure) analysis.Value {
	for _, g := range b.svc.Guards {
		if g.Measure == m.Name && g.Max > 0 && g.Arm == sources.Candidate {
			return analysis.Number(g.Max, analysis.Fraction, 0)
		}
	}
	for _, g := range b.svc.Guards {
		h := b.hist[m.Name]
		if g.Measure == m.Name && g.MaxRatio > 0 && h.blocks.len() > 0 {
			if v := h.share(m, h.within(sources.Legacy, h.blocks.last(), chartPast), time.Time{}); v.Known {
				return analysis.Number(v.V*g.MaxRatio, analysis.Fraction, v.N)
			}
		}
	}
	return analysis.Missing("no limit")
}
