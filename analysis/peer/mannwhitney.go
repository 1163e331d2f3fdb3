package peer

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Class is what Kayenta calls a metric.
type Class uint8

// The classes. The zero value: there were no data.
const (
	NoData Class = iota
	Pass
	High
	Low
)

var classNames = [...]string{"no data", "pass", "high", "low"}

// String is the class's word.
func (c Class) String() string { return classNames[min(int(c), len(classNames)-1)] }

const (
	kayentaConfidence = .98
	// kayentaTolerance is the part of the estimated shift that the interval must keep from 0.
	kayentaTolerance = .25
	// rootTolerance is where the root finding ends: as R's wilcox.test ends it.
	rootTolerance = 1e-4
)

// Shift is how far the experiment lies above the control, with its confidence interval.
type Shift struct{ Estimate, Lo, Hi float64 }

// Classify calls the experiment HIGH when the confidence interval of its shift lies above a quarter of the shift's
// size, LOW when it lies below minus a quarter, else PASS (Kayenta's judge: Mann-Whitney at 98 %, tolerance .25). Two
// equal samples pass.
func Classify(experiment, control []float64) Class {
	if len(experiment) == 0 || len(control) == 0 {
		return NoData
	}
	x, y := slices.Sorted(slices.Values(experiment)), slices.Sorted(slices.Values(control))
	if slices.Equal(x, y) {
		return Pass
	}
	s := newShift(x, y, kayentaConfidence)
	bound := kayentaTolerance * math.Abs(s.Estimate)
	switch {
	case s.Lo > bound:
		return High
	case s.Hi < -bound:
		return Low
	}
	return Pass
}

// newShift inverts the normal form of the Mann-Whitney test with ties and continuity correction, as R's wilcox.test does
// with conf.int: each end is the shift d at which z of x - d against y crosses a quantile. The correction is half a step
// towards 0 for the estimate too, as Kayenta has it: where U is half a step from its mean z is 0 over a whole range of
// shifts, and the estimate is its lower end. Both samples are sorted.
func newShift(x, y []float64, confidence float64) Shift {
	r := roots{x: x, y: y, lo: x[0] - y[len(y)-1], hi: x[len(x)-1] - y[0]}
	z := distuv.UnitNormal.Quantile(1 - (1-confidence)/2)
	return Shift{Estimate: r.find(0), Lo: r.find(z), Hi: r.find(-z)}
}

// roots finds shifts between two sorted samples.
type roots struct {
	x, y   []float64
	lo, hi float64
}

// find is the shift at which z equals the quantile, by bisection; an end of the range where there is none.
func (r roots) find(quantile float64) float64 {
	lo, hi := r.lo, r.hi
	if lo == hi || r.excess(lo, quantile) <= 0 {
		return lo
	}
	if r.excess(hi, quantile) >= 0 {
		return hi
	}
	for hi-lo > rootTolerance {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if r.excess(mid, quantile) > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + (hi-lo)/2
}

// excess is z of the samples at shift d, less the quantile; it falls in d.
func (r roots) excess(d, quantile float64) float64 {
	m, n := float64(len(r.x)), float64(len(r.y))
	u, cubes := rankSum(r.x, r.y, d)
	sigma := math.Sqrt(m * n / 12 * ((m + n + 1) - cubes/((m+n)*(m+n-1))))
	if sigma == 0 {
		return -quantile
	}
	off := u - m*n/2
	if off != 0 {
		off -= math.Copysign(.5, off)
	}
	return off/sigma - quantile
}

// rankSum is U of x - d against y, ties counting one half, and the sum of t^3 - t over ties, in one walk over both.
func rankSum(x, y []float64, d float64) (u, cubes float64) {
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		var v float64
		switch {
		case i == len(x):
			v = y[j]
		case j == len(y) || cmp.Less(x[i]-d, y[j]):
			v = x[i] - d
		default:
			v = y[j]
		}
		below, a, b := float64(j), 0, 0
		for ; i < len(x) && x[i]-d == v; i++ {
			a++
		}
		for ; j < len(y) && y[j] == v; j++ {
			b++
		}
		u += float64(a) * (below + float64(b)/2)
		if t := float64(a + b); t > 1 {
			cubes += t*t*t - t
		}
	}
	return u, cubes
}
