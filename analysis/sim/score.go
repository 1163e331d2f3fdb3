package sim

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/score"
	"rampart/analysis/seq"
)

// Tally is what happened in the runs of a world. Rates are parts of the runs; delays are in minutes, the median over all
// runs, with runs in which it did not happen as never.
type Tally struct {
	World Worldly
	Runs  int
	Worse Event // WORSE was called
	Auto  Event // automatic rollback would have fired
	Safe  Event // SAFE was called
	// RedAtWorse is the part of the runs called WORSE in which an acting gauge was red in that block.
	RedAtWorse float64
	// Forecast is the part of the detections that fell into the range forecast at the begin for the true ratio.
	Forecast float64
	// InHand is the part of all ranges shown before detections, each from the ratio in hand, that held the detection.
	InHand float64
	shown  int
}

// Worldly is what a tally says of its world.
type Worldly struct{ Name, Title string }

// Event is how often and how soon something happened.
type Event struct {
	Rate   float64
	Median float64 // minutes; +Inf: in less than half of the runs
	early  float64 // the median's lower bound, two standard errors down
	n      int
	delays []float64
}

// add counts a first block (0: never) since the onset look. What happened before a late onset counts for the rate and
// leaves the median.
func (e *Event) add(block, onset int) {
	switch {
	case block == 0:
		e.delays = append(e.delays, math.Inf(1))
	case block > onset:
		e.n++
		e.delays = append(e.delays, float64(block-onset)/perMinute)
	default:
		e.n++
	}
}

func (e *Event) finish(runs int) {
	e.Rate = float64(e.n) / float64(runs)
	e.Median, e.early = math.Inf(1), math.Inf(1)
	if n := len(e.delays); n > 0 {
		slices.Sort(e.delays)
		e.Median = e.delays[n/2]
		e.early = e.delays[max(0, int(float64(n)/2-math.Sqrt(float64(n))))]
	}
}

// Play plays a world runs times. It stops early when the context ends.
func (w *World) Play(ctx context.Context, runs int, seed uint64) (*Tally, error) {
	t := &Tally{World: Worldly{w.Name, w.Title}, Runs: runs}
	p := newPlayer(w)
	lo, hi := w.truth()
	red, held, inside := 0, 0, 0
	for run := range runs {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("simulate %s: %w", w.Name, err)
		}
		p.begin(source(seed, w.Name, run))
		r, err := p.run()
		if err != nil {
			return nil, fmt.Errorf("simulate %s: run %d: %w", w.Name, run, err)
		}
		t.Worse.add(r.Worse, w.onset)
		t.Auto.add(r.Auto, w.onset)
		t.Safe.add(r.Safe, w.onset)
		if r.redAtWorse {
			red++
		}
		if b := float64(r.Worse); b > 0 && b >= lo && b <= hi {
			held++
		}
		inside += r.inside
		t.shown += r.shown
	}
	t.Worse.finish(runs)
	t.Auto.finish(runs)
	t.Safe.finish(runs)
	t.RedAtWorse = ratio(red, t.Worse.n)
	t.Forecast = ratio(held, t.Worse.n)
	t.InHand = ratio(inside, t.shown)
	return t, nil
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// source seeds one run of one world.
func source(seed uint64, world string, run int) *rand.PCG {
	h := fnv.New64a()
	fmt.Fprint(h, world, " ", run)
	return rand.NewPCG(seed, h.Sum64())
}

// outcome is one run.
type outcome struct {
	score.Summary
	redAtWorse    bool
	shown, inside int // forecasts that a detection could be compared with, and those that held it
}

func (p *player) run() (outcome, error) {
	j, err := score.New(*p.header, score.Options{})
	if err != nil {
		return outcome{}, err
	}
	var o outcome
	ask := forecasts{on: p.world.forecast}
	for look := range looks {
		if err := j.Add(p.look(look)); err != nil {
			return outcome{}, err
		}
		if j.Worse() && o.Worse == 0 {
			o.Worse = look + 1
			o.redAtWorse = j.Burst() || j.Unconfirmed()
		}
		ask.see(j)
	}
	o.Summary = j.Summary()
	o.shown, o.inside = ask.held(o.Worse)
	return o, nil
}

// Blocks plays one run of a world and gives each block to see; a block is good until the next.
func (w *World) Blocks(seed uint64, run int, see func(*dossier.Block)) *dossier.Header {
	p := newPlayer(w)
	p.begin(source(seed, w.Name, run))
	for look := range looks {
		see(p.look(look))
	}
	return p.header
}

// truth is the forecast for the true ratio before the first block, in a world that follows forecasts.
func (w *World) truth() (lo, hi float64) {
	if !w.forecast {
		return 0, 0
	}
	in := seq.ForecastInput{
		Ratio: w.ratio(0), Rate: w.rate(0), LegacyN: perScrape * (1 - w.share(0)), CandidateN: perScrape * w.share(0), Need: math.Log(1 / alpha),
	}
	lo, hi, _ = in.Blocks()
	return lo, hi
}

// forecasts are the ranges shown in one run.
type forecasts struct {
	on    bool
	shown [][3]float64 // block, lo, hi
}

func (f *forecasts) see(j *score.Judge) {
	if !f.on || j.Call() == analysis.Worse {
		return
	}
	if lo, hi, known := j.Forecast(); known {
		f.shown = append(f.shown, [3]float64{float64(j.Blocks()), lo, hi})
	}
}

// held compares the ranges with the block of the detection.
func (f *forecasts) held(worse int) (shown, inside int) {
	if worse == 0 {
		return 0, 0
	}
	for _, s := range f.shown {
		left := float64(worse) - s[0]
		shown++
		if left >= s[1] && left <= s[2] {
			inside++
		}
	}
	return shown, inside
}
