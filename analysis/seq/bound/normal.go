package bound

import "math"

// Rho is the mixture parameter that makes a two-sided bound at alpha tightest near intrinsic time v.
func Rho(v, alpha float64) float64 {
	l := math.Log(1 / alpha)
	return v / (2*l + math.Log1p(2*l))
}

// RhoOneSided is the same for a one-sided bound.
func RhoOneSided(v, alpha float64) float64 { return Rho(v, 2*alpha) }

// Normal is the two-sided normal mixture for sub-Gaussian sums.
type Normal struct{ rho float64 }

// NewNormal is tuned to intrinsic time v at alpha.
func NewNormal(v, alpha float64) Normal { return Normal{Rho(v, alpha)} }

// LogE is ln(rho/(V + rho))/2 + S^2/(2(V + rho)).
func (m Normal) LogE(s, v float64) float64 {
	return math.Log(m.rho/(v+m.rho))/2 + s*s/(2*(v+m.rho))
}

// Bound is the |S| at which the evidence is 1/alpha.
func (m Normal) Bound(v, alpha float64) float64 {
	return math.Sqrt((v + m.rho) * (math.Log1p(v/m.rho) + 2*math.Log(1/alpha)))
}

// NormalOneSided is the normal mixture over positive drifts only.
type NormalOneSided struct{ rho float64 }

// NewNormalOneSided is tuned to intrinsic time v at alpha.
func NewNormalOneSided(v, alpha float64) NormalOneSided { return NormalOneSided{RhoOneSided(v, alpha)} }

// LogE is ln(4 rho/(V + rho))/2 + S^2/(2(V + rho)) + ln Phi(S/sqrt(V + rho)).
func (m NormalOneSided) LogE(s, v float64) float64 {
	w := v + m.rho
	return math.Log(4*m.rho/w)/2 + s*s/(2*w) + math.Log(.5*math.Erfc(-s/math.Sqrt(2*w)))
}

// Bound is the S at which the evidence is 1/alpha.
func (m NormalOneSided) Bound(v, alpha float64) float64 { return invert(m, v, alpha) }

// mixture is evidence that grows with S.
type mixture interface{ LogE(s, v float64) float64 }

// invert finds the S at which the evidence is 1/alpha.
func invert(m mixture, v, alpha float64) float64 {
	need := math.Log(1 / alpha)
	hi := math.Sqrt(max(v, 1))
	for m.LogE(hi, v) < need {
		hi *= 2
	}
	return bisect(0, hi, func(s float64) bool { return m.LogE(s, v) < need })
}

// bisect returns the largest float from lo to hi that still holds, if lo does and whatever is above a point does not.
func bisect(lo, hi float64, holds func(float64) bool) float64 {
	for range 2000 {
		mid := (lo + hi) / 2
		if mid <= lo || mid >= hi {
			break
		}
		if holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// MixtureSPRT is the mixture sequential test of Johari et al. 2017 for an estimated difference d with variance v: ln of
// sqrt(v/(v + tau2)) exp(tau2 d^2/(2 v (v + tau2))). tau2 is the variance of true effects, fixed in advance.
func MixtureSPRT(d, v, tau2 float64) float64 {
	return math.Log(v/(v+tau2))/2 + tau2*d*d/(2*v*(v+tau2))
}
