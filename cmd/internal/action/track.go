package action

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"rampart/sources"
)

// Track is one action on its way. Its progress is handed out as values that never change; the newest wins.
type Track struct {
	wake func() // tells the desk

	mu      sync.Mutex
	p       sources.Progress
	journal string // why the journal cannot be written, said loudly beside the alarm
	changed chan struct{}

	begun     chan struct{} // closed when something is about to be sent, was refused, or must be tried again
	beginOnce sync.Once
	stop      context.CancelCauseFunc // ends the following, never a rollback's write

	next sources.Split // what another process's change asked for that took its place; under the desk's lock
}

func newTrack(p sources.Progress, stop context.CancelCauseFunc, wake func()) *Track {
	return &Track{p: p, stop: stop, wake: wake, changed: make(chan struct{}), begun: make(chan struct{})}
}

// Progress is how far the action has come.
func (t *Track) Progress() sources.Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.p
}

// All yields the progress now and at each change, newest only, until the action is done or ctx ends.
func (t *Track) All(ctx context.Context) iter.Seq[sources.Progress] {
	return func(yield func(sources.Progress) bool) {
		for {
			t.mu.Lock()
			p, changed := t.p, t.changed
			t.mu.Unlock()
			if !yield(p) || p.Done {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// edit changes the progress: f gets a copy whose slices may be appended to.
func (t *Track) edit(f func(*sources.Progress)) {
	t.mu.Lock()
	p := t.p
	p.Rungs, p.Members = slices.Clip(p.Rungs), slices.Clip(p.Members)
	f(&p)
	t.p = p
	close(t.changed)
	t.changed = make(chan struct{})
	t.mu.Unlock()
	t.wake()
}

// reach notes a rung and those below it that were passed unseen, of the way that is gone.
func reach(p *sources.Progress, rung sources.Rung, at time.Time) {
	for r := p.Rung + 1; r <= rung; r++ {
		p.Rungs = append(p.Rungs, sources.RungTime{Rung: r, At: at, Way: p.Change.Intent.Way})
	}
	p.Rung = max(p.Rung, rung)
}

// say sets what is wrong, and what can be done about it.
func (t *Track) say(alarm, next string) {
	t.edit(func(p *sources.Progress) { p.Alarm, p.Unnoted, p.Next = t.loud(alarm), t.journal, next })
}

// loud puts a journal that cannot be written in front of any alarm. The lock is held.
func (t *Track) loud(alarm string) string {
	return strings.Join(slices.DeleteFunc([]string{t.journal, alarm}, func(s string) bool { return s == "" }), "; ")
}

// unwritten says loudly that an entry of this action is not in the journal. When one is written again, so is all that
// was missed before it, and there is nothing to be loud about.
func (t *Track) unwritten(err error) {
	if err == nil {
		t.mu.Lock()
		t.journal = ""
		t.mu.Unlock()
		return
	}
	t.edit(func(p *sources.Progress) {
		quiet := strings.TrimPrefix(strings.TrimPrefix(p.Alarm, t.journal), "; ")
		t.journal = "journal cannot be written" + because(err) + ", the action goes on without it"
		p.Alarm, p.Unnoted = t.loud(quiet), t.journal
	})
}

// because is what is wrong with a journal, and before it what to do about it: a screen cuts the end.
func because(err error) string {
	e, ok := errors.AsType[*sources.Error](err)
	if !ok || e.Fix == "" {
		return " (" + err.Error() + ")"
	}
	bare := *e
	bare.Fix = ""
	return ": " + e.Fix + " (" + bare.Error() + ")"
}

// end says that nothing more will be tried.
func (t *Track) end(err error, alarm, next string) {
	t.edit(func(p *sources.Progress) {
		p.Done, p.Err = true, err
		p.Alarm, p.Unnoted, p.Next = t.loud(alarm), t.journal, next
	})
	t.begin()
}

// begin lets the caller of Do go on.
func (t *Track) begin() { t.beginOnce.Do(func() { close(t.begun) }) }

// refused is the error of an action that ended before anything was sent.
func (t *Track) refused() error {
	if p := t.Progress(); p.Done && p.Rung == sources.RungNone {
		return p.Err
	}
	return nil
}
