package group

import (
	"context"
	"sync"
	"time"
)

// batch are callers whose questions are asked as one.
type batch[Q, S, E any] struct {
	table  *Table[Q, S, E]
	ctx    context.Context //nolint:containedctx // it is the batch's life: it ends when nobody waits any more.
	cancel context.CancelFunc
	sent   chan struct{} // closed when nobody can join any more
	ended  chan struct{} // closed when its goroutine is done

	// Guarded by the table's lock.
	waiters []*waiter[Q, S, E]
	weight  float64
	opened  time.Time
	joined  time.Time // when the last one joined

	mu   sync.Mutex
	gone int // how many of the waiters left before the answer
	all  int // how many they are, once it was sent
}

func newBatch[Q, S, E any](t *Table[Q, S, E]) *batch[Q, S, E] {
	ctx, cancel := context.WithCancel(context.Background())
	return &batch[Q, S, E]{table: t, ctx: ctx, cancel: cancel, sent: make(chan struct{}), ended: make(chan struct{}), opened: time.Now()}
}

// add takes one more waiter. The caller holds the table's lock.
func (b *batch[Q, S, E]) add(w *waiter[Q, S, E], weight float64) {
	b.waiters, b.weight, b.joined = append(b.waiters, w), b.weight+weight, time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all++
}

// left counts one who does not wait any more; it tells whether that was the last, and ends the batch then.
func (b *batch[Q, S, E]) left() bool {
	b.table.mu.Lock() // so that nobody joins a batch that has just been given up
	defer b.table.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone++; b.gone < b.all {
		return false
	}
	for key, open := range b.table.open {
		if open == b {
			b.table.send(key, b)
		}
	}
	b.cancel()
	return true
}

// run waits for the batch to be complete and asks.
func (b *batch[Q, S, E]) run(key string) {
	defer close(b.ended)
	defer b.cancel()
	b.gather(key)
	b.ask(b.waiters)
}

// gather returns when nobody can join any more.
func (b *batch[Q, S, E]) gather(key string) {
	timer := time.NewTimer(b.table.cfg.Lull)
	defer timer.Stop()
	for {
		select {
		case <-b.sent:
			return
		case <-timer.C:
		}
		b.table.mu.Lock()
		wait := min(b.table.cfg.Lull-time.Since(b.joined), b.table.cfg.Patience-time.Since(b.opened))
		if wait <= 0 {
			b.table.send(key, b)
		}
		b.table.mu.Unlock()
		timer.Reset(max(wait, 0))
	}
}

// ask asks for some of the waiters, and in two halves when that was too much and nothing of the answer came.
func (b *batch[Q, S, E]) ask(ws []*waiter[Q, S, E]) {
	questions, weight := make([]Q, len(ws)), 0.0
	for i, w := range ws {
		questions[i] = w.question
		weight += b.table.cfg.Weight(w.question)
	}
	came := false
	said, err := b.table.cfg.Ask(b.ctx, questions, func(i int, piece S) {
		came = true
		ws[i].give(piece)
	})
	if err == nil {
		b.table.learn(weight, false)
	} else if smaller, again := b.table.cfg.TooMuch(err); smaller && len(ws) > 1 {
		b.table.learn(weight, true)
		if again && !came && b.ctx.Err() == nil {
			b.ask(ws[:len(ws)/2])
			b.ask(ws[len(ws)/2:])
			return
		}
	}
	for _, w := range ws {
		w.end(said, err)
	}
}

// waiter is one caller.
type waiter[Q, S, E any] struct {
	question Q
	done     chan struct{}

	mu   sync.Mutex // held while take runs
	take func(S) error
	gone bool
	said E
	err  error
}

// give hands over a piece, unless the caller has left or had enough.
func (w *waiter[Q, S, E]) give(piece S) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.gone && w.err == nil {
		w.err = w.take(piece)
	}
}

// leave returns when take is not running, and it will not run again.
func (w *waiter[Q, S, E]) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone = true
}

// end gives the caller what was said of the answer, and the error that is everybody's unless it had its own.
func (w *waiter[Q, S, E]) end(said E, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = said
	if w.err == nil {
		w.err = err
	}
	close(w.done)
}
