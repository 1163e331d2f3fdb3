package sim

import (
	"math/rand/v2"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// draws are the random numbers of one run.
type draws struct{ *rand.Rand }

func (d draws) poisson(mean float64) float64 { return distuv.Poisson{Lambda: mean, Src: d.Rand}.Rand() }

func (d draws) binomial(n, p float64) float64 {
	switch {
	case n <= 0 || p <= 0:
		return 0
	case p >= 1:
		return n
	}
	return distuv.Binomial{N: n, P: p, Src: d.Rand}.Rand()
}

// gamma2 has shape 2 and mean 1.
func (d draws) gamma2() float64 { return (d.ExpFloat64() + d.ExpFloat64()) / 2 }

// epoch is when every simulated rollout begins.
func epoch() time.Time { return time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC) }
