package action

import (
	"sync"
	"time"

	"rampart/sources"
)

// terms are how long what the journal gives an end still holds. An end is an instant by the wall, which people and time
// servers set, forward and back; what began here must not last longer for it. So an end counts from where it was first
// seen, by the time that passes, and by the wall as well: whichever is first. A machine that sleeps stops the one, a clock
// that is set back the other.
type terms struct {
	elapsed func() time.Duration // that nobody sets

	mu   sync.Mutex
	ends map[string]time.Duration // by elapsed
}

// mostTerms bounds what is remembered. What is forgotten counts anew from where it is seen.
const mostTerms = 256

func newTerms(cfg Config) *terms {
	elapsed, begun := cfg.Elapsed, cfg.Now()
	if elapsed == nil {
		elapsed = func() time.Duration { return cfg.Now().Sub(begun) } // of time.Now, by its monotonic part
	}
	return &terms{elapsed: elapsed, ends: map[string]time.Duration{}}
}

// left is how long something holds that ends at an instant, and at most so long after it was first seen; 0 for most: it
// has no such bound.
func (t *terms) left(key string, until, now time.Time, most time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, wall := t.elapsed(), until.Sub(now)
	end, seen := t.ends[key]
	if !seen {
		end = at + wall
		if most > 0 {
			end = at + min(wall, most)
		}
		if len(t.ends) >= mostTerms {
			clear(t.ends)
		}
		t.ends[key] = end
	}
	return min(wall, end-at)
}

// left is how long a change may still be confirmed.
func (d *Desk) left(l limit) time.Duration {
	return d.terms.left(l.id, l.at, d.cfg.Now(), l.at.Sub(l.asked))
}

// holds tells whether an unlocking still does.
func (d *Desk) holds(u unlocked) bool {
	return d.terms.left("unlock "+u.By+u.Until.String(), u.Until, d.cfg.Now(), MostUnlocked) > 0
}

// shown is a limit as its action shows it. Its end is told as it comes by the clock as that is now, which may have been set
// since.
func (d *Desk) shown(l limit) sources.Deadline {
	at := l.at
	if comes := d.cfg.Now().Add(d.left(l)); !l.over && l.at.Sub(comes) > 2*time.Second {
		at = comes.UTC().Round(time.Second)
	}
	return sources.Deadline{At: at, Back: l.back, Confirmed: l.confirmed, Over: l.over}
}
