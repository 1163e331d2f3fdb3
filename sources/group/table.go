package group

import (
	"context"
	"sync"
	"time"
)

// Config says how questions of type Q are asked together. The answer comes in pieces of type S; E is what is said of the
// whole of it.
type Config[Q, S, E any] struct {
	// Ask asks one question for all of them and hands each piece to the one of that number.
	Ask func(ctx context.Context, questions []Q, give func(i int, piece S)) (E, error)
	// Weight is the part of a full batch that a question takes: above 0; from 1 on it is asked alone.
	Weight func(Q) float64
	// TooMuch tells whether a failure may be one of size, so that fewer at once would do; again tells whether to try so at
	// once instead of with the next question.
	TooMuch func(error) (smaller, again bool)
	// Lull is how long nobody must have joined before a batch is sent; Patience is how long its first waits at most.
	Lull, Patience time.Duration
}

// Table is where questions meet. It is safe for many goroutines.
type Table[Q, S, E any] struct {
	cfg Config[Q, S, E]

	mu   sync.Mutex
	open map[string]*batch[Q, S, E] // those that can still be joined
	room float64                    // the weight of a full batch: 1, less after one that was too much
}

// New makes a table at which nobody waits.
func New[Q, S, E any](cfg Config[Q, S, E]) *Table[Q, S, E] {
	return &Table[Q, S, E]{cfg: cfg, open: map[string]*batch[Q, S, E]{}, room: 1}
}

// rounding is what sums of weights may be off by.
const rounding = 1e-9

// Ask asks a question together with those of the same key. Of all who may ask it, there are so many: when they have, the
// question is sent. take is called for each piece, never by two goroutines at once and never after Ask returned; its first
// error ends this caller's part.
func (t *Table[Q, S, E]) Ask(ctx context.Context, key string, all int, q Q, take func(S) error) (E, error) {
	w := &waiter[Q, S, E]{question: q, take: take, done: make(chan struct{})}
	b := t.join(key, all, w)
	select {
	case <-w.done:
		return w.said, w.err
	case <-ctx.Done():
	}
	w.leave()
	if b.left() {
		<-b.ended
	}
	var none E
	return none, ctx.Err()
}

// join puts a waiter into the open batch of its key, or opens one; a batch that is full or complete is sent.
func (t *Table[Q, S, E]) join(key string, all int, w *waiter[Q, S, E]) *batch[Q, S, E] {
	t.mu.Lock()
	defer t.mu.Unlock()
	weight := t.cfg.Weight(w.question)
	b := t.open[key]
	if b != nil && b.weight+weight > t.room+rounding {
		t.send(key, b)
		b = nil
	}
	if b == nil {
		b = newBatch(t)
		t.open[key] = b
		go b.run(key)
	}
	b.add(w, weight)
	if b.weight >= t.room-rounding || len(b.waiters) >= all {
		t.send(key, b)
	}
	return b
}

// send ends the joining of a batch. The caller holds the lock.
func (t *Table[Q, S, E]) send(key string, b *batch[Q, S, E]) {
	if t.open[key] == b {
		delete(t.open, key)
		close(b.sent)
	}
}

// learn keeps batches below the size that was too much, and lets them grow again while all is well.
func (t *Table[Q, S, E]) learn(weight float64, smaller bool) {
	const growth = 1.02 // a batch that was too much is tried again after some 35 that were not
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case smaller:
		t.room = min(t.room, weight/2)
	case weight > t.room/2:
		t.room = min(1, t.room*growth)
	}
}
