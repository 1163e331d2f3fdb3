package seq

import (
	"math"
	"time"
)

// Schedule says when the restarts of a portfolio begin and how the wealth is shared between start and restarts.
type Schedule struct {
	Start float64       // part of the wealth that bets from the first block on
	Every time.Duration // time between restarts
	Count int           // number of restarts, which share the rest equally
}

// ErrorsSchedule is half of the wealth from the start and eleven restarts at minutes 5 to 55.
func ErrorsSchedule() Schedule { return Schedule{Start: .5, Every: 5 * time.Minute, Count: 11} }

// LatencySchedule is .85 of the wealth from the start and eleven restarts at minutes 5 to 55.
func LatencySchedule() Schedule { return Schedule{Start: .85, Every: 5 * time.Minute, Count: 11} }

// End is when the last restart's time is over and [Cusum] takes the watch for late onsets.
func (s Schedule) End() time.Duration { return s.Every * time.Duration(s.Count+1) }

// Portfolio mixes e-processes that begin at different times: harm that sets in at minute 40 is met by wealth that has not
// been lost before. Each slot is one bet (of one edge); its restarts share its steps, so that one logarithm per slot is
// all the state: at a restart A_d grows by the restart's part, in a block it is multiplied by e_j(d)^(1/phi). Wealth not
// yet released counts as 1, so the mixture is an e-process for the same null hypothesis.
type Portfolio struct {
	schedule Schedule
	start    []float64
	again    []float64 // ln of one restart's part of each slot
	logA     []float64
	released int
	heldPart float64 // weight of one restart
}

// NewPortfolio starts a portfolio whose slots get start of the first wealth and again of each restart's; both sum to 1.
func NewPortfolio(s Schedule, start, again []float64) *Portfolio {
	p := &Portfolio{schedule: s}
	if s.Count > 0 {
		p.heldPart = (1 - s.Start) / float64(s.Count)
	}
	for i := range start {
		p.logA = append(p.logA, math.Log(s.Start*start[i]))
		p.again = append(p.again, math.Log(p.heldPart*again[i]))
	}
	p.start = start
	return p
}

// Release begins every restart that is due: since is from the first block's begin to the begin of the block to come.
func (p *Portfolio) Release(since time.Duration) {
	for p.released < p.schedule.Count && since >= p.schedule.Every*time.Duration(p.released+1) {
		p.released++
		for i, l := range p.again {
			p.logA[i] = logAdd(p.logA[i], l)
		}
	}
}

// Add takes the steps ln e of each slot, divided by phi.
func (p *Portfolio) Add(steps []float64, phi float64) {
	for i, s := range steps {
		p.logA[i] += s / phi
	}
}

// LogE is the evidence of all slots with the wealth not yet released.
func (p *Portfolio) LogE() float64 { return p.withHeld(logSum(p.logA), 1) }

// SlotsLogE is the evidence of the slots from i to j as an e-process of its own; part is their part of the wealth.
func (p *Portfolio) SlotsLogE(i, j int, part float64) float64 {
	return p.withHeld(logSum(p.logA[i:j]), part) - math.Log(part)
}

func (p *Portfolio) withHeld(l, part float64) float64 {
	if held := float64(p.schedule.Count-p.released) * p.heldPart; held > 0 {
		return logAdd(l, math.Log(held*part))
	}
	return l
}

// MarshalBinary saves the evidence.
func (p *Portfolio) MarshalBinary() ([]byte, error) { return save(p) }

// UnmarshalBinary goes on from saved evidence.
func (p *Portfolio) UnmarshalBinary(b []byte) error { return restore(p, b) }

func (p *Portfolio) state(c *codec) {
	c.same(p.schedule.Start, float64(p.schedule.Every), float64(p.schedule.Count))
	c.slice(p.logA)
	c.index(&p.released, p.schedule.Count)
}
