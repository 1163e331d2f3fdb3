package peer

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"rampart/analysis/seq"
)

// PooledZ looks at the pooled two-proportion z of all requests so far, at every scrape: what a dashboard with a p-value
// does.
type PooledZ struct {
	limit float64
	sum   seq.Block
	fired bool
}

// NewPooledZ fires when the two-sided p falls below alpha and the candidate is the worse one.
func NewPooledZ(alpha float64) *PooledZ {
	return &PooledZ{limit: distuv.UnitNormal.Quantile(1 - alpha/2)}
}

// Name names the test.
func (p *PooledZ) Name() string { return "pooled z" }

// Rule says when it fires.
func (p *PooledZ) Rule() string {
	return fmt.Sprintf("all requests so far, z > %.2f, looked at with every scrape", p.limit)
}

// Add looks once more.
func (p *PooledZ) Add(b seq.Block, missing bool) bool {
	if missing {
		return p.fired
	}
	p.sum = p.sum.Plus(b)
	p.fired = p.fired || p.z() > p.limit
	return p.fired
}

// z is (p_B - p_A)/sqrt(p(1-p)(1/n_A + 1/n_B)), 0 where it has no variance.
func (p *PooledZ) z() float64 {
	s := p.sum
	rate := s.Events() / s.Requests()
	v := rate * (1 - rate) * (1/s.LegacyN + 1/s.CandidateN)
	if !(v > 0) || math.IsInf(v, 0) {
		return 0
	}
	return (s.CandidateX/s.CandidateN - s.LegacyX/s.LegacyN) / math.Sqrt(v)
}

// PooledMixture is the always valid test of one constant split (Lindon and Malek 2022) on all counts so far: right as long
// as the split never changes, which is what a ramp does.
type PooledMixture struct {
	need  float64
	sum   seq.Block
	fired bool
}

// concentration of the prior around the null share, for errors.
const concentration = 100

// NewPooledMixture fires at evidence 1/alpha when the candidate is the worse one.
func NewPooledMixture(alpha float64) *PooledMixture { return &PooledMixture{need: math.Log(1 / alpha)} }

// Name names the test.
func (p *PooledMixture) Name() string { return "pooled mixture" }

// Rule says when it fires.
func (p *PooledMixture) Rule() string {
	return fmt.Sprintf("Dirichlet mixture over all requests so far (k = %d), evidence of %.3gx", concentration, math.Exp(p.need))
}

// Add looks once more.
func (p *PooledMixture) Add(b seq.Block, missing bool) bool {
	if missing {
		return p.fired
	}
	p.sum = p.sum.Plus(b)
	if !p.fired {
		p.fired = p.harm() && p.logE() >= p.need
	}
	return p.fired
}

func (p *PooledMixture) harm() bool {
	return p.sum.CandidateX*p.sum.LegacyN > p.sum.LegacyX*p.sum.CandidateN
}

// logE is the evidence that errors do not follow the split of the requests so far; 0 while an arm has none.
func (p *PooledMixture) logE() float64 {
	s := p.sum
	if s.LegacyN == 0 || s.CandidateN == 0 {
		return 0
	}
	null := []float64{s.LegacyN / s.Requests(), s.CandidateN / s.Requests()}
	d, err := seq.NewDirichlet(null, seq.Scaled(null, concentration))
	if err != nil {
		return 0
	}
	d.Add([]float64{s.LegacyX, s.CandidateX})
	return d.LogE()
}
