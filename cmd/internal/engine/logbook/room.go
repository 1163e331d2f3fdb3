package logbook

import (
	"time"

	"rampart/sources"
)

// How much room lines get in a book that spares it while nobody looks: that of the lines of the last minutes, which are
// enough to count them again for a new rollout (see mostBehind), and some screens of lines whatever their age.
const (
	lookedFor = 30 * time.Minute // how long a look lasts
	leastRoom = 512 << 10
	heldPast  = 10 * time.Minute // held at least while there is room for more
	sparePast = 2*heldPast + time.Minute
)

// room is what the lines of a book get.
type room struct {
	whole   int // what they may have
	looked  time.Time
	evicted uint64
}

// Looked says that somebody sees this service: its lines get all the room that they may have, from now on.
func (l *Book) Looked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.look()
}

func (l *Book) look() {
	l.room.looked = l.now
	if l.cfg.Sparing && l.ring.Bytes() < l.room.whole {
		l.ring.Bound(l.room.whole)
	}
}

// Spare gives memory back that lines take which nobody looks at; keep says that somebody soon will. It is called after each
// reading.
func (l *Book) Spare(now time.Time, keep bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.ring.Counts()
	evicted := sum(c.Evicted)
	full := evicted > l.room.evicted
	l.room.evicted = evicted
	bytes, past := l.ring.Bytes(), now.Sub(c.Oldest)
	switch {
	case !l.cfg.Sparing:
	case keep || now.Sub(l.room.looked) < lookedFor:
		if bytes < l.room.whole {
			l.ring.Bound(l.room.whole)
		}
	case full && past < heldPast:
		l.ring.Bound(min(2*bytes, l.room.whole))
	case bytes > leastRoom && past > sparePast:
		l.ring.Bound(max(bytes/2, leastRoom))
	}
}

func sum(n sources.ByArm[uint64]) uint64 { return n.Legacy + n.Candidate }
