package drift

import (
	"math"
	"math/rand/v2"
	"sync"

	"rampart/analysis/stat"
)

const (
	// bridges is how many Brownian bridges the expectation of the largest gap is averaged over: one part in a hundred
	// and fifty.
	bridges = 2000
	// bridgeSeed makes equal input give equal bytes.
	bridgeSeed = 20260105
)

// inverseN is c = 1/n_A + 1/n_B, the variance of a difference of two shares over p(1-p).
func inverseN(a, b float64) float64 { return 1/a + 1/b }

// nullPSI is E[PSI] when both sides have the same distribution over k cells: PSI is the Pearson form sum (p-q)^2/p to
// second order, whose mean is k-1 times c.
func nullPSI(k int, c float64) float64 { return float64(k-1) * c }

// nullJS is E[Jensen-Shannon distance]. The divergence is sum (p-q)^2/8p to second order, so the distance is
// sqrt(c/8) times a chi variable with k-1 degrees of freedom, of mean sqrt 2 Gamma(k/2)/Gamma((k-1)/2).
func nullJS(k int, c float64, base stat.LogBase) float64 {
	if k < 2 {
		return 0
	}
	upper, _ := math.Lgamma(float64(k) / 2)
	lower, _ := math.Lgamma(float64(k-1) / 2)
	mean, top := math.Sqrt(c/4)*math.Exp(upper-lower), math.Sqrt(math.Ln2)
	if base == stat.Bits {
		mean, top = mean/math.Sqrt(math.Ln2), 1
	}
	return math.Min(mean, top)
}

// nullTV is E[total variation]: half the sum over the cells of E|N(0, c p(1-p))|.
func nullTV(shares []float64, c float64) float64 {
	total := 0.0
	for _, p := range shares {
		total += math.Sqrt(p * (1 - p))
	}
	return math.Min(1, total*math.Sqrt(c/(2*math.Pi)))
}

// nullW1 is E[Wasserstein distance] between two histograms with straight CDFs. At a point that splits its cell
// (share p, F below it) in the ratio t : 1-t, one request contributes to the CDF a variable of variance
// F_t (1 - F_t) - p t (1-t), F_t = F + t p, and E|N(0, s^2)| = s sqrt(2/pi).
func nullW1(edges, shares []float64, c float64) float64 {
	total, below := 0.0, shares[0]
	for k := 1; k < len(edges); k++ {
		total += (edges[k] - edges[k-1]) * meanSpread(below, shares[k])
		below += shares[k]
	}
	return total * math.Sqrt(2*c/math.Pi)
}

// meanSpread integrates the standard deviation over one cell by Simpson's rule. It is the root of a quadratic in t.
func meanSpread(below, p float64) float64 {
	const steps = 16
	spread := func(t float64) float64 {
		f := below + t*p
		return math.Sqrt(math.Max(0, f*(1-f)-p*t*(1-t)))
	}
	total := spread(0) + spread(1)
	for i := 1; i < steps; i++ {
		total += spread(float64(i)/steps) * float64(2+2*(i%2))
	}
	return total / (3 * steps)
}

// nullKS is E[largest gap at the edges].
func nullKS(shares []float64, c float64) float64 {
	z := normals(bridges * len(shares))
	total, walk, root := 0.0, make([]float64, len(shares)), make([]float64, len(shares))
	for k, p := range shares {
		root[k] = math.Sqrt(p)
	}
	for range bridges {
		end := 0.0
		for k, r := range root {
			end += r * z[k]
			walk[k] = end
		}
		z = z[len(shares):]
		below, top := 0.0, 0.0
		for k, p := range shares[:len(shares)-1] {
			below += p
			if gap := math.Abs(walk[k] - below*end); gap > top {
				top = gap
			}
		}
		total += top
	}
	return math.Min(1, total/bridges*math.Sqrt(c))
}

// commonCells is how many cells most features have, or fewer.
const commonCells = 20

// drawn are the normals of every nullKS of that many cells. They are the same each time, so they are drawn once in a process:
// drawing them took half of the time.
var drawn = sync.OnceValue(func() []float64 { return drawNormals(bridges * commonCells) })

// normals returns the first n of the normals.
func normals(n int) []float64 {
	if z := drawn(); n <= len(z) {
		return z[:n:n]
	}
	return drawNormals(n)
}

func drawNormals(n int) []float64 {
	r, z := rand.New(rand.NewPCG(bridgeSeed, 0)), make([]float64, n)
	for i := range z {
		z[i] = r.NormFloat64()
	}
	return z
}
