package world

import (
	"math"
	"time"
)

// lateLabels is the queue of outcomes that are on their way: whether the user clicked is known long after the prediction.
//
// It holds sums per pod and slot, not labels, so that its size does not grow with traffic; and for predictions that stand
// in the log, whose outcome is told there too, the few bytes that takes.
type lateLabels struct {
	slot  time.Duration
	delay int // slots until the first label of a prediction
	ring  [][]due
	told  [][]told // by slot
	at    int
}

// due is what arrives for one pod in one slot.
type due struct{ clicks, skips, loss float64 }

// labelSpread is how many slots later than the first the last labels of a slot come.
const labelSpread = 16

func newLateLabels(delay time.Duration, pods int) *lateLabels {
	l := &lateLabels{slot: 15 * time.Second}
	l.delay = int(delay / l.slot)
	l.ring = make([][]due, l.delay+labelSpread+1)
	l.told = make([][]told, len(l.ring))
	for i := range l.ring {
		l.ring[i] = make([]due, pods)
	}
	return l
}

// plan draws the outcome that the user's taste gives (it is the same for both models) and puts it where it will arrive.
func (l *lateLabels) plan(n noise, p *Pod, pull, score float64) outcome {
	o := outcome{slot: (l.at + l.delay + n.IntN(labelSpread)) % len(l.ring)}
	d := &l.ring[o.slot][p.index]
	if n.Float64() < share(-.9+pull) {
		d.clicks++
		d.loss -= math.Log(score)
		o.clicked = true
		return o
	}
	d.skips++
	d.loss -= math.Log(1 - score)
	return o
}

// outcome is what becomes of one prediction, and the slot in which it is known.
type outcome struct {
	slot    int
	clicked bool
}

// told is an outcome that a log line will tell, since one told of the prediction.
type told struct {
	of      uint64
	clicked bool
	pod     *Pod
}

// tell remembers that the prediction of a line has an outcome.
func (l *lateLabels) tell(o outcome, line uint64, p *Pod) {
	l.told[o.slot] = append(l.told[o.slot], told{line, o.clicked, p})
}

// arrive hands out what is due once per slot; labels of a process that is gone are lost with its counters.
func (l *lateLabels) arrive(at time.Time, pods []*Pod) []told {
	if at.Unix()%int64(l.slot/time.Second) != 0 {
		return nil
	}
	row := l.ring[l.at]
	for _, p := range pods {
		d := row[p.index]
		p.labelled[0].value += d.skips
		p.labelled[1].value += d.clicks
		p.loss.value += d.loss
	}
	clear(row)
	out := l.told[l.at]
	l.told[l.at] = nil
	l.at = (l.at + 1) % len(l.ring)
	return out
}
