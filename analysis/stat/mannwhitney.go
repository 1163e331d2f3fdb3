package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

const (
	// exactPairs is the largest m n for which the exact null of U is worked out.
	exactPairs = 10_000
	// rankSample is the n from which the normal limit of a rank sum is good to
	// the second digit (SciPy changes over at the same n).
	rankSample = 8
)

// MannWhitneyResult is the Mann-Whitney U test of P(X > Y) + P(X = Y)/2 = 1/2.
type MannWhitneyResult struct {
	// U is the number of pairs in which x is larger, ties counting one half.
	U float64
	// Z is the standardised U with continuity correction, signed like U - mn/2.
	Z float64
	// P is two-sided.
	P float64
	// Method says which distribution P is from.
	Method Method
	// Superiority is P(X > Y) + P(X = Y)/2 = U / mn.
	Superiority float64
	Basis
}

// MannWhitney compares two samples by rank. With ties the variance is
// mn/12 ((N+1) - sum(t^3-t)/(N(N-1))) and z = (|U - mn/2| - 1/2) / sigma; the exact
// distribution (Mann, Whitney 1947) holds without ties and is used up to mn = 10 000.
// When all values are equal there is one arrangement only and P is 1.
func MannWhitney(x, y []float64, method Method) (MannWhitneyResult, error) {
	p := newPair(x, y)
	r := MannWhitneyResult{Basis: p.basis()}
	if err := r.enough("mann-whitney", 1); err != nil {
		return MannWhitneyResult{}, err
	}
	ranks := p.ranks()
	m, n := float64(len(p.x)), float64(len(p.y))
	r.U = float64(ranks.twiceU) / 2
	r.Superiority = r.U / (m * n)
	r.Z = rankZ(r.U-m*n/2, rankSigma(m, n, ranks.cubes))
	r.Method = r.settle(method, ranks.tied == 0 && m*n <= exactPairs)
	if r.Method == Exact {
		r.P = exactU(len(p.x), len(p.y), r.U)
	} else {
		r.P = twoSided(r.Z)
		r.warnSmall(rankSample)
	}
	if ranks.tied > 0 {
		r.warn(Ties, 0, float64(ranks.tied))
	}
	return r, nil
}

// rankSigma is the standard deviation of U under the null, 0 when all are tied.
func rankSigma(m, n, cubes float64) float64 {
	total := m + n
	if total < 2 {
		return 0
	}
	return math.Sqrt(math.Max(0, m*n/12*((total+1)-cubes/(total*(total-1)))))
}

// rankZ standardises a signed deviation after taking half a step off it.
func rankZ(deviation, sigma float64) float64 {
	size := math.Abs(deviation) - 0.5
	if sigma == 0 || size <= 0 {
		return 0
	}
	return math.Copysign(size/sigma, deviation)
}

// twoSided is the probability that a standard normal is further out than z.
func twoSided(z float64) float64 {
	return clamp(2 * distuv.UnitNormal.Survival(math.Abs(z)))
}

// exactU is the two-sided exact p-value, twice the tail beyond the larger of U
// and mn - U.
func exactU(m, n int, u float64) float64 {
	small := min(u, float64(m*n)-u)
	return clamp(2 * nullU(m, n).below(int(small)))
}

// tail is a distribution on 0, 1, 2 ... that is symmetric: weights up to the
// middle, relative to the total.
type tail struct {
	weights []float64
	total   float64
}

// below is P(U <= u) for u up to the middle.
func (t tail) below(u int) float64 {
	sum := 0.0
	for i := 0; i <= u && i < len(t.weights); i++ {
		sum += t.weights[i]
	}
	return sum / t.total
}

// quantile is the least u with P(U <= u) >= p, for p up to one half.
func (t tail) quantile(p float64) int {
	sum := 0.0
	for i, w := range t.weights {
		if sum += w; sum >= p*t.total {
			return i
		}
	}
	return len(t.weights) - 1
}

// nullU counts the arrangements of m and n values for each U up to mn/2: the
// coefficients of the Gaussian binomial, built one value of the smaller sample at
// a time as (1-q^(n+i)) / (1-q^i). Each polynomial is symmetric, so only the
// rising half is computed, where the differences do not cancel.
func nullU(m, n int) tail {
	if m > n {
		m, n = n, m
	}
	counts := []float64{1}
	for i := 1; i <= m; i++ {
		counts = growU(counts, n, i)
	}
	total := 0.0
	for _, c := range counts {
		total += c
	}
	return tail{counts[:m*n/2+1], total}
}

// growU turns the counts for i-1 values into those for i values.
func growU(counts []float64, n, i int) []float64 {
	degree := n * i
	grown := make([]float64, degree+1)
	for u := 0; u <= degree/2; u++ {
		if u < len(counts) {
			grown[u] = counts[u]
		}
		if k := u - n - i; k >= 0 && k < len(counts) {
			grown[u] -= counts[k]
		}
		if u >= i {
			grown[u] += grown[u-i]
		}
		grown[degree-u] = grown[u]
	}
	return grown
}
