package stat

import (
	"fmt"
	"math"
)

// hedgesExact is the degrees of freedom up to which the gamma functions keep more
// digits than the expansion.
const hedgesExact = 1e5

// StandardizedResult is a difference of means in standard deviations.
type StandardizedResult struct {
	// CohenD is (mean x - mean y) / pooled standard deviation.
	CohenD float64
	// HedgesG is CohenD without its small-sample bias.
	HedgesG float64
	Basis
}

// StandardizedDifference gives Cohen's d and Hedges' g = J d with
// J = Gamma(v/2) / (sqrt(v/2) Gamma((v-1)/2)), v = m+n-2 (Hedges 1981). It needs two
// values in each sample.
func StandardizedDifference(x, y []float64) (StandardizedResult, error) {
	const op = "standardized difference"
	x, y, basis := finitePair(x, y)
	r := StandardizedResult{Basis: basis}
	if err := r.enough(op, 2); err != nil {
		return StandardizedResult{}, err
	}
	meanX, varX := moments(x, x[0])
	meanY, varY := moments(y, x[0])
	df := r.N[0] + r.N[1] - 2
	pooled := (r.N[0]-1)/df*varX + (r.N[1]-1)/df*varY
	if pooled == 0 {
		return StandardizedResult{}, fmt.Errorf("%s: %w", op, ErrNoSpread)
	}
	r.CohenD = (meanX - meanY) / math.Sqrt(pooled)
	r.HedgesG = r.CohenD * hedgesJ(df)
	if err := inRange(op, r.CohenD, r.HedgesG); err != nil {
		return StandardizedResult{}, err
	}
	r.warnSmall(meanSample)
	r.warnVariances(varX, varY)
	return r, nil
}

func hedgesJ(df float64) float64 {
	if df > hedgesExact {
		return 1 - 3/(4*df-1)
	}
	upper, _ := math.Lgamma(df / 2)
	lower, _ := math.Lgamma((df - 1) / 2)
	return math.Exp(upper-lower) / math.Sqrt(df/2)
}

// CliffResult is Cliff's delta.
type CliffResult struct {
	// Delta is P(X > Y) - P(X < Y), from -1 to 1.
	Delta float64
	Basis
}

// CliffDelta is 2U/mn - 1 (Cliff 1993): how often a value of x exceeds one of y, less
// the reverse. It asks nothing of the distributions.
func CliffDelta(x, y []float64) (CliffResult, error) {
	p := newPair(x, y)
	r := CliffResult{Basis: p.basis()}
	if err := r.enough("cliff delta", 1); err != nil {
		return CliffResult{}, err
	}
	pairs := int64(len(p.x)) * int64(len(p.y))
	r.Delta = float64(p.ranks().twiceU-pairs) / float64(pairs)
	return r, nil
}
