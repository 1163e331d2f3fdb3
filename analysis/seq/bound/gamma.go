package bound

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// GammaExponential is the mixture for sub-exponential sums of scale c: the bound behind empirical Bernstein intervals.
type GammaExponential struct{ rho, c float64 }

// NewGammaExponential is tuned to intrinsic time v at alpha.
func NewGammaExponential(v, alpha, c float64) GammaExponential {
	return GammaExponential{RhoOneSided(v, alpha), c}
}

// LogE is the mixture over a gamma prior, with P the regularised lower incomplete gamma function.
func (m GammaExponential) LogE(s, v float64) float64 {
	k := m.rho / (m.c * m.c)
	a := (v + m.rho) / (m.c * m.c)
	x := (m.c*s + v) / (m.c * m.c)
	if x+k <= 0 {
		return math.Inf(-1)
	}
	return k*math.Log(k) - lgamma(k) - math.Log(mathext.GammaIncReg(k, k)) +
		lgamma(a) + math.Log(mathext.GammaIncReg(a, x+k)) - a*math.Log(x+k) + x
}

// Bound is the S at which the evidence is 1/alpha.
func (m GammaExponential) Bound(v, alpha float64) float64 { return invert(m, v, alpha) }

// GammaPoisson is the mixture for sub-Poisson sums of scale c.
type GammaPoisson struct{ rho, c float64 }

// NewGammaPoisson is tuned to intrinsic time v at alpha.
func NewGammaPoisson(v, alpha, c float64) GammaPoisson {
	return GammaPoisson{RhoOneSided(v, alpha), c}
}

// LogE is the mixture over a gamma prior, with Q the regularised upper incomplete gamma function. A sum below what the
// scale allows is no evidence at all.
func (m GammaPoisson) LogE(s, v float64) float64 {
	k := m.rho / (m.c * m.c)
	a := (v + m.rho) / (m.c * m.c)
	y := s/m.c + a
	if y <= 0 {
		return math.Inf(-1)
	}
	return k*math.Log(k) - lgamma(k) - math.Log(mathext.GammaIncRegComp(k, k)) +
		lgamma(y) + math.Log(mathext.GammaIncRegComp(y, a)) - y*math.Log(a) + v/(m.c*m.c)
}

// Bound is the S at which the evidence is 1/alpha.
func (m GammaPoisson) Bound(v, alpha float64) float64 { return invert(m, v, alpha) }

// PoissonCount is the gamma mixture for a count with mean mean under the null hypothesis and prior shape phi:
// phi ln phi - (phi + N) ln(phi + mean) + lnGamma(phi + N) - lnGamma(phi) + mean, as in the anycount programs.
func PoissonCount(count, mean, phi float64) float64 {
	return phi*math.Log(phi) - (phi+count)*math.Log(phi+mean) + lgamma(phi+count) - lgamma(phi) + mean
}

func lgamma(x float64) float64 {
	l, _ := math.Lgamma(x)
	return l
}
