package sources

import "math"

// The two-sided standard normal quantiles at which shares are told and proved.
const (
	Z95  = 1.959964 // 95 %: what is told of a share that was counted
	Z999 = 3.290527 // 99.9 %: what proves that a share was set
)

// Wilson is the score interval of k of n at a two-sided normal quantile z (E. B. Wilson, JASA 22, 1927, p. 209). It keeps
// its level near 0 and 1, where a small share lies. Of no request nothing is known: 0 to 1.
//
// Why here and not from analysis: an adapter that proves a split by counters may import nothing but this package.
func Wilson(k, n int64, z float64) (lo, hi float64) {
	if n <= 0 {
		return 0, 1
	}
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	lo, hi = max(0, mid-half), min(1, mid+half)
	if k <= 0 { // exactly, where rounding leaves a little
		lo = 0
	}
	if k >= n {
		hi = 1
	}
	return lo, hi
}
