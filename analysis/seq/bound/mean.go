package bound

import (
	"fmt"
	"math"
)

// Moments are one arm's values, added up.
type Moments struct{ N, Sum, SumSquares float64 }

// Proportions are the moments of x ones among n.
func Proportions(x, n float64) Moments { return Moments{N: n, Sum: x, SumSquares: x} }

func (m Moments) mean() float64 { return m.Sum / m.N }

// variance with n - 1, or p(1 - p) for ones and zeros, as its authors have it.
func (m Moments) variance() float64 {
	if m.Sum == m.SumSquares {
		p := m.mean()
		return p * (1 - p)
	}
	return max(0, (m.SumSquares-m.Sum*m.Sum/m.N)/(m.N-1))
}

// Estimate is a difference with an interval and p-value that hold at every look, asymptotically.
type Estimate struct {
	Value, Lo, Hi, P float64
	// Doubt says why the asymptotics should not be trusted yet; empty: they may.
	Doubt string
}

// leastN is the number of values per arm below which the normal approximation is not to be shown.
const leastN = 100

// MeanDifference compares the means of two arms, candidate minus legacy, or relative to legacy's mean (delta method). tune
// is the total number of values where the interval is tightest: set it to the one where the decision is wanted.
// Asymptotic (Waudby-Smith et al., arXiv 2103.06476) and for a constant split only: on a ramp use one per stage.
func MeanDifference(legacy, candidate Moments, relative bool, tune, alpha float64) (Estimate, error) {
	if legacy.N < 2 || candidate.N < 2 {
		return Estimate{}, fmt.Errorf("mean difference: %v and %v values: want two in each arm", legacy.N, candidate.N)
	}
	mA, mB := legacy.mean(), candidate.mean()
	d, va, vb := mB-mA, legacy.variance()/legacy.N, candidate.variance()/candidate.N
	if relative {
		if mA == 0 {
			return Estimate{}, fmt.Errorf("mean difference: relative to a mean of 0")
		}
		d, va, vb = d/mA, va*mB*mB/(mA*mA*mA*mA), vb/(mA*mA)
	}
	e := asymptotic(d, va+vb, legacy.N+candidate.N, tune, alpha)
	if min(legacy.N, candidate.N) < leastN {
		e.Doubt = fmt.Sprintf("needs %d values in each arm", leastN)
	}
	return e, nil
}

func asymptotic(d, se2, n, tune, alpha float64) Estimate {
	l := -2 * math.Log(alpha)
	rho := math.Sqrt((l + math.Log(l+1)) / tune)
	w := n*rho*rho + 1
	half := math.Sqrt(se2*n) * math.Sqrt(2*w/(n*rho*n*rho)*math.Log(math.Sqrt(w)/alpha))
	p := 1.0
	if se2 > 0 {
		p = min(1, math.Sqrt(w)*math.Exp(-rho*rho*n*d*d/(2*se2*w)))
	}
	return Estimate{Value: d, Lo: d - half, Hi: d + half, P: p}
}
