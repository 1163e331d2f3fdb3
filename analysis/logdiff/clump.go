package logdiff

import (
	"math"
	"math/bits"
	"time"
)

// tally is one arm's lines of a template in an open block, and which of its seconds they fill.
type tally struct {
	lines   int64
	seconds uint64
	first   time.Time
	last    time.Time
}

// take counts a line that was written in one of the block's seconds.
func (t *tally) take(at time.Time, second int) {
	t.plus(tally{lines: 1, seconds: 1 << second, first: at, last: at})
}

// plus adds the lines of a template that turned out to be the same.
func (t *tally) plus(o tally) {
	if t.lines == 0 || o.lines > 0 && o.first.Before(t.first) {
		t.first = o.first
	}
	if o.last.After(t.last) {
		t.last = o.last
	}
	t.lines += o.lines
	t.seconds |= o.seconds
}

// independent is how many lines count as witnesses: as many as are there, but no more than occupancy makes likely.
func (t tally) independent(slots int) float64 {
	return min(float64(t.lines), occupancy(bits.OnesCount64(t.seconds), slots))
}

// occupancy is how many lines, thrown at random into slots, fill so many of them: slots (1 - exp(-x/slots)) solved for x
// (the mean of classical occupancy, Feller 1968, IV.2). Full slots tell no upper bound.
func occupancy(filled, slots int) float64 {
	if filled >= slots {
		return math.Inf(1)
	}
	return -float64(slots) * math.Log1p(-float64(filled)/float64(slots))
}
