package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ShiftResult is the Hodges-Lehmann estimate of how far x lies above y.
type ShiftResult struct {
	// Shift is the median of all differences x_i - y_j, in the unit of the values.
	Shift float64
	// Lo and Hi are order statistics of those differences.
	Lo, Hi float64
	// Confidence is what Lo and Hi reach: exact when Method is, else as asked.
	Confidence float64
	// Method says which distribution of U chose the order statistics.
	Method Method
	Basis
}

// HodgesLehmann estimates the shift between two samples with the interval that
// inverts the Mann-Whitney test (Hodges, Lehmann 1963; Hollander, Wolfe,
// Chicken 2014, section 4.3). The differences are never listed: an order statistic
// is found by bisection on the bits of a float64, in O(m + n) per bit.
func HodgesLehmann(x, y []float64, confidence float64) (ShiftResult, error) {
	const op = "hodges-lehmann"
	if err := level(op, "confidence", confidence); err != nil {
		return ShiftResult{}, err
	}
	p := newPair(x, y)
	r := ShiftResult{Basis: p.basis()}
	if err := r.enough(op, 1); err != nil {
		return ShiftResult{}, err
	}
	d := newDifferences(p)
	k := r.order(p, confidence)
	r.Lo, r.Hi = d.at(k), d.at(d.count-k+1)
	r.Shift = d.median()
	if err := inRange(op, r.Shift, r.Lo, r.Hi); err != nil {
		return ShiftResult{}, err
	}
	return r, nil
}

// order picks which difference, counted from either end, bounds the interval.
func (r *ShiftResult) order(p pair, confidence float64) int64 {
	ranks := p.ranks()
	m, n := float64(len(p.x)), float64(len(p.y))
	if ranks.tied > 0 {
		r.warn(Ties, 0, float64(ranks.tied))
	}
	if r.Method = r.settle(Auto, ranks.tied == 0 && m*n <= exactPairs); r.Method == Exact {
		null := nullU(len(p.x), len(p.y))
		k := max(1, null.quantile((1-confidence)/2))
		if r.Confidence = 1 - 2*null.below(k-1); r.Confidence < confidence {
			r.warn(ShortOfConfidence, 0, r.Confidence)
		}
		return int64(k)
	}
	r.warnSmall(rankSample)
	r.Confidence = confidence
	z := distuv.UnitNormal.Quantile((1 + confidence) / 2)
	k := math.Floor(m*n/2 + 0.5 - z*rankSigma(m, n, ranks.cubes))
	return int64(math.Max(1, k))
}

// differences is the sorted multiset x_i - y_j, not written out.
type differences struct {
	x, y  []float64
	count int64
}

func newDifferences(p pair) differences {
	d := differences{make([]float64, len(p.x)), make([]float64, len(p.y)), int64(len(p.x)) * int64(len(p.y))}
	for i, k := range p.x {
		d.x[i] = valueOf(k)
	}
	for j, k := range p.y {
		d.y[j] = valueOf(k)
	}
	return d
}

func (d differences) median() float64 {
	lo := d.at((d.count + 1) / 2)
	if d.count%2 == 1 {
		return lo
	}
	return lo/2 + d.at(d.count/2+1)/2
}

// at is the k-th smallest difference, k from 1.
func (d differences) at(k int64) float64 {
	lo := keyOf(d.x[0] - d.y[len(d.y)-1])
	hi := keyOf(d.x[len(d.x)-1] - d.y[0])
	for lo < hi {
		mid := lo + (hi-lo)/2
		if d.upTo(valueOf(mid)) >= k {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return valueOf(lo) + 0 // no negative zero
}

// upTo counts the differences that are at most v. Rounded subtraction is still
// monotone in both arguments, so one pointer moves one way.
func (d differences) upTo(v float64) int64 {
	count, j := int64(0), 0
	for _, x := range d.x {
		for j < len(d.y) && x-d.y[j] > v {
			j++
		}
		count += int64(len(d.y) - j)
	}
	return count
}
