package stat

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// WassersteinResult is the first Wasserstein (earth mover's) distance.
type WassersteinResult struct {
	// Distance is the integral of |F - G|, in the unit of the values.
	Distance float64
	// Below and Above are, for bucketed data, the share of a less the share of b
	// under the first and over the last edge. Those cells have no width, so what
	// moved there is not in Distance. Zero for raw values.
	Below, Above float64
	Basis
}

// Wasserstein is the distance between two samples of raw values.
func Wasserstein(x, y []float64) (WassersteinResult, error) {
	const op = "wasserstein"
	p := newPair(x, y)
	r := WassersteinResult{Basis: p.basis()}
	if err := r.enough(op, 1); err != nil {
		return WassersteinResult{}, err
	}
	r.Distance = p.gaps().area
	if err := inRange(op, r.Distance); err != nil {
		return WassersteinResult{}, err
	}
	return r, nil
}

// WassersteinWeighted is the distance between two samples whose values carry
// weights, each scaled to sum 1. N holds the sums of the weights used.
func WassersteinWeighted(x, wx, y, wy []float64) (WassersteinResult, error) {
	const op = "wasserstein weighted"
	r := WassersteinResult{}
	steps, err := r.steps(op, nil, x, wx, 1)
	if err != nil {
		return WassersteinResult{}, err
	}
	if steps, err = r.steps(op, steps, y, wy, -1); err != nil {
		return WassersteinResult{}, err
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	gap, last := 0.0, steps[0].at
	for _, s := range steps {
		if s.at > last {
			r.Distance += math.Abs(gap) * (s.at - last)
		}
		gap, last = gap+s.by, s.at
	}
	if err := inRange(op, r.Distance); err != nil {
		return WassersteinResult{}, err
	}
	return r, nil
}

// step is a jump of F - G.
type step struct{ at, by float64 }

// steps appends the jumps of one sample and notes its n.
func (r *WassersteinResult) steps(op string, to []step, x, w []float64, sign float64) ([]step, error) {
	if len(x) != len(w) {
		return nil, fmt.Errorf("%s: %w: %d values and %d weights", op, ErrShape, len(x), len(w))
	}
	first, dropped := len(to), 0
	var weights []float64
	for i, v := range x {
		if !isFinite(v) {
			dropped++
			continue
		}
		to = append(to, step{v, 0})
		weights = append(weights, w[i])
	}
	total, err := countTotal(op, weights)
	if err != nil {
		return nil, err
	}
	for i, v := range weights {
		to[first+i].by = sign * v / total
	}
	r.addSample(0, dropped)
	r.N[len(r.N)-1] = total
	return to, nil
}

// WassersteinCells is the distance between two histograms over the same cells:
// counts[0] lies at or below edges[0], counts[k] in (edges[k-1], edges[k]], the
// last above the last edge. Values are taken as spread evenly inside a cell, so the
// CDFs are straight lines there and the integral is exact. It needs two edges.
func WassersteinCells(edges, a, b []float64) (WassersteinResult, error) {
	const op = "wasserstein cells"
	gaps, basis, err := cellGaps(op, edges, a, b)
	if err != nil {
		return WassersteinResult{}, err
	}
	if len(edges) < 2 {
		return WassersteinResult{}, fmt.Errorf("%s: %w: one edge bounds no cell", op, ErrTooFew)
	}
	r := WassersteinResult{Basis: basis, Below: gaps[0], Above: -gaps[len(gaps)-1]}
	for k := 1; k < len(edges); k++ {
		r.Distance += cellArea(edges[k]-edges[k-1], gaps[k-1], gaps[k])
	}
	if err := inRange(op, r.Distance); err != nil {
		return WassersteinResult{}, err
	}
	r.warnUnplaced()
	return r, nil
}

// cellArea is the integral of the absolute value of a straight line that runs from
// g to h over a width.
func cellArea(width, g, h float64) float64 {
	if g*h >= 0 {
		return width * (math.Abs(g) + math.Abs(h)) / 2
	}
	return width * (g*g + h*h) / (2 * (math.Abs(g) + math.Abs(h)))
}

// rounding is a difference of shares that is only the error of adding them up.
const rounding = 1e-12

func (r *WassersteinResult) warnUnplaced() {
	if most := math.Max(math.Abs(r.Below), math.Abs(r.Above)); most > rounding {
		r.warn(Unplaced, 0, most)
	}
}

// cellGaps is F_a - F_b at each edge.
func cellGaps(op string, edges, a, b []float64) ([]float64, Basis, error) {
	totalA, err := checkCells(op, edges, a)
	if err != nil {
		return nil, Basis{}, err
	}
	totalB, err := checkCells(op, edges, b)
	if err != nil {
		return nil, Basis{}, err
	}
	gaps := make([]float64, len(edges))
	sumA, sumB := 0.0, 0.0
	for k := range edges {
		sumA += a[k]
		sumB += b[k]
		gaps[k] = sumA/totalA - sumB/totalB
	}
	return gaps, Basis{N: []float64{totalA, totalB}}, nil
}

// checkCells refuses edges that are not finite and ascending and rows that do not
// fit them.
func checkCells(op string, edges, counts []float64) (total float64, err error) {
	if len(edges) == 0 || len(counts) != len(edges)+1 {
		return 0, fmt.Errorf("%s: %w: %d edges need %d cells, have %d", op, ErrShape, len(edges), len(edges)+1, len(counts))
	}
	for k, e := range edges {
		if !isFinite(e) || k > 0 && e <= edges[k-1] {
			return 0, fmt.Errorf("%s: %w: edge %d is %g, edges must be finite and ascending", op, ErrShape, k+1, e)
		}
	}
	return countTotal(op, counts)
}
