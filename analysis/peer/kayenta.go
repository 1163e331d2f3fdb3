package peer

import (
	"fmt"

	"rampart/analysis/seq"
)

const (
	// kayentaPoints is the least number of points of a run that Kayenta's documentation asks for.
	kayentaPoints = 50
	// kayentaEvery is how often it judges all points so far, in scrapes. The tool leaves it to the user; five minutes is
	// often enough to see harm and seldom enough not to peek at every scrape.
	kayentaEvery = 5 * perMinute
)

// Kayenta repeats a Mann-Whitney test of the error rates of each scrape, candidate against legacy, over a growing window.
type Kayenta struct {
	scrapes             int
	experiment, control []float64
	fired               bool
}

// NewKayenta judges one critical metric that must not increase.
func NewKayenta() *Kayenta { return &Kayenta{} }

// Name names the judge.
func (k *Kayenta) Name() string { return "Kayenta judge" }

// Rule says when it fires.
func (k *Kayenta) Rule() string {
	return fmt.Sprintf("Mann-Whitney of the error rates of each scrape, %g %%, tolerance %g, every %d min from %d points on", 100*kayentaConfidence, kayentaTolerance, kayentaEvery/perMinute, kayentaPoints)
}

// Add takes a scrape as one point of each arm that had requests.
func (k *Kayenta) Add(b seq.Block, missing bool) bool {
	k.scrapes++
	if !missing {
		k.experiment = point(k.experiment, b.CandidateX, b.CandidateN)
		k.control = point(k.control, b.LegacyX, b.LegacyN)
	}
	if !k.fired && k.scrapes%kayentaEvery == 0 && len(k.experiment) >= kayentaPoints && len(k.control) >= kayentaPoints {
		k.fired = Classify(k.experiment, k.control) == High
	}
	return k.fired
}

// point appends a rate; a scrape without requests has none (the tool's "remove" strategy).
func point(to []float64, x, n float64) []float64 {
	if n == 0 {
		return to
	}
	return append(to, x/n)
}
