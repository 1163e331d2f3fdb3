package drift

import (
	"fmt"
	"slices"

	"rampart/analysis/stat"
	"rampart/sources"
)

// Compare measures how far the candidate's values lie from legacy's. Different edges are merged to the common ones. It
// never fails: what cannot be known says why in the report.
func Compare(legacy, candidate Cells, o Options) Report {
	r := newReport(Numeric, o)
	for _, c := range []Cells{legacy, candidate} {
		if err := c.Check(); err != nil {
			r.unknownAll(err.Error())
			return r
		}
	}
	r.compareShares(legacy, candidate)
	a, b, merged, err := Common(legacy, candidate)
	if err != nil {
		r.unknownAll(err.Error())
		return r
	}
	r.Binning = fmt.Sprintf("%d cells", len(a.Counts))
	if merged {
		r.note(sources.NoteMerged, "edges differ, %d of %d and %d are common", len(a.Edges), len(legacy.Edges), len(candidate.Edges))
	}
	r.Sides = sources.ByArm[Side]{Legacy: a.side(), Candidate: b.side()}
	if a.N() == 0 || b.N() == 0 {
		r.unknownAll("no values on one side")
		return r
	}
	r.fill(a, b, o)
	return r
}

// CompareHistograms is Compare for what a scrape gives; nil is an arm that was not scraped.
func CompareHistograms(h sources.ByArm[*sources.Histogram], o Options) Report {
	for _, arm := range sources.Arms() {
		if h.Of(arm) == nil {
			r := newReport(Numeric, o)
			r.unknownAll(arm.String() + " was not scraped")
			return r
		}
	}
	r := Compare(FromHistogram(*h.Legacy), FromHistogram(*h.Candidate), o)
	r.Notes = append(r.Notes, slices.Concat(h.Legacy.Notes, h.Candidate.Notes)...)
	return r
}

func (c Cells) side() Side {
	s := Side{N: c.N(), Mean: c.Sum.Over(c.N()), Edges: c.Edges, Shares: make([]float64, len(c.Counts))}
	if s.N > 0 {
		for k, n := range c.Counts {
			s.Shares[k] = n / s.N
		}
	}
	return s
}

func (r *Report) compareShares(a, b Cells) {
	r.Missing = compareShare(a.Missing, b.Missing, a.N()+a.Missing.V, b.N()+b.Missing.V, "the source does not count missing values")
	r.Zero = compareShare(a.Zero, b.Zero, a.N(), b.N(), "the source does not count zeros")
}

// fill takes the distances of two sides with values over the same edges.
func (r *Report) fill(a, b Cells, o Options) {
	s := pooledShape(a.Counts, b.Counts, stat.PoolNeighbours)
	if s.merged > 0 {
		r.Binning += fmt.Sprintf(", %d sparse ones merged into neighbours for PSI and JS", s.merged)
	}
	r.PSI, r.JS = s.psi(), s.js(o.base())
	r.TV = unknown("taken of categories only")
	r.W1, r.KS = unknown("there is no edge"), unknown("there is no edge")
	if len(a.Edges) == 0 {
		return
	}
	c, shares := inverseN(a.N(), b.N()), pooledShares(a.Counts, b.Counts)
	if k, err := stat.KolmogorovCells(a.Edges, a.Counts, b.Counts); err != nil {
		r.KS = failed(err)
	} else {
		r.KS = known(k.D, Of(nullKS(shares, c)), k.Basis)
		r.KS.P = Of(k.P)
	}
	if w, err := stat.WassersteinCells(a.Edges, a.Counts, b.Counts); err != nil {
		r.W1 = failed(err)
	} else {
		r.W1 = known(w.Distance, Of(nullW1(a.Edges, shares, c)), w.Basis)
	}
}

// CompareValues measures the drift of raw values: gauges, one per series, or scores from logs. PSI and Jensen-Shannon are
// taken over the deciles of both sides together, Wasserstein and Kolmogorov-Smirnov of the values. Values that are not
// finite count as missing.
func CompareValues(legacy, candidate []float64, o Options) Report {
	r := newReport(Numeric, o)
	edges := deciles(slices.Concat(legacy, candidate))
	a, b := binned(legacy, edges), binned(candidate, edges)
	r.compareShares(a, b)
	r.Binning = fmt.Sprintf("%d cells at the deciles of both sides", len(a.Counts))
	r.Sides = sources.ByArm[Side]{Legacy: a.side(), Candidate: b.side()}
	if a.N() == 0 || b.N() == 0 {
		r.unknownAll("no values on one side")
		return r
	}
	r.fill(a, b, o)
	if k, err := stat.KolmogorovSmirnov(legacy, candidate, stat.Auto); err != nil {
		r.KS = failed(err)
	} else {
		r.KS = known(k.D, Amount{}, k.Basis)
		r.KS.P = Of(k.P)
	}
	if w, err := stat.Wasserstein(legacy, candidate); err != nil {
		r.W1 = failed(err)
	} else {
		r.W1 = known(w.Distance, Amount{}, w.Basis)
	}
	return r
}

// deciles are the edges that cut the values into ten cells, fewer when values repeat.
func deciles(x []float64) []float64 {
	q, err := stat.Quantiles(x, .1, .2, .3, .4, .5, .6, .7, .8, .9)
	if err != nil {
		return nil
	}
	return slices.Compact(q.Values)
}

// binned puts values into cells.
func binned(x, edges []float64) Cells {
	c := Cells{Edges: edges, Counts: make([]float64, len(edges)+1), Zero: Of(0), Missing: Of(0)}
	sum := 0.0
	for _, v := range x {
		if !finite(v) {
			c.Missing.V++
			continue
		}
		k, _ := slices.BinarySearch(edges, v)
		c.Counts[k]++
		if sum += v; v == 0 {
			c.Zero.V++
		}
	}
	c.Sum = Of(sum)
	return c
}
