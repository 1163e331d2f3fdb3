package logbook

import (
	"slices"
	"time"
)

// How much room lines get in a book that spares it while nobody looks: that of the lines that came in the last minutes, which
// are what is counted again for a new rollout (see mostBehind), and some screens of lines however old.
const (
	lookedFor = 30 * time.Minute // how long a look lasts
	leastRoom = 256 << 10
	heldPast  = mostBehind
)

// room is what a book knows of who looks at it, and of when its lines came.
type room struct {
	looked time.Time
	came   []arrival // of the last heldPast, oldest first
}

// arrival is how many lines had come at an instant.
type arrival struct {
	at    time.Time
	lines uint64
}

// Looked says that somebody sees this service: from now on its lines are held as long as there is room.
func (l *Book) Looked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room.looked = l.now
}

// Spare gives memory back that lines take which nobody looks at; keep says that somebody soon will. It is called after each
// reading.
func (l *Book) Spare(now time.Time, keep bool) {
	if !l.cfg.Sparing {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &l.room
	r.came = append(r.came, arrival{now, l.ring.Counts().Appended})
	old := 0
	for old < len(r.came) && now.Sub(r.came[old].at) > heldPast {
		old++
	}
	if old == 0 {
		return
	}
	lines := r.came[old-1].lines
	r.came = slices.Delete(r.came, 0, old-1) // the newest that is old enough is what the next may rest on
	if !keep && now.Sub(r.looked) > lookedFor {
		l.ring.Spare(lines, leastRoom)
	}
}
