package bound

import (
	"math"
	"testing"
)

// binomial is the chance of k of n at p.
func binomial(n, k int, p float64) float64 {
	c := lgamma(float64(n+1)) - lgamma(float64(k+1)) - lgamma(float64(n-k+1))
	return math.Exp(c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

// meanOfSteps is the exact mean of E after n steps that are up with chance p and else down.
func meanOfSteps(m mixture, n int, p, up, down, variance float64) float64 {
	mean := 0.0
	for k := range n + 1 {
		s := float64(k)*up - float64(n-k)*down
		mean += binomial(n, k, p) * math.Exp(m.LogE(s, variance*float64(n)))
	}
	return mean
}

func TestMixtures_HaveMeanAtMostOneUnderTheirNulls(t *testing.T) {
	for _, c := range []struct {
		name               string
		m                  mixture
		p, up, down, v     float64
		exactlyOne, signed bool
	}{
		{"normal", NewNormal(100, .05), .5, 1, 1, 1, false, false},
		{"normal one-sided", NewNormalOneSided(100, .05), .5, 1, 1, 1, false, true},
		{"gamma-exponential", NewGammaExponential(100, .05, 2), .5, 1, 1, 1, false, true},
		{"gamma-Poisson", NewGammaPoisson(100, .05, 2), .5, 1, 1, 1, false, true},
		{"beta-binomial", NewBetaBinomial(100, .05, .2, .8), .2, .8, .2, .16, true, false},
		{"beta-binomial one-sided", NewBetaBinomialOneSided(100, .05, .2, .8), .2, .8, .2, .16, true, true},
	} {
		for _, n := range []int{1, 7, 40} {
			mean := meanOfSteps(c.m, n, c.p, c.up, c.down, c.v)
			if mean > 1+1e-9 || mean < .2 || c.exactlyOne && mean < 1-1e-9 {
				t.Errorf("%s: the mean of E is %v after %d steps", c.name, mean, n)
			}
			if harm := meanOfSteps(c.m, 40, .9, c.up, c.down, c.v); harm < 5 {
				t.Errorf("%s: the mean of E is %v where the steps go up, want growth", c.name, harm)
			}
			if fall := meanOfSteps(c.m, 40, .01, c.up, c.down, c.v); c.signed && fall > .9 {
				t.Errorf("%s: the mean of E is %v where the steps go down, which a one-sided test passes by", c.name, fall)
			}
		}
	}
}

func TestGammaPoisson_HasMeanOneForCounts(t *testing.T) {
	mean := 0.0
	for k := range 300 {
		p := math.Exp(float64(k)*math.Log(12) - 12 - lgamma(float64(k+1)))
		mean += p * math.Exp(NewGammaPoisson(20, .05, 1).LogE(float64(k)-12, 12))
	}
	near(t, "E", mean, 1, 1e-9)
}

func TestBetting_HasMeanAtMostOneAtTheTrueMean(t *testing.T) {
	values, chances := []float64{0, .25, 1}, []float64{.5, .2, .3} // of mean .35
	meanAt := func(m float64) (above, below, e float64) {
		for code := range 729 { // all ways of six values
			b, p := NewBetting(m, .05), 1.0
			for range 6 {
				b.Add(values[code%3])
				p *= chances[code%3]
				code /= 3
			}
			up, down := b.LogWealth()
			above, below, e = above+p*math.Exp(up), below+p*math.Exp(down), e+p*math.Exp(b.LogE())
		}
		return above, below, e
	}
	above, below, e := meanAt(.35)
	near(t, "wealth of betting on more", above, 1, 1e-12)
	near(t, "wealth of betting on less", below, 1, 1e-12)
	if e > 1 || e < .5 {
		t.Errorf("the mean of E is %v, want at most 1 and not far below", e)
	}
	if _, _, far := meanAt(.05); far < 2 {
		t.Errorf("the mean of E is %v at a mean that is far away, want growth", far)
	}
}

func TestQuantileShift_HasMeanAtMostOneWhereTheQuantileIsTheSame(t *testing.T) {
	const n = 9
	mean, moved := 0.0, 0.0
	for a := range n + 1 {
		for b := range n + 1 {
			e := math.Exp(QuantileShift([]float64{float64(a), float64(n - a)}, []float64{float64(b), float64(n - b)}, .5, 10))
			mean += binomial(n, a, .5) * binomial(n, b, .5) * e
			moved += binomial(n, a, .99) * binomial(n, b, .01) * e
		}
	}
	if mean > 1 {
		t.Errorf("the mean of E is %v, want at most 1", mean)
	}
	if moved < 2 {
		t.Errorf("the mean of E is %v where the quantiles are far apart, want growth", moved)
	}
}

func TestMixtures_ASumThatCannotBeIsNoPanic(t *testing.T) {
	for name, m := range map[string]mixture{
		"normal": NewNormal(100, .05), "normal one-sided": NewNormalOneSided(100, .05),
		"gamma-exponential": NewGammaExponential(100, .05, 2), "gamma-Poisson": NewGammaPoisson(100, .05, 2),
		"beta-binomial": NewBetaBinomial(100, .05, .2, .8), "beta-binomial one-sided": NewBetaBinomialOneSided(100, .05, .2, .8),
	} {
		for _, s := range []float64{-1e6, -1000, -100, 0, 100, 1000} {
			if l := m.LogE(s, 40); math.IsNaN(l) || math.IsInf(l, 1) {
				t.Errorf("%s: S %v at V 40 is log E %v", name, s, l)
			}
		}
	}
}
