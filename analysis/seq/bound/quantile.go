package bound

import "math"

// quantileAlpha tunes the mixtures of quantiles; their validity does not depend on it.
const quantileAlpha = .05

// QuantileCells are the first and the last cell of a histogram that may hold the q-quantile, at confidence 1 - alpha at
// every sample size at once; tune is the sample size where that is tightest. It never interpolates within a cell. Cells
// are counts, not cumulated; false when they are empty.
//
// Requests above x deviate from q n by increments in [-q, 1-q], so the quantile lies above the last edge whose share below
// is at most q - lower/n, and not above the first whose share is at least q + upper/n.
func QuantileCells(cells []float64, q, tune, alpha float64) (first, last int, known bool) {
	n := sum(cells)
	if n == 0 || !(q > 0 && q < 1) {
		return 0, 0, false
	}
	w := q * (1 - q)
	lower := NewBetaBinomialOneSided(tune*w, alpha/2, 1-q, q).Bound(w*n, alpha/2)
	upper := NewBetaBinomialOneSided(tune*w, alpha/2, q, 1-q).Bound(w*n, alpha/2)
	last = len(cells) - 1
	below := 0.0
	for k, c := range cells[:len(cells)-1] {
		below += c
		if below <= q*n-lower {
			first = k + 1
		}
		if below >= q*n+upper {
			last = k
			break
		}
	}
	return first, last, true
}

// QuantileShift is evidence, ln E, that the q-quantiles of two arms differ, from histograms with the same cells; for raw
// values make a cell of each distinct value. In each cell every arm may choose the share below that suits it best, so the
// least over the cells bounds what any common quantile could explain: valid, and blind to changes inside one cell.
// From Howard and Ramdas 2022, theorem 5; the form for cells is a lower bound of it.
func QuantileShift(legacy, candidate []float64, q, tune float64) float64 {
	a, b := newQuantileArm(legacy, q, tune), newQuantileArm(candidate, q, tune)
	least := math.Inf(1)
	for k := range legacy {
		least = min(least, a.next(legacy[k])+b.next(candidate[k]))
	}
	return least
}

// quantileArm walks one arm's cells.
type quantileArm struct{ n, below, q, kappa float64 }

func newQuantileArm(cells []float64, q, tune float64) *quantileArm {
	w := q * (1 - q)
	return &quantileArm{n: sum(cells), q: q, kappa: spread(Rho(tune*w, quantileAlpha), q, 1-q) / w}
}

// next is the least log mixture over the shares below that the next cell spans.
func (a *quantileArm) next(count float64) float64 {
	from := a.below
	a.below += count
	best := min(max(a.q*a.n, from), a.below) // the mixture falls towards q and rises beyond
	return betaMixture(best, a.n, a.q, a.kappa)
}

// DoubleStitched bounds, for all quantiles p and all sample sizes from least on at once, how far the number of values
// below the p-quantile of t values deviates from p t (Howard and Ramdas 2022).
func DoubleStitched(p, t, alpha, least float64) float64 {
	const s, eta, delta = 1.4, 2, .5
	z := zeta(s)
	t = max(t, least)
	q := t / least
	logit := math.Log(p / (1 - p))
	r := p
	if p < .5 {
		r = min(.5, 1/(1+math.Exp(-logit-2*delta*math.Sqrt(eta/q))))
	}
	v := r * (1 - r)
	j := math.Sqrt(q)*math.Abs(logit)/(2*delta) + 1
	l := s*math.Log(math.Log(eta*q)) + s*math.Log(j) + math.Log(2*z*(2*z+1)/(alpha*math.Pow(math.Log(eta), s)))
	return delta*math.Sqrt(eta*q*v) + subGamma(v*t, l, (1-2*p)/3, eta)
}

func sum(x []float64) float64 {
	t := 0.0
	for _, v := range x {
		t += v
	}
	return t
}
