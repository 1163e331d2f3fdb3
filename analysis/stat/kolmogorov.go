package stat

import "math"

// exactPaths is the largest m n for which the lattice paths are summed.
const exactPaths = 1_000_000

// KolmogorovResult is the two-sample Kolmogorov-Smirnov test.
type KolmogorovResult struct {
	// D is the largest distance between the two empirical CDFs.
	D float64
	// At is the smallest value where D is reached.
	At float64
	// Sign is +1 when the CDF of x is the higher one at At (x tends to be
	// smaller), -1 when that of y is, 0 when D is 0.
	Sign int
	// P is two-sided.
	P float64
	// Method says which distribution P is from.
	Method Method
	Basis
}

// KolmogorovSmirnov compares the whole distributions of two samples. The exact
// p-value is the share of lattice paths that reach the distance (Hodges 1958) and
// is used up to mn = 1e6; the asymptotic one is 2 sum (-1)^(k-1) exp(-2 k^2 l^2)
// with l = D sqrt(mn/(m+n)). Both are conservative with ties.
func KolmogorovSmirnov(x, y []float64, method Method) (KolmogorovResult, error) {
	p := newPair(x, y)
	r := KolmogorovResult{Basis: p.basis()}
	if err := r.enough("kolmogorov-smirnov", 1); err != nil {
		return KolmogorovResult{}, err
	}
	g := p.gaps()
	m, n := float64(len(p.x)), float64(len(p.y))
	r.D, r.Sign = float64(g.top)/(m*n), g.sign
	if r.At = valueOf(g.at); g.top == 0 {
		r.At = valueOf(p.x[0])
	}
	r.Method = r.settle(method, m*n <= exactPaths)
	if r.Method == Exact {
		r.P = outsidePaths(len(p.x), len(p.y), int(g.top))
	} else {
		r.P = kolmogorovTail(r.D * math.Sqrt(m/(m+n)*n))
		r.warnSmall(meanSample)
	}
	if g.tied > 0 {
		r.warn(Ties, 0, float64(g.tied))
	}
	return r, nil
}

// outsidePaths is the probability that a random lattice path from (0, 0) to
// (m, n) has a point with |i n - j m| >= top. The last step to (i, j) comes from
// the left with probability i/(i+j), so the probability of having been outside is
// a weighted mean: nothing overflows and small values keep their digits.
func outsidePaths(m, n, top int) float64 {
	if top == 0 {
		return 1
	}
	column := make([]float64, n+1)
	for i := range m + 1 {
		for j := range n + 1 {
			gap := i*n - j*m
			switch {
			case gap >= top || -gap >= top:
				column[j] = 1
			case i == 0 && j == 0:
				column[j] = 0
			case i == 0:
				column[j] = column[j-1]
			case j > 0:
				column[j] = (float64(i)*column[j] + float64(j)*column[j-1]) / float64(i+j)
			}
		}
	}
	return clamp(column[n])
}

// kolmogorovTail is P(sup |B| >= l) of the Brownian bridge. The series that
// converges at once is taken on either side of 1 (Kolmogorov 1933).
func kolmogorovTail(l float64) float64 {
	if l <= 0 {
		return 1
	}
	sum := 0.0
	if l < 1 {
		for k := 1.0; k <= 9; k += 2 {
			sum += math.Exp(-k * k * math.Pi * math.Pi / (8 * l * l))
		}
		return clamp(1 - math.Sqrt(2*math.Pi)/l*sum)
	}
	sign := 1.0
	for k := 1.0; k <= 8; k++ {
		sum += sign * math.Exp(-2*k*k*l*l)
		sign = -sign
	}
	return clamp(2 * sum)
}

// KolmogorovCells is D of two histograms over the same cells (see WassersteinCells
// for their meaning). It sees the CDFs at the edges only, so D is a lower bound of
// that of the raw values and the asymptotic P an upper one.
func KolmogorovCells(edges, a, b []float64) (KolmogorovResult, error) {
	gaps, basis, err := cellGaps("kolmogorov cells", edges, a, b)
	if err != nil {
		return KolmogorovResult{}, err
	}
	r := KolmogorovResult{At: edges[0], Method: Asymptotic, Basis: basis}
	for k, g := range gaps {
		if h := math.Abs(g); h > r.D+rounding {
			r.D, r.At, r.Sign = math.Min(1, h), edges[k], 1
			if g < 0 {
				r.Sign = -1
			}
		}
	}
	m, n := r.N[0], r.N[1]
	r.P = kolmogorovTail(r.D * math.Sqrt(1/(1/m+1/n)))
	r.warnSmall(meanSample)
	return r, nil
}
