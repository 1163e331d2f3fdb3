package world

import (
	"math"
	"time"
)

// lateLabels is the queue of outcomes that are on their way: whether the user clicked is known long after the prediction.
//
// It holds sums per pod and slot, not labels, so that its size does not grow with traffic.
type lateLabels struct {
	slot  time.Duration
	delay int // slots until the first label of a prediction
	ring  [][]due
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
	for i := range l.ring {
		l.ring[i] = make([]due, pods)
	}
	return l
}

// plan draws the outcome that the user's taste gives (it is the same for both models) and puts it where it will arrive.
func (l *lateLabels) plan(n noise, p *Pod, pull, score float64) {
	d := &l.ring[(l.at+l.delay+n.IntN(labelSpread))%len(l.ring)][p.index]
	if n.Float64() < share(-.9+pull) {
		d.clicks++
		d.loss -= math.Log(score)
		return
	}
	d.skips++
	d.loss -= math.Log(1 - score)
}

// arrive hands out what is due once per slot; labels of a process that is gone are lost with its counters.
func (l *lateLabels) arrive(at time.Time, pods []*Pod) {
	if at.Unix()%int64(l.slot/time.Second) != 0 {
		return
	}
	row := l.ring[l.at]
	for _, p := range pods {
		d := row[p.index]
		p.labelled[0].value += d.skips
		p.labelled[1].value += d.clicks
		p.loss.value += d.loss
	}
	clear(row)
	l.at = (l.at + 1) % len(l.ring)
}
