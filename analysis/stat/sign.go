package stat

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// SignResult is the sign test of untied pairs.
type SignResult struct {
	// Share is the part of the pairs that are positive.
	Share float64
	// P is two-sided and exact.
	P float64
	Basis
}

// Sign tests whether positive and negative pairs are equally likely; ties were left out. P is twice the smaller tail of
// the binomial with chance 1/2, at most 1 (Dixon and Mood 1946); it is exact and, as the null is symmetric, the same as
// adding up all outcomes that are no likelier than the one seen.
func Sign(positive, negative int64) (SignResult, error) {
	const op = "sign"
	if positive < 0 || negative < 0 {
		return SignResult{}, fmt.Errorf("%s: %w: %d and %d", op, ErrCounts, positive, negative)
	}
	n := float64(positive) + float64(negative)
	if n == 0 {
		return SignResult{}, fmt.Errorf("%s: %w: no pair is decided", op, ErrTooFew)
	}
	b := distuv.Binomial{N: n, P: .5}
	r := SignResult{Share: float64(positive) / n, P: clamp(2 * b.CDF(float64(min(positive, negative))))}
	r.N = []float64{n}
	return r, nil
}
