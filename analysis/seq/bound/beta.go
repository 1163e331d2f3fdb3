package bound

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// BetaBinomial is the mixture for sums of increments in [-g, h], sub-Bernoulli in Howard et al.'s words; intrinsic time
// counts g h for each increment.
type BetaBinomial struct {
	g, h, r  float64
	oneSided bool
}

// NewBetaBinomial is the two-sided mixture tuned to intrinsic time v at alpha.
func NewBetaBinomial(v, alpha, g, h float64) BetaBinomial {
	return BetaBinomial{g: g, h: h, r: spread(Rho(v, alpha), g, h)}
}

// NewBetaBinomialOneSided looks for a positive drift only.
func NewBetaBinomialOneSided(v, alpha, g, h float64) BetaBinomial {
	return BetaBinomial{g: g, h: h, r: spread(RhoOneSided(v, alpha), g, h), oneSided: true}
}

func spread(rho, g, h float64) float64 { return max(rho-g*h, 1e-3*g*h) }

// LogE is the evidence of a sum S at intrinsic time V. A sum beyond what V's increments can make counts as the nearest
// that they can.
func (m BetaBinomial) LogE(s, v float64) float64 {
	s = min(max(s, -v/m.h), v/m.g)
	x := m.h / (m.g + m.h)
	if !m.oneSided {
		x = 1
	}
	r, g, h := m.r, m.g, m.h
	norm := -logIncompleteBeta(r/(g*(g+h)), r/(h*(g+h)), x)
	// V/(gh) increments: those of value h number (V/h + S)/(g + h), those of value -g (V/g - S)/(g + h).
	base := -(v/h+s)/(g+h)*math.Log(g) - (v/g-s)/(g+h)*math.Log(h) + v/(g*h)*math.Log(g+h)
	return base + norm + logIncompleteBeta((r+v)/(g*(g+h))-s/(g+h), (r+v)/(h*(g+h))+s/(g+h), x)
}

// Bound is the S at which the evidence is 1/alpha, or the largest S that V allows.
func (m BetaBinomial) Bound(v, alpha float64) float64 {
	need := math.Log(1 / alpha)
	most := v / m.g
	return bisect(0, most, func(s float64) bool { return m.LogE(s, v) < need })
}

// logIncompleteBeta is ln of the incomplete beta function, not regularised.
func logIncompleteBeta(a, b, x float64) float64 {
	l := mathext.Lbeta(a, b)
	if x < 1 {
		l += math.Log(mathext.RegIncBeta(a, b, x))
	}
	return l
}

// Bernoulli is evidence that a rate is not p0, from successes of n requests: one stream against a fixed budget. It is the
// two-sided beta-binomial mixture with g = p0, h = 1 - p0, tuned to n around tune at alpha.
func Bernoulli(successes, n, p0, tune, alpha float64) float64 {
	w := p0 * (1 - p0)
	return betaMixture(successes, n, p0, spread(Rho(tune*w, alpha), p0, 1-p0)/w)
}

// betaMixture is lnB(a + S, b + n - S) - lnB(a, b) - S ln p - (n - S) ln(1 - p), a = kappa p, b = kappa (1 - p).
func betaMixture(successes, n, p, kappa float64) float64 {
	a, b := kappa*p, kappa*(1-p)
	return mathext.Lbeta(a+successes, b+n-successes) - mathext.Lbeta(a, b) -
		successes*math.Log(p) - (n-successes)*math.Log1p(-p)
}

// Proportion is the confidence sequence for a constant rate: all p0 that Bernoulli does not reject at alpha.
func Proportion(successes, n, tune, alpha float64) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	need := math.Log(1 / alpha)
	p := min(max(successes/n, 1e-12), 1-1e-12)
	inside := func(p0 float64) bool { return Bernoulli(successes, n, p0, tune, alpha) < need }
	if successes > 0 {
		lo = -bisect(-p, 0, func(q float64) bool { return inside(-q) })
	}
	hi = 1
	if successes < n {
		hi = bisect(p, 1, inside)
	}
	return lo, hi
}
