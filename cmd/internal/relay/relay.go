// Package relay lets a console go on over another source of frames while it is open: it begins over an engine of its own
// and goes on over a runner that was started from it.
//
// It promises that a frame of the place before is never handed out after the turn, that whoever waits for a frame then
// waits at the new place, and that the new place's first frame, which is known already, comes first. A [Relay] owns no
// goroutine beyond a call of Next.
//
// # Why
//
// The console asks nobody but its Env, and its Env is fixed: so what changes stands behind it, and the model need not know.
package relay

import (
	"context"
	"io"
	"sync"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui"
)

var _ Place = (*Relay)(nil)

// Place is where a console's frames come from and where its questions and actions go.
type Place interface {
	ui.Feed
	ui.Operator
	ui.Ask
	Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error)
	Unmask(ctx context.Context, d time.Duration, reason string) (time.Time, error)
	Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error)
	Now() time.Time
}

// Relay is a console's place, which may become another while the console is open. It is for one reader; all else may be called from many goroutines.
type Relay struct {
	mu     sync.Mutex
	at     Place
	first  *frame.Frame // of the new place, not yet handed out
	newest *frame.Frame
	turned chan struct{} // closed and replaced when the place becomes another
	left   func()        // ends what the first place ran
}

// New makes a relay at its first place; left ends what that one runs, once the relay has turned to another.
func New(at Place, left func()) *Relay {
	return &Relay{at: at, turned: make(chan struct{}), left: sync.OnceFunc(left)}
}

// Place is where the console is now.
func (r *Relay) Place() Place {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

// Shown is the service on the screen.
func (r *Relay) Shown(otherwise string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.newest == nil {
		return otherwise
	}
	return r.newest.Service
}

// Turn goes on over another place, of which a frame is known already.
func (r *Relay) Turn(to Place, f *frame.Frame) {
	r.mu.Lock()
	r.at, r.first = to, f
	close(r.turned)
	r.turned = make(chan struct{})
	r.mu.Unlock()
	r.left()
}

// Next returns the next frame of where the console is.
func (r *Relay) Next(ctx context.Context) (*frame.Frame, error) {
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
func (r *Relay) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	return r.Place().Preview(ctx, a)
}

// Do does what was previewed.
func (r *Relay) Do(ctx context.Context, id, word string) (sources.Progress, error) {
	return r.Place().Do(ctx, id, word)
}

// Unlock allows ramping up for a while.
func (r *Relay) Unlock(ctx context.Context, d time.Duration, reason string) error {
	return r.Place().Unlock(ctx, d, reason)
}

// Note writes a remark into the journal.
func (r *Relay) Note(ctx context.Context, text string) error { return r.Place().Note(ctx, text) }

// Confirm says that a change that reverts by itself stays.
func (r *Relay) Confirm(ctx context.Context, id string) error { return r.Place().Confirm(ctx, id) }

// Approve lets one candidate have one share for a while.
func (r *Relay) Approve(ctx context.Context, a sources.Approval) error {
	return r.Place().Approve(ctx, a)
}

// Logs answers with held lines.
func (r *Relay) Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	return r.Place().Logs(ctx, q)
}

// Line opens one held line.
func (r *Relay) Line(ctx context.Context, id string) (frame.LogLine, error) {
	return r.Place().Line(ctx, id)
}

// Refresh asks all sources again.
func (r *Relay) Refresh(ctx context.Context) error { return r.Place().Refresh(ctx) }

// Service turns to another service.
func (r *Relay) Service(ctx context.Context, name string) error { return r.Place().Service(ctx, name) }

// Seek finds the next held line that a question asks for.
func (r *Relay) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	return r.Place().Seek(ctx, q, id, newer)
}

// Unmask allows this console lines as they came, for a while.
func (r *Relay) Unmask(ctx context.Context, d time.Duration, reason string) (time.Time, error) {
	return r.Place().Unmask(ctx, d, reason)
}

// Export writes held lines, masked.
func (r *Relay) Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error) {
	return r.Place().Export(ctx, q, w, out)
}

// Now is the clock of where the frames come from.
func (r *Relay) Now() time.Time { return r.Place().Now() }
