package bound

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Stitched is the polynomial stitched bound for sub-gamma sums of scale c, from intrinsic time least on: a closed form
// that grows like sqrt(V ln ln V). s = 1.4 and eta = 2 as in its authors' program.
func Stitched(v, alpha, least, c float64) float64 {
	const s, eta = 1.4, 2
	v = max(v, least)
	l := s*math.Log(math.Log(eta*v/least)) + math.Log(zeta(s)/(alpha*math.Pow(math.Log(eta), s)))
	return subGamma(v, l, c, eta)
}

// subGamma is sqrt(k1^2 v l + (k2 c l)^2) + k2 c l, what one geometric epoch of ratio eta costs.
func subGamma(v, l, c, eta float64) float64 {
	k1 := (math.Pow(eta, .25) + math.Pow(eta, -.25)) / math.Sqrt2
	k2 := (math.Sqrt(eta) + 1) / 2
	return math.Sqrt(k1*k1*v*l+k2*c*l*(k2*c*l)) + k2*c*l
}

func zeta(s float64) float64 { return mathext.Zeta(s, 1) }
