package world

import (
	"math"
	"math/rand/v2"
	"time"
)

// noise is the only source of chance in a world.
type noise struct{ *rand.Rand }

func newNoise(seed uint64) noise { return noise{rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))} }

// arrivals yields the moments of a Poisson process with the given rate within one second, in order.
func (n noise) arrivals(rate float64) func(yield func(time.Duration) bool) {
	return func(yield func(time.Duration) bool) {
		if rate <= 0 {
			return
		}
		for t := n.ExpFloat64() / rate; t < 1; t += n.ExpFloat64() / rate {
			if !yield(time.Duration(t * float64(time.Second))) {
				return
			}
		}
	}
}

// seconds draws a lognormal time with the given median; sigma .6 puts p99 at four medians.
func (n noise) seconds(median, sigma float64) float64 {
	return median * math.Exp(sigma*n.NormFloat64())
}

// mix spreads the bits of x (the finalizer of splitmix64): names and positions are taken from it, so that they cost no draw.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
