package main

import (
	"context"
	"io"
	"sync"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui"
)

// place is where a console's frames come from and where its questions and actions go.
type place interface {
	ui.Feed
	ui.Operator
	ui.Ask
	Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error)
	Unmask(ctx context.Context, d time.Duration, reason string) (time.Time, error)
	Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error)
	Now() time.Time
}

var (
	_ place = here{}
	_ place = (*alone)(nil)
)

// here is a place in this process.
type here struct {
	*switchboard
	operator
	now func() time.Time
}

// Now is the engine's clock.
func (h here) Now() time.Time { return h.now() }

// relay is a console's place, which may become another while the console is open: it begins over an engine of its own and
// goes on over a runner that it has started. It is for one reader; all else may be called from many goroutines.
type relay struct {
	mu     sync.Mutex
	at     place
	first  *frame.Frame // of the new place, not yet handed out
	newest *frame.Frame
	turned chan struct{} // closed and replaced when the place becomes another
	left   func()        // ends what the first place ran
}

func newRelay(at place, left func()) *relay {
	return &relay{at: at, turned: make(chan struct{}), left: sync.OnceFunc(left)}
}

func (r *relay) place() place {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

// shown is the service on the screen.
func (r *relay) shown(otherwise string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.newest == nil {
		return otherwise
	}
	return r.newest.Service
}

// turn goes on over another place, of which a frame is known already.
func (r *relay) turn(to place, f *frame.Frame) {
	r.mu.Lock()
	r.at, r.first = to, f
	close(r.turned)
	r.turned = make(chan struct{})
	r.mu.Unlock()
	r.left()
}

// close gives a runner's place back; the first one belongs to who opened it.
func (r *relay) close() {
	if a, ok := r.place().(*alone); ok {
		a.close()
	}
}

// Next returns the next frame of where the console is.
func (r *relay) Next(ctx context.Context) (*frame.Frame, error) {
	for {
		r.mu.Lock()
		at, turned, f := r.at, r.turned, r.first
		r.first = nil
		r.mu.Unlock()
		if f == nil {
			waiting, cancel := context.WithCancel(ctx)
			stop := make(chan struct{})
			go func() {
				defer close(stop)
				select {
				case <-turned:
					cancel()
				case <-waiting.Done():
				}
			}()
			var err error
			f, err = at.Next(waiting)
			cancel()
			<-stop
			select {
			case <-turned: // whatever it was, it is of the place before
				continue
			default:
			}
			if err != nil {
				return nil, err
			}
		}
		r.mu.Lock()
		r.newest = f
		r.mu.Unlock()
		return f, nil
	}
}

// What follows goes to where the console is.

// Preview plans an action.
func (r *relay) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	return r.place().Preview(ctx, a)
}

// Do does what was previewed.
func (r *relay) Do(ctx context.Context, id, word string) (sources.Progress, error) {
	return r.place().Do(ctx, id, word)
}

// Unlock allows ramping up for a while.
func (r *relay) Unlock(ctx context.Context, d time.Duration, reason string) error {
	return r.place().Unlock(ctx, d, reason)
}

// Note writes a remark into the journal.
func (r *relay) Note(ctx context.Context, text string) error { return r.place().Note(ctx, text) }

// Confirm says that a change that reverts by itself stays.
func (r *relay) Confirm(ctx context.Context, id string) error { return r.place().Confirm(ctx, id) }

// Approve lets one candidate have one share for a while.
func (r *relay) Approve(ctx context.Context, a sources.Approval) error {
	return r.place().Approve(ctx, a)
}

// Logs answers with held lines.
func (r *relay) Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	return r.place().Logs(ctx, q)
}

// Line opens one held line.
func (r *relay) Line(ctx context.Context, id string) (frame.LogLine, error) {
	return r.place().Line(ctx, id)
}

// Refresh asks all sources again.
func (r *relay) Refresh(ctx context.Context) error { return r.place().Refresh(ctx) }

// Service turns to another service.
func (r *relay) Service(ctx context.Context, name string) error { return r.place().Service(ctx, name) }

// Seek finds the next held line that a question asks for.
func (r *relay) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	return r.place().Seek(ctx, q, id, newer)
}

// Unmask allows this console lines as they came, for a while.
func (r *relay) Unmask(ctx context.Context, d time.Duration, reason string) (time.Time, error) {
	return r.place().Unmask(ctx, d, reason)
}

// Export writes held lines, masked.
func (r *relay) Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error) {
	return r.place().Export(ctx, q, w, out)
}

// Now is the clock of where the frames come from.
func (r *relay) Now() time.Time { return r.place().Now() }
