package action

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"rampart/sources"
)

// recorder writes to the journal and keeps what could not be written, so that one entry of kind "gap" can tell it later.
// Writing has a time limit even where the disk has none: a stuck disk must not hold up a rollback.
type recorder struct {
	journal sources.Journal
	now     func() time.Time
	limit   time.Duration
	blank   sources.Entry // context and service, for gaps
	wake    func()
	turn    chan struct{} // held while an entry is on its way to the disk
	healing chan struct{} // held while the gap is

	mu   sync.Mutex // guards all below
	gap  gap
	hung bool // an entry has been on its way for longer than the limit
}

// gap is what the journal does not have.
type gap struct {
	From   time.Time       `json:"from"`
	To     time.Time       `json:"to"`
	Why    string          `json:"why"`
	Missed []sources.Entry `json:"missed"`
	Lost   int             `json:"lost,omitempty"` // more than could be kept
}

// mostMissed bounds what is kept for the gap.
const mostMissed = 200

func newRecorder(c Config, wake func()) *recorder {
	return &recorder{
		journal: c.Journal, now: c.Now, limit: c.Patience.Journal, wake: wake, turn: make(chan struct{}, 1), healing: make(chan struct{}, 1),
		blank: sources.Entry{Kind: sources.EntryGap, Context: c.Context, Service: c.Service},
	}
}

// must writes an entry or says why not. What was missed before is written first.
func (r *recorder) must(ctx context.Context, e sources.Entry) error {
	if err := r.heal(ctx); err != nil {
		return err
	}
	return r.append(ctx, e)
}

// may writes an entry, or keeps it for the gap and says why.
func (r *recorder) may(ctx context.Context, e sources.Entry) error {
	err := r.must(ctx, e)
	if err == nil {
		return nil
	}
	at := r.now()
	e.Time = at
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gap.miss(e, at, err.Error())
	return err
}

// append has one entry on its way at a time; while one is stuck, others fail at once instead of queueing behind it. Nobody
// waits for the goroutine of a stuck one: it ends when the disk answers.
func (r *recorder) append(ctx context.Context, e sources.Entry) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.limit)
	defer cancel()
	if r.isHung() {
		return r.stuck()
	}
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return r.stuck()
	}
	done, finished := make(chan error, 1), false
	go func() {
		_, err := r.journal.Append(ctx, e)
		r.mu.Lock()
		finished, r.hung = true, false
		r.mu.Unlock()
		<-r.turn
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		r.mu.Lock()
		r.hung = !finished
		r.mu.Unlock()
		return r.stuck()
	}
}

func (r *recorder) isHung() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hung
}

func (r *recorder) stuck() error {
	return &sources.Error{Op: "append", Target: "journal", Kind: sources.ErrUnreachable, Cause: fmt.Errorf("not on disk within %s", r.limit)}
}

// heal writes the gap, if there is one; one caller at a time.
func (r *recorder) heal(ctx context.Context) error {
	r.healing <- struct{}{} // whoever has it gives it back within the limit
	defer func() { <-r.healing }()
	r.mu.Lock()
	g := r.gap
	r.mu.Unlock()
	if g.From.IsZero() {
		return nil
	}
	e := r.blank
	e.Data = record(g)
	e.Text = fmt.Sprintf("%d entries between %s and %s could not be written when they were made: %s",
		len(g.Missed)+g.Lost, g.From.UTC().Format(time.TimeOnly), g.To.UTC().Format(time.TimeOnly), g.Why)
	if err := r.append(ctx, e); err != nil {
		return err
	}
	r.mu.Lock()
	r.gap = r.gap.after(g)
	r.mu.Unlock()
	r.wake()
	return nil
}

// after is what was missed since a part of the gap was written.
func (g gap) after(written gap) gap {
	g.Missed, g.Lost = g.Missed[len(written.Missed):], g.Lost-written.Lost
	if len(g.Missed)+g.Lost == 0 {
		return gap{}
	}
	g.From = written.To
	return g
}

// miss adds an entry.
func (g *gap) miss(e sources.Entry, at time.Time, why string) {
	if g.From.IsZero() {
		g.From = at
	}
	g.To, g.Why = at, why
	if len(g.Missed) < mostMissed {
		g.Missed = append(g.Missed, e)
	} else {
		g.Lost++
	}
}

// alarm says what is missing and why; empty when nothing is.
func (r *recorder) alarm() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gap.From.IsZero() {
		return ""
	}
	return fmt.Sprintf("journal: %d entries since %s are not written: %s",
		len(r.gap.Missed)+r.gap.Lost, r.gap.From.UTC().Format(time.TimeOnly), r.gap.Why)
}

// run writes a gap as soon as it can, also when nothing else happens, and once more at the end.
func (r *recorder) run(ctx context.Context) {
	for {
		select {
		case <-time.After(5 * time.Second):
		case <-ctx.Done():
			_ = r.heal(ctx) // the alarm stands; there is nobody left to tell
			return
		}
		if err := r.heal(ctx); err != nil && !errors.Is(err, context.Canceled) {
			r.wake()
		}
	}
}
