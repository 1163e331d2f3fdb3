// Package notifier hands notices to those who want them, and is never in the way: [Notifier.Tell] returns at once,
// whatever a receiver does.
//
// It promises: a notice that says what was said before under its key is not sent again, nor is one that was given up; of
// several under one key that wait, only the newest is sent, and one that is told again while it waits keeps its time and name; a receiver that fails is tried again with growing pauses until the notice is too old
// to be news; one receiver never delays another; and at most a bounded number waits, the least grave dropped first and
// counted.
//
// A Notifier owns one goroutine for each receiver: they begin in Run and have ended when Run returns.
//
// # Why
//
// No file of what was sent: after a restart the same matter may be told twice, which is better than a matter that
// nobody heard of because of a file.
package notifier

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rampart/sources"
)

// Config is what a notifier is made of.
type Config struct {
	To  []sources.Notifier
	Now func() time.Time
	// Every is the least time between two notices to one receiver; 1 s when zero. What waits meanwhile is joined by key.
	Every time.Duration
	// Limit bounds one try; 10 s when zero.
	Limit time.Duration
	// Stale is the age at which a notice is no news any more and is dropped; 15 min when zero.
	Stale time.Duration
}

// mostWaiting bounds what waits for one receiver.
const mostWaiting = 64

// Notifier tells all receivers.
type Notifier struct {
	cfg   Config
	boxes []*box
}

// Health is how one receiver is.
type Health struct {
	Name    string
	Waiting int
	Sent    int
	Dropped int
	Err     string // of the last try; empty: it was taken
	At      time.Time
}

// New makes a notifier; it sends nothing before Run.
func New(cfg Config) *Notifier {
	if cfg.Every <= 0 {
		cfg.Every = time.Second
	}
	if cfg.Limit <= 0 {
		cfg.Limit = 10 * time.Second
	}
	if cfg.Stale <= 0 {
		cfg.Stale = 15 * time.Minute
	}
	n := &Notifier{cfg: cfg}
	for _, to := range cfg.To {
		n.boxes = append(n.boxes, &box{to: to, past: map[string]end{}, knock: make(chan struct{}, 1)})
	}
	return n
}

// Chooser is a receiver that does not want to hear everything.
type Chooser interface {
	// Wants tells whether it is to hear of a notice.
	Wants(n sources.Notice) bool
}

// Tell queues a notice for all receivers that want it and returns at once.
func (n *Notifier) Tell(notice sources.Notice) {
	for _, b := range n.boxes {
		if c, ok := b.to.(Chooser); !ok || c.Wants(notice) {
			b.put(notice)
		}
	}
}

// Health is how the receivers are, in the config's order.
func (n *Notifier) Health() []Health {
	out := make([]Health, 0, len(n.boxes))
	for _, b := range n.boxes {
		out = append(out, b.health())
	}
	return out
}

// Run sends until ctx ends; then each receiver gets one more try for what waits, for at most Limit.
func (n *Notifier) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, b := range n.boxes {
		wg.Go(func() { n.serve(ctx, b) })
	}
	wg.Wait()
}

// serve is one receiver's loop.
func (n *Notifier) serve(ctx context.Context, b *box) {
	pause := sources.Backoff{First: n.cfg.Every, Most: time.Minute, Now: n.cfg.Now}
	for {
		select {
		case <-b.knock:
		case <-ctx.Done():
			n.last(ctx, b)
			return
		}
		for notice, ok := b.take(n.cfg.Now(), n.cfg.Stale); ok; notice, ok = b.take(n.cfg.Now(), n.cfg.Stale) {
			wait := n.cfg.Every
			if err := n.send(ctx, b, notice); err != nil {
				wait = pause.Failed(err)
			} else {
				pause.Healed()
			}
			if !sleep(ctx, wait) {
				n.last(ctx, b)
				return
			}
		}
	}
}

// last empties a box once, without waiting between two.
func (n *Notifier) last(ctx context.Context, b *box) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), n.cfg.Limit)
	defer cancel()
	for {
		notice, ok := b.take(n.cfg.Now(), n.cfg.Stale)
		if !ok || n.send(ctx, b, notice) != nil {
			return
		}
	}
}

func (n *Notifier) send(ctx context.Context, b *box, notice sources.Notice) error {
	ctx, cancel := context.WithTimeout(ctx, n.cfg.Limit)
	defer cancel()
	err := b.to.Notify(ctx, notice)
	b.sent(notice, err, n.cfg.Now())
	if err != nil {
		return fmt.Errorf("notify %s: %w", b.to.Name(), err)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
