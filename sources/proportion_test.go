package sources

import (
	"math"
	"testing"
)

func TestWilson_EndsWhereTheScoreTestTurns(t *testing.T) {
	for _, z := range []float64{Z95, Z999} {
		for _, n := range []int64{1, 20, 135, 100_000} {
			for _, k := range []int64{0, 1, n / 20, n / 2, n} {
				lo, hi := Wilson(k, n, z)
				p := float64(k) / float64(n)
				if !(0 <= lo && lo <= p && p <= hi && hi <= 1) {
					t.Errorf("%d of %d: %g to %g does not hold %g", k, n, lo, hi, p)
				}
				for _, end := range []float64{lo, hi} { // there (p-end)² is z² of the share's own variance
					if got, want := (p-end)*(p-end), z*z*end*(1-end)/float64(n); math.Abs(got-want) > 1e-9 {
						t.Errorf("%d of %d: the score at %g is %g, want %g", k, n, end, got, want)
					}
				}
			}
		}
	}
}

func TestWilson_OfNoRequestNothingIsKnown(t *testing.T) {
	if lo, hi := Wilson(0, 0, Z95); lo != 0 || hi != 1 {
		t.Errorf("%g to %g", lo, hi)
	}
}
