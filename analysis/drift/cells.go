package drift

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"rampart/sources"
)

// ErrCells is the kind of every complaint about cells that do not hold together.
var ErrCells = errors.New("not a histogram")

// Cells is one side's values of a numeric feature, in the cells of a histogram.
type Cells struct {
	// Edges are the upper edges, finite and ascending, in the feature's unit.
	Edges []float64
	// Counts has one entry more than Edges: values at or below Edges[0], in (Edges[i-1], Edges[i]], above the last edge.
	Counts []float64
	// Zero is how many of the values are exactly 0, where that is known.
	Zero Amount
	// Missing is how many requests came without a value, where that is known. They are not in Counts.
	Missing Amount
	// Sum is the sum of all values, where that is known.
	Sum Amount
}

// FromHistogram takes a histogram as it was scraped. Prometheus knows no missing values and no exact zeros.
func FromHistogram(h sources.Histogram) Cells {
	c := Cells{Edges: h.Edges, Counts: make([]float64, len(h.Counts)), Sum: Of(h.Sum)}
	for k, n := range h.Counts {
		c.Counts[k] = float64(n)
	}
	return c
}

// N is how many values there are.
func (c Cells) N() float64 {
	n := 0.0
	for _, v := range c.Counts {
		n += v
	}
	return n
}

// Check says what is wrong with the cells, if anything.
func (c Cells) Check() error {
	if len(c.Counts) != len(c.Edges)+1 {
		return fmt.Errorf("%w: %d edges need %d cells, have %d", ErrCells, len(c.Edges), len(c.Edges)+1, len(c.Counts))
	}
	for k, e := range c.Edges {
		if !finite(e) || k > 0 && e <= c.Edges[k-1] {
			return fmt.Errorf("%w: edge %d is %g, edges must be finite and ascending", ErrCells, k+1, e)
		}
	}
	if err := checkCounts(c.Counts); err != nil {
		return err
	}
	for name, a := range map[string]Amount{"zero": c.Zero, "missing": c.Missing} {
		if a.V < 0 || !finite(a.V) {
			return fmt.Errorf("%w: %s count is %g", ErrCells, name, a.V)
		}
	}
	if n := c.N(); !finite(n) {
		return fmt.Errorf("%w: the counts sum to %g", ErrCells, n)
	}
	return nil
}

func checkCounts(counts []float64) error {
	for k, n := range counts {
		if n < 0 || !finite(n) {
			return fmt.Errorf("%w: cell %d holds %g", ErrCells, k+1, n)
		}
	}
	return nil
}

// Common brings two sides to the edges that both have; counts between them are added up. It reports whether anything had
// to be merged, and fails when no edge is common.
func Common(a, b Cells) (ca, cb Cells, merged bool, err error) {
	if slices.Equal(a.Edges, b.Edges) {
		return a, b, false, nil
	}
	var edges []float64
	for _, e := range a.Edges {
		if _, found := slices.BinarySearchFunc(b.Edges, e, compareEdges); found {
			edges = append(edges, e)
		}
	}
	if len(edges) == 0 {
		return Cells{}, Cells{}, false, fmt.Errorf("%w: the two sides have no edge in common", ErrCells)
	}
	return a.onto(edges), b.onto(edges), true, nil
}

// sameEdge is how far, relatively, one edge may be written from another: .1 and .1000000000000001 are one.
const sameEdge = 1e-9

func compareEdges(a, b float64) int {
	switch {
	case math.Abs(a-b) <= sameEdge*math.Max(math.Abs(a), math.Abs(b)):
		return 0
	case a < b:
		return -1
	default:
		return 1
	}
}

// onto adds the counts up to fewer edges, each of which the cells have.
func (c Cells) onto(edges []float64) Cells {
	out := c
	out.Edges, out.Counts = edges, make([]float64, len(edges)+1)
	at := 0
	for k, n := range c.Counts {
		if k > 0 && at < len(edges) && compareEdges(c.Edges[k-1], edges[at]) == 0 {
			at++
		}
		out.Counts[at] += n
	}
	return out
}

// clone is a copy that shares no memory.
func (c Cells) clone() Cells {
	c.Edges, c.Counts = slices.Clone(c.Edges), slices.Clone(c.Counts)
	return c
}

// plus adds the counts of another block over the same edges.
func (c Cells) plus(d Cells) Cells {
	out := Cells{
		Edges: c.Edges, Counts: slices.Clone(c.Counts),
		Zero: c.Zero.Plus(d.Zero), Missing: c.Missing.Plus(d.Missing), Sum: c.Sum.Plus(d.Sum),
	}
	for k, n := range d.Counts {
		out.Counts[k] += n
	}
	return out
}
