package notifier

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"rampart/sources"
)

// box is what waits for one receiver.
type box struct {
	to    sources.Notifier
	knock chan struct{}

	mu      sync.Mutex
	waiting []sources.Notice // oldest first, one a key
	sending *sources.Notice  // on its way now
	past    map[string]end   // what became of the last one of a key
	order   []string         // keys of past, oldest first
	h       Health
}

// end is what became of a notice: it was told, or it was given up and something older of its key may have been told.
type end struct {
	words string
	told  bool
}

// mostPast bounds the matters that are remembered: each action is one, and a runner stays for months.
const mostPast = 512

// put adds a notice, in the place of an older one of its key. One that says what waits already changes nothing: it keeps its
// time, its name and its place, however often it is told.
func (b *box) put(n sources.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	same := func(w sources.Notice) bool { return w.Key == n.Key }
	now, was := b.past[n.Key], words(n)
	if b.sending != nil && same(*b.sending) {
		now = end{words(*b.sending), !b.sending.Resolved}
	}
	i := slices.IndexFunc(b.waiting, same)
	if i >= 0 && words(b.waiting[i]) == was {
		return
	}
	b.waiting = slices.DeleteFunc(b.waiting, same)
	if now.words == was || n.Resolved && !now.told { // it was said, or nobody heard that it began
		return
	}
	b.waiting = append(b.waiting, n)
	if len(b.waiting) > mostWaiting {
		least := slices.MinFunc(b.waiting, func(x, y sources.Notice) int { return int(x.Severity) - int(y.Severity) })
		i := slices.IndexFunc(b.waiting, func(w sources.Notice) bool { return w.Key == least.Key })
		b.waiting = slices.Delete(b.waiting, i, i+1)
		b.h.Dropped++
	}
	select {
	case b.knock <- struct{}{}:
	default:
	}
}

// take removes the gravest notice, the oldest first among equals, and gives up what is no news any more.
func (b *box) take(now time.Time, stale time.Duration) (sources.Notice, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = slices.DeleteFunc(b.waiting, func(w sources.Notice) bool {
		old := now.Sub(w.At) > stale
		if old {
			b.giveUp(w)
		}
		return old
	})
	if len(b.waiting) == 0 {
		return sources.Notice{}, false
	}
	best := 0
	for i, w := range b.waiting {
		if w.Severity > b.waiting[best].Severity {
			best = i
		}
	}
	n := b.waiting[best]
	b.waiting = slices.Delete(b.waiting, best, best+1)
	b.sending = &n
	return n, true
}

// sent notes what became of the one that take handed out. A failed one is put back in front, unless a newer one of its key
// came meanwhile or trying again is of no use.
func (b *box) sent(n sources.Notice, err error, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sending = nil
	b.h.At, b.h.Err = at, ""
	switch {
	case err == nil:
		b.h.Sent++
		b.ended(n.Key, end{words(n), true})
		if n.Resolved {
			delete(b.past, n.Key)
		}
		return
	case !sources.Retryable(err):
		b.giveUp(n)
	case !slices.ContainsFunc(b.waiting, func(w sources.Notice) bool { return w.Key == n.Key }):
		b.waiting = slices.Insert(b.waiting, 0, n)
	}
	b.h.Err = sources.Visible(err.Error())
}

// giveUp lets a notice go for good: told again, it is not tried again. The caller holds the lock.
func (b *box) giveUp(n sources.Notice) {
	b.h.Dropped++
	b.ended(n.Key, end{words(n), b.past[n.Key].told})
}

// ended remembers what became of a key's last notice. The caller holds the lock.
func (b *box) ended(key string, e end) {
	if _, known := b.past[key]; !known {
		b.order = append(slices.DeleteFunc(b.order, func(k string) bool { return k == key }), key)
	}
	b.past[key] = e
	if len(b.order) > mostPast {
		delete(b.past, b.order[0])
		b.order = b.order[1:]
	}
}

func (b *box) health() Health {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.h
	h.Name, h.Waiting = b.to.Name(), len(b.waiting)
	return h
}

// words is what makes two notices of one key the same news. An alarm counts on while it stands: its numbers are none.
func words(n sources.Notice) string {
	if n.Kind == sources.NoticeRung {
		n.Title, n.Text = sources.Uncounted(n.Title), sources.Uncounted(n.Text)
	}
	return fmt.Sprintf("%s\x00%s\x00%s\x00%v", n.Severity, n.Title, n.Text, n.Resolved)
}
