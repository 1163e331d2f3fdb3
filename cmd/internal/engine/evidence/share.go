package evidence

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/stat"
	"rampart/sources"
)

// Share is the measure's value of some counts: the bad part of all requests.
func Share(m analysis.Measure, edges []float64, c *sources.Counts, at time.Time) analysis.Value {
	switch {
	case c == nil:
		return analysis.Missing("not scraped")
	case c.Requests == 0:
		return analysis.Missing("no request in the window").AsOf(at)
	}
	bad := c.Errors
	if m.Kind == analysis.Share {
		above, ok := sources.Histogram{Edges: edges, Counts: c.Cells}.Above(m.Edge)
		if !ok {
			return analysis.Missing("the histogram has no such edge")
		}
		bad = above
	}
	lo, hi := Wilson(bad, c.Requests)
	return analysis.Number(float64(bad)/float64(c.Requests), analysis.Fraction, c.Requests).Between(lo, hi).AsOf(at)
}

// Wilson is the 95 % score interval of a share; the whole range where there is none.
func Wilson(bad, n int64) (lo, hi float64) {
	lo, hi, err := stat.Wilson(stat.Proportion{Hits: float64(bad), N: float64(n)}, 0.95)
	if err != nil {
		return 0, 1
	}
	return lo, hi
}
