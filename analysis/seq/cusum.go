package seq

import "math"

// Cusum is an e-detector of the CUSUM form (Shin, Ramdas and Rinaldo 2022): M_d = max(M_d, 1) e_j(d)^(1/phi), M the
// weighted mean over the bets. Reaching A happens on average no more often than once in A blocks while nothing is wrong.
// It holds that average run length, not a false-alarm probability: it is a warning for long bakes and must be labelled so.
type Cusum struct {
	weight []float64 // ln
	logM   []float64
	sum    []float64
}

// NewCusum starts a detector over slots with these weights.
func NewCusum(weights []float64) *Cusum {
	c := &Cusum{logM: make([]float64, len(weights)), sum: make([]float64, len(weights))}
	for _, w := range weights {
		c.weight = append(c.weight, math.Log(w))
	}
	return c
}

// Add takes the steps ln e of each slot, divided by phi.
func (c *Cusum) Add(steps []float64, phi float64) {
	for i, s := range steps {
		c.logM[i] = max(c.logM[i], 0) + s/phi
	}
}

// LogM is ln M.
func (c *Cusum) LogM() float64 {
	for i, l := range c.logM {
		c.sum[i] = l + c.weight[i]
	}
	return logSum(c.sum)
}

// MarshalBinary saves the state.
func (c *Cusum) MarshalBinary() ([]byte, error) { return save(c) }

// UnmarshalBinary goes on from a saved state.
func (c *Cusum) UnmarshalBinary(b []byte) error { return restore(c, b) }

func (c *Cusum) state(k *codec) { k.slice(c.logM) }
