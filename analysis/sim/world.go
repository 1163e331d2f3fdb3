package sim

import (
	"math"
	"math/rand/v2"
	"time"

	"rampart/analysis/dossier"
)

// The harness.
const (
	looks     = 240
	perScrape = 750 // requests
	baseline  = .005
	alpha     = .05
	perMinute = 4 // looks
)

// World is one truth to be judged.
type World struct {
	Name  string // as asked for on the command line
	Title string
	// Required is what the judge must hold in it; may be empty.
	Required []Requirement
	// Margin is the safe margin; 0: the default.
	Margin float64

	share    func(look int) float64
	rate     func(look int) float64 // of errors, common to both arms
	ratio    func(look int) float64 // of the candidate's errors; nil: 1
	onset    int                    // the look at which harm begins
	burst    float64                // errors during a burst, times; 0: no bursts
	gamma    bool                   // errors of each arm and scrape times Gamma(2, mean 1)
	missing  float64                // probability that an arm is not scraped
	reset    float64                // probability that an arm's counters are reset within a scrape
	sampled  float64                // part of the requests that is seen; 0: all
	latency  *latency               // nil: errors are the measure
	both     bool                   // errors and latency are the measures
	routes   bool                   // requests are of two routes, of which the candidate gets another mix
	forecast bool                   // follow the forecast
}

// header is what a world's rollout is judged by.
func (w *World) header() *dossier.Header {
	h := &dossier.Header{ID: w.Name, Alpha: alpha, SafeMargin: dossier.DefaultSafeMargin, Step: dossier.DefaultStep}
	if w.Margin > 0 {
		h.SafeMargin = w.Margin
	}
	if w.latency == nil || w.both {
		h.Measures = append(h.Measures, dossier.Measure{Name: "errors", Kind: dossier.Errors, SafeMargin: h.SafeMargin})
	}
	if w.latency != nil {
		h.Measures = append(h.Measures, dossier.Measure{Name: "latency", Kind: dossier.Latency, Edges: edges(), SafeMargin: h.SafeMargin})
	}
	for i := range h.Measures {
		h.Measures[i].Weight = 1 / float64(len(h.Measures))
	}
	return h
}

// one is a number that does not change.
func one(v float64) func(int) float64 { return func(int) float64 { return v } }

// ramp is the share at a look: 1, 5, 25 and 50 % for 15 minutes each.
func ramp(look int) float64 { return [...]float64{.01, .05, .25, .5}[min(look/60, 3)] }

// from is a ratio that begins at a look.
func from(onset int, ratio float64) func(int) float64 {
	return func(look int) float64 {
		if look >= onset {
			return ratio
		}
		return 1
	}
}

// player plays one run of a world.
type player struct {
	world  *World
	draw   draws
	header *dossier.Header
	block  *dossier.Block
	bursts [2][looks + spell]int
}

// spell is how many scrapes a burst lasts.
const spell = 8

func newPlayer(w *World) *player {
	h := w.header()
	return &player{world: w, header: h, block: h.NewBlock()}
}

// begin starts a run.
func (p *player) begin(src *rand.PCG) {
	p.draw = draws{rand.New(src)}
	p.bursts = [2][looks + spell]int{}
	if p.world.burst == 0 {
		return
	}
	for look := range looks {
		for arm := range p.bursts {
			if p.draw.Float64() < .01 {
				for k := range spell {
					p.bursts[arm][look+k]++
				}
			}
		}
	}
}

// look fills the block of one look; it is good until the next.
func (p *player) look(look int) *dossier.Block {
	w, b := p.world, p.block
	b.End = epoch().Add(dossier.DefaultStep * time.Duration(look+1))
	b.Share, b.ShareKnown = w.share(look), true
	if look > 0 && w.share(look-1) != b.Share {
		b.ShareKnown = false // it changed within the block
	}
	total := p.draw.poisson(perScrape)
	candidate := p.draw.binomial(total, b.Share)
	ratio := 1.0
	if w.ratio != nil {
		ratio = w.ratio(look)
	}
	if w.routes {
		p.mixed(total-candidate, candidate, ratio)
		return b
	}
	p.arm(&b.Legacy, 0, look, total-candidate, 1)
	p.arm(&b.Candidate, 1, look, candidate, ratio)
	return b
}

// arm fills one arm's counts.
func (p *player) arm(a *dossier.Arm, arm, look int, n float64, ratio float64) {
	w := p.world
	a.Scraped = !(w.missing > 0 && p.draw.Float64() < w.missing)
	if w.reset > 0 && p.draw.Float64() < w.reset {
		n = p.draw.binomial(n, p.draw.Float64()) // what was counted before the reset is lost
	}
	if w.sampled > 0 {
		n = p.draw.binomial(n, w.sampled)
	}
	for i := range a.Counts {
		c := &a.Counts[i]
		c.Known, c.Requests = true, int64(n)
		if p.header.Measures[i].Kind == dossier.Latency {
			w.latency.cells(&p.draw, c.Cells, arm, look, n)
			continue
		}
		rate := w.rate(look) * ratio
		if w.burst > 0 {
			rate *= math.Pow(w.burst, float64(p.bursts[arm][look]))
		}
		if w.gamma {
			rate *= p.draw.gamma2()
		}
		c.Errors = int64(p.draw.binomial(n, min(1, rate)))
	}
}

// mixed fills a block of two routes: the second has ten times the errors of the first and is 10 % of legacy's requests
// but 25 % of the candidate's, as when it is sent a kind of user.
func (p *player) mixed(legacy, candidate, ratio float64) {
	b := p.block
	b.Strata = b.Strata[:0]
	for _, a := range []*dossier.Arm{&b.Legacy, &b.Candidate} {
		a.Scraped, a.Counts[0] = true, dossier.Counts{Known: true}
	}
	second := [2]float64{p.draw.binomial(legacy, .10), p.draw.binomial(candidate, .25)}
	for k, route := range [...]struct {
		key  string
		rate float64
	}{{"/item", .003}, {"/rank", .03}} {
		s := p.header.AddStratum(b, route.key)
		for i, arm := range []struct{ part, whole *dossier.Arm }{{&s.Legacy, &b.Legacy}, {&s.Candidate, &b.Candidate}} {
			n, rate := second[i], route.rate
			if k == 0 {
				n = [2]float64{legacy, candidate}[i] - n
			}
			if i == 1 {
				rate *= ratio
			}
			arm.part.Scraped = true
			arm.part.Counts[0] = dossier.Counts{Known: true, Requests: int64(n), Errors: int64(p.draw.binomial(n, rate))}
			arm.whole.Counts[0].Requests += arm.part.Counts[0].Requests
			arm.whole.Counts[0].Errors += arm.part.Counts[0].Errors
		}
	}
}
