package seq

import "math"

// Pair is the two-by-two e-process of Turner, Ly and Gruenwald 2021 with rates estimated from earlier blocks: two-sided,
// valid for every common rate that may change from block to block, not only for rare errors. Slower than [RateRatio] for
// harm in one direction.
type Pair struct {
	gamma float64
	past  Block
	logE  float64
}

// NewPair starts without evidence; gamma is the Beta prior of both rates, .18 as in safestats.
func NewPair() *Pair { return &Pair{gamma: .18} }

// Add takes one block in. The first one carries no evidence: both rates are still the same.
func (p *Pair) Add(b Block) {
	a := p.rate(p.past.LegacyX, p.past.LegacyN)
	c := p.rate(p.past.CandidateX, p.past.CandidateN)
	if n := b.Requests(); n > 0 {
		t := (float64(b.LegacyN*a) + float64(b.CandidateN*c)) / n
		p.logE += pairStep(b.LegacyX, b.LegacyN, a, t) + pairStep(b.CandidateX, b.CandidateN, c, t)
	}
	p.past = p.past.Plus(b)
}

func (p *Pair) rate(x, n float64) float64 { return (x + p.gamma) / (n + float64(2*p.gamma)) }

// pairStep is x ln(p/t) + (n - x) ln((1 - p)/(1 - t)).
func pairStep(x, n, p, t float64) float64 {
	return float64(x*math.Log(p/t)) + float64((n-x)*(math.Log1p(-p)-math.Log1p(-t)))
}

// LogE is the evidence that the rates differ.
func (p *Pair) LogE() float64 { return p.logE }

// MarshalBinary saves the evidence.
func (p *Pair) MarshalBinary() ([]byte, error) { return save(p) }

// UnmarshalBinary goes on from saved evidence.
func (p *Pair) UnmarshalBinary(b []byte) error { return restore(p, b) }

func (p *Pair) state(c *codec) {
	c.same(p.gamma)
	c.block(&p.past)
	c.floats(&p.logE)
}
