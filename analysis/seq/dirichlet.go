package seq

import (
	"fmt"
	"math"
	"slices"
)

// Dirichlet is the multinomial mixture e-process of Lindon and Malek 2022 for counts over arms whose shares under the
// null hypothesis are constant: the classical test of a split. On a ramp use one per stage and multiply, or [Split].
type Dirichlet struct {
	null   []float64 // shares under the null hypothesis
	prior  []float64 // Dirichlet parameters
	counts []float64
}

// NewDirichlet starts a mixture with a Dirichlet(prior) over the shares; prior k times the null shares with k = 100 suits
// errors, k = 10 000 a split.
func NewDirichlet(null, prior []float64) (*Dirichlet, error) {
	sum := 0.0
	for i, t := range null {
		if !(t > 0) || i >= len(prior) || !(prior[i] > 0) {
			return nil, fmt.Errorf("dirichlet: arm %d: want a share and a prior above 0", i)
		}
		sum += t
	}
	if len(null) < 2 || len(prior) != len(null) || math.Abs(sum-1) > 1e-9 {
		return nil, fmt.Errorf("dirichlet: want two or more shares that add up to 1, and as many priors")
	}
	return &Dirichlet{null: slices.Clone(null), prior: slices.Clone(prior), counts: make([]float64, len(null))}, nil
}

// Scaled is the prior k times the shares.
func Scaled(shares []float64, k float64) []float64 {
	p := slices.Clone(shares)
	for i := range p {
		p[i] *= k
	}
	return p
}

// Add takes more counts, one for each arm.
func (d *Dirichlet) Add(counts []float64) {
	for i, x := range counts {
		d.counts[i] += x
	}
}

// LogE is ln B(prior + x) - ln B(prior) - sum x ln null.
func (d *Dirichlet) LogE() float64 {
	l := d.logMarginal()
	for i, t := range d.null {
		l -= float64(d.counts[i] * math.Log(t))
	}
	return l
}

// logMarginal is ln B(prior + counts) - ln B(prior).
func (d *Dirichlet) logMarginal() float64 {
	var l, before, after float64
	for i, a := range d.prior {
		before += a
		after += a + d.counts[i]
		l += lgamma(a+d.counts[i]) - lgamma(a)
	}
	return l - lgamma(after) + lgamma(before)
}

// Shift is the confidence sequence, for two arms, of the shift in log odds of the first arm's share from the null:
// all shifts whose likelihood is at least alpha times the marginal one.
func (d *Dirichlet) Shift(alpha float64) (lo, hi float64, err error) {
	if len(d.null) != 2 {
		return 0, 0, fmt.Errorf("dirichlet: an interval for %d arms: want 2", len(d.null))
	}
	base := math.Log(d.null[0] / d.null[1])
	floor := d.logMarginal() + math.Log(alpha)
	outside := func(s float64) float64 {
		t := base + s
		return floor + float64(d.counts[0]*math.Log1p(math.Exp(-t))) + float64(d.counts[1]*math.Log1p(math.Exp(t)))
	}
	best := math.Log((d.counts[0]+1e-9)/(d.counts[1]+1e-9)) - base
	return edge(outside, best, -1), edge(outside, best, 1), nil
}

// edge goes from inside to the first point outside in a direction, at most 700 away, and bisects.
func edge(outside func(float64) float64, inside, sign float64) float64 {
	out := inside + sign
	for step := 1.0; outside(out) < 0; step *= 2 {
		if math.Abs(out) > 350 {
			return math.Inf(int(sign))
		}
		inside, out = out, out+float64(sign*step)
	}
	for range 200 {
		mid := (inside + out) / 2
		if mid == inside || mid == out {
			break
		}
		if outside(mid) < 0 {
			inside = mid
		} else {
			out = mid
		}
	}
	return inside
}

func lgamma(x float64) float64 {
	l, _ := math.Lgamma(x)
	return l
}

// MarshalBinary saves the counts.
func (d *Dirichlet) MarshalBinary() ([]byte, error) { return save(d) }

// UnmarshalBinary goes on from saved counts.
func (d *Dirichlet) UnmarshalBinary(b []byte) error { return restore(d, b) }

func (d *Dirichlet) state(c *codec) {
	c.same(d.null...)
	c.same(d.prior...)
	c.slice(d.counts)
}
