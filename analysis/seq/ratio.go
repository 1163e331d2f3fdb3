package seq

import "math"

// RateRatio is the e-process for two error counts whose split may change from block to block. Its null hypothesis: in
// every block the candidate's rate is at most (1 + margin) times legacy's; with mirrored bets: at least.
//
// In block j with X events in all, x_B of them the candidate's, and pi = n_B (1+m) / (n_A + n_B (1+m)), the bet delta
// multiplies its wealth by e = exp(delta x_B) / (1 - pi + pi e^delta)^X. With c = 1 - pi + pi e^delta the mean of e is at
// most exp(n_A p_A (1/c - 1) + n_B p_B (e^delta/c - 1)) for Poisson and for binomial counts, and the exponent is at most 0
// under the null, 0 at its boundary, whatever the common rate was in that block. With a constant split this is the
// conditional test of Lindon and Malek 2022.
type RateRatio struct {
	margin     float64
	bets       Bets
	logE       []float64 // ln(weight) + sum of ln e, by bet
	cost, step []float64
}

// NewRateRatio starts an e-process without evidence.
func NewRateRatio(margin float64, bets Bets) *RateRatio {
	n := bets.Len()
	r := &RateRatio{margin: margin, bets: bets, logE: make([]float64, n), cost: make([]float64, n), step: make([]float64, n)}
	for i, w := range bets.weight {
		r.logE[i] = math.Log(w)
	}
	return r
}

// Add takes one block in; phi >= 1, known before the block, divides its evidence ([Dispersion]).
func (r *RateRatio) Add(b Block, phi float64) {
	x := b.Events()
	if x == 0 {
		return
	}
	r.bets.costs(r.cost, b.share(1+r.margin))
	r.bets.steps(r.step, r.cost, b.CandidateX, x)
	r.take(r.step, phi)
}

// take adds the bets' steps, which the caller has computed.
func (r *RateRatio) take(steps []float64, phi float64) {
	for i, s := range steps {
		r.logE[i] += s / phi
	}
}

// LogE is the evidence against the null hypothesis, ln E.
func (r *RateRatio) LogE() float64 { return logSum(r.logE) }

// MarshalBinary saves the evidence.
func (r *RateRatio) MarshalBinary() ([]byte, error) { return save(r) }

// UnmarshalBinary goes on from saved evidence.
func (r *RateRatio) UnmarshalBinary(b []byte) error { return restore(r, b) }

func (r *RateRatio) state(c *codec) {
	c.same(r.margin)
	c.slice(r.logE)
}
