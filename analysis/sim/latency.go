package sim

import "math"

// edges are Prometheus' default histogram edges, in seconds.
func edges() []float64 { return []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10} }

// latency is how long requests take in a world: lognormal, moved by factors.
type latency struct {
	drift  float64 // both arms are this much slower at the end
	factor float64 // the candidate's times, times this; 0: 1
	sigma  float64 // the candidate's spread; 0: legacy's
	part   float64 // part of the candidate's requests that is slowed by by
	by     float64
	jitter float64 // standard deviation of ln of a factor of each arm and scrape
}

const (
	median = .080 // seconds
	spread = .6   // sigma of ln
)

// cells throws n requests into the cells.
func (l *latency) cells(d *draws, dst []int64, arm, look int, n float64) {
	scale, sigma, part := median*(1+l.drift*float64(look)/looks), spread, 0.0
	if arm == 1 {
		if l.factor > 0 {
			scale *= l.factor
		}
		if l.sigma > 0 {
			sigma = l.sigma
		}
		part = l.part
	}
	if l.jitter > 0 {
		scale *= math.Exp(l.jitter * d.NormFloat64())
	}
	left, rest := n, 1.0
	below := 0.0
	for k, e := range edges() {
		f := (1-part)*lognormal(e, scale, sigma) + part*lognormal(e, scale*l.by, sigma)
		x := d.binomial(left, (f-below)/rest)
		dst[k] = int64(x)
		left -= x
		rest, below = 1-f, f
		if rest <= 0 {
			rest = 1 // nothing is left to throw
		}
	}
	dst[len(dst)-1] = int64(left)
}

// lognormal is the part of requests that take at most x seconds.
func lognormal(x, scale, sigma float64) float64 {
	if scale == 0 {
		return 0
	}
	return .5 * math.Erfc(-math.Log(x/scale)/(sigma*math.Sqrt2))
}
