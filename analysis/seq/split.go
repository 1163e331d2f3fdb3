package seq

import "math"

// Split is evidence that requests do not arrive in the shares that were configured (sample ratio mismatch). The share is
// known in each block, so the binomial bets of [RateRatio] apply with pi = share, in both directions. Request counters
// are noisier than chance (retries, keep-alive, sticky sessions): it warns and never acts. Leave out the block in which
// the share changed.
type Split struct {
	bets Bets // on the candidate's share being higher, then lower
	logE *RateRatio
}

// NewSplit starts without evidence.
func NewSplit() *Split {
	g := Grid()
	both := Bets{}
	for _, b := range []Bets{g, g.Mirror()} {
		both.delta = append(both.delta, b.delta...)
		both.gain = append(both.gain, b.gain...)
		for _, w := range b.weight {
			both.weight, both.logWeight = append(both.weight, w/2), append(both.logWeight, math.Log(w/2))
		}
	}
	return &Split{bets: both, logE: NewRateRatio(0, both)}
}

// Add takes one block whose candidate share was share from begin to end.
func (s *Split) Add(share, legacyN, candidateN float64) {
	total := legacyN + candidateN
	if total == 0 {
		return
	}
	r := s.logE
	s.bets.costs(r.cost, share)
	s.bets.steps(r.step, r.cost, candidateN, total)
	r.take(r.step, 1)
}

// LogE is the evidence for a mismatch.
func (s *Split) LogE() float64 { return s.logE.LogE() }

// MarshalBinary saves the evidence.
func (s *Split) MarshalBinary() ([]byte, error) { return s.logE.MarshalBinary() }

// UnmarshalBinary goes on from saved evidence.
func (s *Split) UnmarshalBinary(b []byte) error { return s.logE.UnmarshalBinary(b) }
