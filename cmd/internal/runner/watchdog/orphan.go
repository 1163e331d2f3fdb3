package watchdog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/cmd/internal/action"
	"rampart/cmd/internal/runner"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// orphan is a share that nobody drives.
type orphan struct {
	id     string        // of the ramp or the change that set it
	reason string        // the sentence that says so
	set    sources.Split // it is one only while this is set; not known: whatever is
	more   bool          // or more than that
	over   sources.Split // or more than this, where it is known: an agent check makes of what was set what it likes
}

// has tells whether a share is the one that nobody drives.
func (o orphan) has(s sources.Split) bool {
	if s.Candidate == 0 || !o.set.Known {
		return s.Candidate > 0
	}
	return s.Equal(o.set) || o.over.Known && s.Candidate > o.over.Candidate || o.more && s.Candidate > o.set.Candidate
}

// orphan is a ramp above 0 %, or a change whose time to be confirmed is over, that nobody drives; errFine when there is none.
func (d *Dog) orphan(ctx context.Context) (orphan, error) {
	by, beat, err := lease.Look(d.cfg.Lease)
	held := err == nil
	if err != nil && !errors.Is(err, sources.ErrNoData) {
		return orphan{}, err
	}
	silent := d.silence(beat, held)
	if beat.IsZero() || silent < d.cfg.Silence {
		return orphan{}, errFine
	}
	how := "is gone"
	if held {
		how = "hangs"
	}
	how = fmt.Sprintf("the runner (%s) %s, last heard of %s ago, and ", by, how, silent.Round(time.Second))
	if err := d.read(ctx); err != nil {
		return orphan{}, fmt.Errorf("watchdog of %s: %w", d.cfg.Service, err)
	}
	o, err := d.ramped()
	if err != nil {
		o, err = d.unconfirmed()
	}
	o.reason = how + o.reason
	return o, err
}

// ramped is a ramp that lives above 0 % by the journal, and by the mark of a runner that could not write it. One that somebody
// holds, or that asks, lives as well: whoever would take it down when it turns bad is gone.
func (d *Dog) ramped() (orphan, error) {
	st := runner.Marked(d.cfg.Mark, d.ramp.State)
	if !st.Phase.Live() || st.Share == 0 && st.Set.Candidate == 0 {
		return orphan{}, errFine
	}
	return orphan{id: st.Started.String(), reason: fmt.Sprintf("the ramp that %s started is %s at %v",
		sources.Visible(st.Starter), st.Phase, max(st.Share, st.Set.Candidate))}, nil
}

// unconfirmed is a change without a ramp that should have gone back by now, and that was not looked after before.
func (d *Dog) unconfirmed() (orphan, error) {
	all := d.changes.Unconfirmed()
	i := slices.IndexFunc(all, func(u action.Unconfirmed) bool {
		return !d.acted[u.ID] && !d.cfg.Now().Before(u.At) && u.To.Known
	})
	if i < 0 {
		return orphan{}, errFine
	}
	u, over := all[i], sources.Split{}
	if u.Agent && u.Last {
		over = u.Back
	}
	return orphan{id: u.ID, set: u.To, more: u.Last, over: over, reason: fmt.Sprintf("nobody confirmed the change to %v by %s, which was to go back to %v at %s: a watchdog sets 0 %% and nothing else",
		u.To, u.By, u.Back, u.At.UTC().Format(time.TimeOnly))}, nil
}

// read takes from the journal what is new. After an error all of it is read again: what stands there then may be another
// journal, one that was mended say.
func (d *Dog) read(ctx context.Context) error {
	if d.next == 0 {
		d.next, d.ramp, d.changes = 1, runner.Standing{Context: d.cfg.Context, Service: d.cfg.Service}, action.NewLedger(d.cfg.Context, d.cfg.Service)
	}
	for e, err := range d.cfg.Journal.Entries(ctx, d.next) {
		if err == nil {
			err = d.ramp.Take(e)
		}
		if err != nil {
			d.next = 0
			return err
		}
		d.changes.Take(e)
		d.next = e.Seq + 1
	}
	return nil
}

// still tells, right before the write, whether what was found is so.
func (d *Dog) still(ctx context.Context, was orphan) error {
	now, err := d.orphan(ctx)
	if err == nil && now.id != was.id {
		return errFine
	}
	return err
}

// silence is how long there was no heartbeat: by the clock where nobody holds the lease, and otherwise for as long as this
// watchdog listened.
func (d *Dog) silence(beat time.Time, held bool) time.Duration {
	now := d.cfg.Now()
	if !beat.Equal(d.beat) {
		d.beat, d.since = beat, now
	}
	if held {
		return now.Sub(d.since)
	}
	return now.Sub(beat)
}
