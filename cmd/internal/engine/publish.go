package engine

import (
	"context"
	"sync"

	"rampart/analysis/frame"
)

// board holds the newest frame and wakes those who wait for it.
type board struct {
	mu    sync.Mutex
	seq   uint64
	frame *frame.Frame
	fresh chan struct{}
}

func newBoard() *board { return &board{fresh: make(chan struct{})} }

// put publishes a frame and numbers it.
func (b *board) put(f *frame.Frame) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	f.Seq = b.seq
	b.frame = f
	close(b.fresh)
	b.fresh = make(chan struct{})
}

// after returns the newest frame once it is newer than seq.
func (b *board) after(ctx context.Context, seq uint64) (*frame.Frame, error) {
	for {
		b.mu.Lock()
		f, fresh := b.frame, b.fresh
		b.mu.Unlock()
		if f != nil && f.Seq > seq {
			return f, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-fresh:
		}
	}
}

// Reader is one reader's place in the stream of frames. It is not safe for use by several goroutines.
type Reader struct {
	board *board
	seen  uint64
}

// Next blocks until there is a frame newer than the last one it returned.
func (r *Reader) Next(ctx context.Context) (*frame.Frame, error) {
	f, err := r.board.after(ctx, r.seen)
	if err == nil {
		r.seen = f.Seq
	}
	return f, err
}

// Newest returns the newest frame, or nil before the first.
func (e *Engine) Newest() *frame.Frame {
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	return e.board.frame
}
