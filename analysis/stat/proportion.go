package stat

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Proportion is a share of N: errors of requests, say.
type Proportion struct{ Hits, N float64 }

// Share is Hits / N; N must be above 0.
func (p Proportion) Share() float64 { return p.Hits / p.N }

func (p Proportion) check(op string) error {
	switch {
	case !isFinite(p.Hits) || !isFinite(p.N) || p.Hits < 0 || p.Hits > p.N:
		return fmt.Errorf("%s: %w: %g of %g", op, ErrCounts, p.Hits, p.N)
	case p.N == 0:
		return fmt.Errorf("%s: %w: n is 0", op, ErrTooFew)
	}
	return nil
}

// TwoProportionsResult is the pooled z test of equal proportions.
type TwoProportionsResult struct {
	// Difference is share of b - share of a.
	Difference float64
	// Z is Difference over its standard error under equality.
	Z float64
	// P is two-sided.
	P float64
	Basis
}

// TwoProportions tests z = (b - a) / sqrt(p (1-p) (1/n_a + 1/n_b)) with p the pooled
// share. When no one or everyone was hit there is one table only and P is 1.
func TwoProportions(a, b Proportion) (TwoProportionsResult, error) {
	const op = "two proportions"
	for _, p := range []Proportion{a, b} {
		if err := p.check(op); err != nil {
			return TwoProportionsResult{}, err
		}
	}
	r := TwoProportionsResult{Basis: Basis{N: []float64{a.N, b.N}}}
	r.Difference = b.Share() - a.Share()
	pooled := (a.Hits + b.Hits) / (a.N + b.N)
	if sigma := math.Sqrt(pooled * (1 - pooled) * (1/a.N + 1/b.N)); sigma > 0 {
		r.Z = r.Difference / sigma
	}
	if err := inRange(op, r.Difference, pooled, r.Z); err != nil {
		return TwoProportionsResult{}, err
	}
	r.P = twoSided(r.Z)
	r.warnProportions(pooled)
	return r, nil
}

// warnProportions counts the cells of the two by two table that expect too few.
func (r *TwoProportionsResult) warnProportions(pooled float64) {
	few := 0
	for _, n := range r.N {
		for _, p := range []float64{pooled, 1 - pooled} {
			if n*p < sparse {
				few++
			}
		}
	}
	if few > 0 {
		r.warn(SparseCells, 0, float64(few))
	}
}

// Wilson is the score interval of one proportion (Wilson 1927).
func Wilson(p Proportion, confidence float64) (lo, hi float64, err error) {
	const op = "wilson"
	if err := level(op, "confidence", confidence); err != nil {
		return 0, 0, err
	}
	if err := p.check(op); err != nil {
		return 0, 0, err
	}
	z := -distuv.UnitNormal.Quantile((1 - confidence) / 2)
	share, w := p.Share(), z*z/p.N
	middle := (share + w/2) / (1 + w)
	half := math.Sqrt(w*share*(1-share)+w*w/4) / (1 + w)
	if err := inRange(op, middle, half); err != nil {
		return 0, 0, err
	}
	lo, hi = clamp(middle-half), clamp(middle+half)
	if p.Hits == 0 {
		lo = 0
	}
	if p.Hits == p.N {
		hi = 1
	}
	return lo, hi, nil
}

// Stratum is the two arms inside one scrape, route or region.
type Stratum struct{ A, B Proportion }

// CMHResult is the Cochran-Mantel-Haenszel test over strata.
type CMHResult struct {
	// Z is positive when b has more hits than its share.
	Z float64
	// P is two-sided.
	P float64
	// Strata is how many held information.
	Strata int
	Basis

	oddsUp, oddsDown, rateUp, rateDown float64
}

// CMH tests whether a and b have equal proportions inside every stratum, whatever
// the proportions are between strata: z = sum(x_B - X n_B/N) /
// sqrt(sum X (N-X) n_A n_B / (N^2 (N-1))), without continuity correction (Mantel,
// Haenszel 1959). Strata with one arm missing, or with no or only hits, say nothing.
func CMH(strata []Stratum) (CMHResult, error) {
	const op = "cmh"
	r := CMHResult{Basis: Basis{N: []float64{0, 0}}}
	excess, variance := 0.0, 0.0
	for i, s := range strata {
		for _, p := range []Proportion{s.A, s.B} {
			if err := p.check(op); err != nil && !errors.Is(err, ErrTooFew) {
				return CMHResult{}, fmt.Errorf("stratum %d: %w", i+1, err)
			}
		}
		e, v := r.add(s)
		excess += e
		variance += v
	}
	if skipped := len(strata) - r.Strata; skipped > 0 {
		r.warn(EmptyStrata, 0, float64(skipped))
	}
	if r.Strata == 0 {
		return CMHResult{}, fmt.Errorf("%s: %w: no stratum has both arms and both outcomes", op, ErrTooFew)
	}
	r.Z = excess / math.Sqrt(variance)
	if err := inRange(op, r.Z); err != nil {
		return CMHResult{}, err
	}
	r.P = twoSided(r.Z)
	if variance < sparse {
		r.warn(SparseCells, 0, float64(r.Strata))
	}
	return r, nil
}

// add takes one stratum in and gives the excess of b's hits and its variance.
func (r *CMHResult) add(s Stratum) (excess, variance float64) {
	hits, n := s.A.Hits+s.B.Hits, s.A.N+s.B.N
	if s.A.N == 0 || s.B.N == 0 || hits == 0 || hits == n || n <= 1 {
		return 0, 0
	}
	r.Strata++
	r.N[0] += s.A.N
	r.N[1] += s.B.N
	r.oddsUp += s.B.Hits / n * (s.A.N - s.A.Hits)
	r.oddsDown += s.A.Hits / n * (s.B.N - s.B.Hits)
	r.rateUp += s.B.Hits / n * s.A.N
	r.rateDown += s.A.Hits / n * s.B.N
	share := hits / n
	return s.B.Hits - share*s.B.N, share * (1 - share) * s.A.N * (s.B.N / (n - 1))
}

// OddsRatio is the Mantel-Haenszel odds ratio of b to a.
func (r CMHResult) OddsRatio() (float64, error) {
	return ratio("cmh odds ratio", r.oddsUp, r.oddsDown)
}

// RateRatio is the Mantel-Haenszel ratio of the rates of b to a: no artefact of a
// share that moves from stratum to stratum, as the pooled ratio is.
func (r CMHResult) RateRatio() (float64, error) {
	return ratio("cmh rate ratio", r.rateUp, r.rateDown)
}

func ratio(op string, up, down float64) (float64, error) {
	if down == 0 {
		return 0, fmt.Errorf("%s: %w", op, ErrEmptyCell)
	}
	if err := inRange(op, up/down); err != nil {
		return 0, err
	}
	return up / down, nil
}
