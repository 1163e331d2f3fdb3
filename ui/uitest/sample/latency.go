package sample

import (
	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// latencies is the histogram behind "over 250 ms": the candidate's p99 lies one cell higher.
func latencies(n sources.ByArm[int64]) frame.Feature {
	bounds := []float64{.01, .025, .05, .1, .25, .5, 1, 2.5}
	f := frame.Feature{
		Name: "over 250 ms", Measure: "slow", Mark: analysis.MarkReport, N: n, Limit: analysis.Missing("no guard"),
		Window: sources.Window{From: at(13, 44, 0), To: at(14, 5, 28)},
	}
	for _, b := range bounds {
		f.Edges = append(f.Edges, analysis.Number(b, analysis.Seconds, 0))
	}
	line := func(n int64, shares ...float64) (out []analysis.Value) {
		for _, s := range shares {
			out = append(out, percent(s, n))
		}
		return out
	}
	f.Cells.Legacy = line(n.Legacy, 12.4, 41.1, 28.3, 12.9, 4.4, .7, .16, .03, .01)
	f.Cells.Candidate = line(n.Candidate, 11.8, 39.6, 28.1, 13.8, 5.5, .8, .25, .15, 0)
	f.Quantiles = []frame.Quantile{
		{Name: "p50", Cell: sources.ByArm[analysis.Value]{Legacy: within(.01, .025, n.Legacy), Candidate: within(.01, .025, n.Candidate)}},
		{Name: "p90", Cell: sources.ByArm[analysis.Value]{Legacy: within(.05, .1, n.Legacy), Candidate: within(.05, .1, n.Candidate)}},
		{Name: "p99", Cell: sources.ByArm[analysis.Value]{Legacy: within(.1, .25, n.Legacy), Candidate: within(.25, .5, n.Candidate)}},
	}
	return f
}

// within is a value of which only the cell is known.
func within(lo, hi float64, n int64) analysis.Value {
	v := analysis.Number(hi, analysis.Seconds, n).Between(lo, hi)
	v.Cell = true
	return v
}
