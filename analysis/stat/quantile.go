package stat

import (
	"fmt"
	"math"
)

// QuantileResult is quantiles of one sample.
type QuantileResult struct {
	// Values are in the order the probabilities were given.
	Values []float64
	Basis
}

// Quantiles interpolates between order statistics, h = (n-1)q (type 7 of Hyndman,
// Fan 1996, the default of R and NumPy).
func Quantiles(x []float64, q ...float64) (QuantileResult, error) {
	const op = "quantiles"
	keys, dropped := sortedKeys(x)
	r := QuantileResult{Values: make([]float64, len(q))}
	r.addSample(len(keys), dropped)
	if err := r.enough(op, 1); err != nil {
		return QuantileResult{}, err
	}
	for i, p := range q {
		if !(p >= 0 && p <= 1) {
			return QuantileResult{}, fmt.Errorf("%s: %g: %w, must be inside [0, 1]", op, p, ErrLevel)
		}
		whole, part := math.Modf(p * float64(len(keys)-1))
		lo := int(whole)
		hi := min(lo+1, len(keys)-1)
		r.Values[i] = between(valueOf(keys[lo]), valueOf(keys[hi]), part)
	}
	return r, nil
}

// between interpolates from the nearer end, so that part 0 and 1 give lo and hi
// themselves, and survives ends too far apart to subtract.
func between(lo, hi, part float64) float64 {
	width := hi - lo
	switch {
	case !isFinite(width):
		return lo*(1-part) + hi*part
	case part < 0.5:
		return lo + width*part
	default:
		return hi - width*(1-part)
	}
}

// QuantileCell is where a quantile of bucketed data lies: between two edges.
type QuantileCell struct {
	// Lo and Hi are the edges around it.
	Lo, Hi float64
	// OpenBelow and OpenAbove say that the cell has no lower or upper edge; the
	// corresponding limit is then unknown and repeats the other one.
	OpenBelow, OpenAbove bool
	// Point interpolates inside the cell; in an open cell it repeats the one edge
	// and is no estimate.
	Point float64
	Basis
}

// CellQuantile finds the cell of the q-quantile of a histogram (see WassersteinCells
// for the meaning of edges and counts): the first whose cumulated share reaches q.
// A cell is what buckets can tell; the point inside it is a guess for drawing.
func CellQuantile(edges, counts []float64, q float64) (QuantileCell, error) {
	const op = "cell quantile"
	total, err := checkCells(op, edges, counts)
	if err != nil {
		return QuantileCell{}, err
	}
	if !(q >= 0 && q <= 1) {
		return QuantileCell{}, fmt.Errorf("%s: %g: %w, must be inside [0, 1]", op, q, ErrLevel)
	}
	k, before := findCell(counts, q*total)
	last := len(edges) - 1
	c := QuantileCell{Lo: edges[max(0, k-1)], Hi: edges[min(k, last)], OpenBelow: k == 0, OpenAbove: k > last}
	c.N = []float64{total}
	switch {
	case c.OpenBelow:
		c.Point = c.Hi
	case c.OpenAbove:
		c.Point = c.Lo
	default:
		c.Point = between(c.Lo, c.Hi, clamp((q*total-before)/counts[k]))
	}
	if c.OpenBelow || c.OpenAbove {
		c.warn(OpenCell, 0, counts[k]/total)
	}
	return c, nil
}

// findCell is the first filled cell whose cumulated count reaches the target.
func findCell(counts []float64, target float64) (k int, before float64) {
	for i, n := range counts {
		if n == 0 {
			continue
		}
		k = i
		if before+n >= target {
			break
		}
		before += n
	}
	return k, before
}

// DKW is the half-width of the band that holds the whole CDF of n independent values
// with the confidence given, sqrt(ln(2/alpha) / 2n) (Dvoretzky, Kiefer, Wolfowitz
// 1956; constant of Massart 1990). It holds for one look.
func DKW(n, confidence float64) (float64, error) {
	const op = "dkw"
	if err := level(op, "confidence", confidence); err != nil {
		return 0, err
	}
	if !(n >= 1) || !isFinite(n) {
		return 0, fmt.Errorf("%s: %w: n is %g", op, ErrTooFew, n)
	}
	return math.Min(1, math.Sqrt(math.Log(2/(1-confidence))/(2*n))), nil
}
