package seq

import "math"

// SignFlip is evidence that paired differences, candidate less legacy, lean upwards. Its null hypothesis: given what came
// before and its size |d|, each difference is as likely to be -d as d, or lies lower than such a one. Nothing else is
// asked of the differences: latencies with any tail are fine, as each counts by its sign and a bounded weight.
//
// A bet b multiplies its wealth by e = exp(b x) / cosh(b x) = 1 + tanh(b x), whose mean over the two signs is 1 (de la Pena
// 1999; Ramdas, Ruf, Larsson and Koolen 2020, arXiv 2009.03167); it grows with x, so lower differences only lose. Here x is
// d/s held within 3 on either side, and the scale s the geometric mean of |d| over the pairs before that differed: it is
// known before the pair, and one very large difference hardly moves it. The first pair that differs carries no evidence.
type SignFlip struct {
	bets []float64
	logE []float64
	n    float64 // pairs that differed
	logs float64 // sum of ln|d|
}

// most bounds what one pair weighs, in scales: beyond it only the sign counts.
const most = 3

// NewSignFlip starts without evidence, with equal wealth on the bets .1, .2, .4 and .8.
func NewSignFlip() *SignFlip {
	s := &SignFlip{bets: []float64{.1, .2, .4, .8}}
	s.logE = make([]float64, len(s.bets))
	for i := range s.logE {
		s.logE[i] = -math.Log(float64(len(s.bets)))
	}
	return s
}

// Add takes one pair's difference. One that is not finite is left out; one of 0 says nothing and is no evidence.
func (s *SignFlip) Add(d float64) {
	if d == 0 || math.IsNaN(d) || math.IsInf(d, 0) {
		return
	}
	if s.n > 0 {
		x := max(-most, min(most, d/math.Exp(s.logs/s.n)))
		for i, b := range s.bets {
			s.logE[i] += logOnePlusTanh(float64(b * x))
		}
	}
	s.n++
	s.logs += math.Log(math.Abs(d))
}

// logOnePlusTanh is ln(1 + tanh x) = ln 2 - ln(1 + exp(-2x)), without loss at either end.
func logOnePlusTanh(x float64) float64 {
	if x >= 0 {
		return math.Ln2 - math.Log1p(math.Exp(-2*x))
	}
	return math.Ln2 + 2*x - math.Log1p(math.Exp(2*x))
}

// LogE is the evidence that the differences lean upwards.
func (s *SignFlip) LogE() float64 { return logSum(s.logE) }

// MarshalBinary saves the evidence.
func (s *SignFlip) MarshalBinary() ([]byte, error) { return save(s) }

// UnmarshalBinary goes on from saved evidence.
func (s *SignFlip) UnmarshalBinary(b []byte) error { return restore(s, b) }

func (s *SignFlip) state(c *codec) {
	c.floats(&s.n, &s.logs)
	c.slice(s.logE)
}
