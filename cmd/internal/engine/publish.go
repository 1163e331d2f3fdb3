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
	issue *issue
	fresh chan struct{}
}

// issue is a frame as it was published, without what only a screen shows; whole has that as well. Both are the same for all
// who read them.
type issue struct {
	glance *frame.Frame
	whole  func() *frame.Frame
}

func newBoard() *board { return &board{fresh: make(chan struct{})} }

// put publishes a frame and numbers it. Whatever complete adds to a copy of it is added when somebody asks for the whole.
func (b *board) put(f *frame.Frame, complete func(*frame.Frame)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	f.Seq = b.seq
	b.issue = &issue{glance: f, whole: sync.OnceValue(func() *frame.Frame {
		whole := *f
		complete(&whole)
		return &whole
	})}
	close(b.fresh)
	b.fresh = make(chan struct{})
}

// after returns the newest issue once it is newer than seq.
func (b *board) after(ctx context.Context, seq uint64) (*issue, error) {
	for {
		b.mu.Lock()
		i, fresh := b.issue, b.fresh
		b.mu.Unlock()
		if i != nil && i.glance.Seq > seq {
			return i, nil
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
	board   *board
	glances bool
	seen    uint64
}

// Next blocks until there is a frame newer than the last one it returned.
func (r *Reader) Next(ctx context.Context) (*frame.Frame, error) {
	i, err := r.board.after(ctx, r.seen)
	if err != nil {
		return nil, err
	}
	r.seen = i.glance.Seq
	if r.glances {
		return i.glance, nil
	}
	return i.whole(), nil
}

// Reader returns a new reader of the frames, for a screen.
func (e *Engine) Reader() *Reader { return &Reader{board: e.board} }

// Glances returns a reader of the frames without charts and without the evidence block by block: for whoever acts by the
// call and shows nothing. Nothing of them is made or held for a service that no screen shows.
func (e *Engine) Glances() *Reader { return &Reader{board: e.board, glances: true} }

// Newest returns the newest frame, or nil before the first, as [Engine.Glances] has it.
func (e *Engine) Newest() *frame.Frame {
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	if e.board.issue == nil {
		return nil
	}
	return e.board.issue.glance
}
