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
	waiting []sources.Notice  // oldest first, one a key
	said    map[string]string // what was last told, by key
	h       Health
}

// put adds a notice, in the place of an older one of its key.
func (b *box) put(n sources.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	same := func(w sources.Notice) bool { return w.Key == n.Key }
	b.waiting = slices.DeleteFunc(b.waiting, same)
	if b.said[n.Key] == words(n) {
		return
	}
	if _, told := b.said[n.Key]; n.Resolved && !told {
		return // nobody heard that it began
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

// take removes the gravest notice, the oldest first among equals, and drops what is no news any more.
func (b *box) take(now time.Time, stale time.Duration) (sources.Notice, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := len(b.waiting)
	b.waiting = slices.DeleteFunc(b.waiting, func(w sources.Notice) bool { return now.Sub(w.At) > stale })
	b.h.Dropped += was - len(b.waiting)
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
	return n, true
}

// giveBack puts a notice back in front unless a newer one of its key came meanwhile or trying again is of no use.
func (b *box) giveBack(n sources.Notice, again bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !again {
		b.h.Dropped++
		return
	}
	if !slices.ContainsFunc(b.waiting, func(w sources.Notice) bool { return w.Key == n.Key }) {
		b.waiting = slices.Insert(b.waiting, 0, n)
	}
}

func (b *box) sent(n sources.Notice, err error, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.h.At, b.h.Err = at, ""
	if err != nil {
		b.h.Err = sources.Visible(err.Error())
		return
	}
	b.h.Sent++
	if n.Resolved {
		delete(b.said, n.Key)
		return
	}
	b.said[n.Key] = words(n)
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
