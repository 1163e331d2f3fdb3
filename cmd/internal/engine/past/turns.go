package past

import (
	"context"
	"slices"
	"sync"
	"time"

	"rampart/sources"
)

const (
	// AtOnce is how many services read a long past at the same time: as many as are asked for together by one query of
	// half an hour, and their answers take some 50 MB until they are judged.
	AtOnce = 50
	// turnPast is from where on a past is long. What is read at each scrape is shorter, and never waits.
	turnPast = 10 * time.Minute
)

// Turns lets the services of a process read their pasts in turns, so that a runner which begins, or whose source was away
// for hours, does not hold everybody's past at once. It is safe for many goroutines.
//
// Who reads together begins together, and the next ones begin when all of these are done: services in step ask as one, and
// one that followed as soon as another is done would be out of step with all others. A source that hangs holds up the rest
// for no longer than the deadline of one question.
type Turns struct {
	mu      sync.Mutex
	reading int
	closed  bool // those who read have begun to end while others wait
	waiting []chan struct{}
}

// NewTurns makes turns for the services of one process.
func NewTurns() *Turns { return &Turns{} }

// Take waits until a window may be read; done ends that. Nil turns, or a short window, wait for nobody.
func (t *Turns) Take(ctx context.Context, w sources.Window) (done func(), err error) {
	if t == nil || w.Length() <= turnPast {
		return func() {}, nil
	}
	turn := t.line()
	select {
	case <-turn:
		return t.end, nil
	case <-ctx.Done():
	}
	if !t.leave(turn) { // it came at the same moment
		t.end()
	}
	return nil, ctx.Err()
}

// line begins to wait; what it returns is closed when it is one's turn.
func (t *Turns) line() chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	turn := make(chan struct{})
	if t.closed || t.reading == AtOnce {
		t.waiting = append(t.waiting, turn)
		return turn
	}
	t.reading++
	close(turn)
	return turn
}

// leave tells whether somebody was still waiting, and waits no more.
func (t *Turns) leave(turn chan struct{}) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := len(t.waiting)
	t.waiting = slices.DeleteFunc(t.waiting, func(w chan struct{}) bool { return w == turn })
	return len(t.waiting) < before
}

// end ends one's turn; the last one lets the next begin, all at once.
func (t *Turns) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading--
	t.closed = t.reading > 0 && (t.closed || len(t.waiting) > 0)
	if t.reading > 0 {
		return
	}
	next := t.waiting[:min(AtOnce, len(t.waiting))]
	t.waiting = slices.Clone(t.waiting[len(next):])
	t.reading = len(next)
	for _, turn := range next {
		close(turn)
	}
}
