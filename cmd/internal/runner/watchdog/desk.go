package watchdog

import (
	"context"
	"time"

	"rampart/cmd/internal/action"
	"rampart/sources"
)

// Desk is a hand at a desk. The watchdog's seat can take traffic away and nothing else.
type Desk struct {
	*action.Desk
	Service string
	// Read reads the plane.
	Read func(ctx context.Context) (sources.Reading, error)
	// Done gives everything back.
	Done func()
}

var _ Hand = Desk{}

// Share is what the plane says now.
func (d Desk) Share(ctx context.Context) (sources.Split, error) {
	r, err := d.Read(ctx)
	return r.Configured, err
}

// shown is how long traffic may take to show what is set: the write stands by then, and the next look is due.
const shown = 30 * time.Second

// RollBack plans, asks whether it still must be, and follows the write until traffic shows it or it has failed for good.
// What was read back is no failure, whatever comes after it.
func (d Desk) RollBack(ctx context.Context, reason string, still func() error) error {
	seat := d.Watchdog()
	p, err := seat.Preview(ctx, sources.Action{Service: d.Service, Verb: sources.RollBack, Reason: reason})
	if err != nil {
		return err
	}
	if err := still(); err != nil {
		return err
	}
	track, err := seat.Start(ctx, p.ID, p.Confirm.Word)
	if err != nil {
		return err
	}
	soon, enough := context.WithCancel(ctx)
	defer enough()
	set := false
	for now := range track.All(soon) {
		switch {
		case now.Rung >= sources.Observed, now.Done && set:
			return nil
		case now.Done:
			return now.Err
		case now.Rung >= sources.Configured && !set:
			set = true
			defer time.AfterFunc(shown, enough).Stop()
		}
	}
	if set {
		return nil
	}
	return context.Cause(ctx)
}

// Close gives everything back.
func (d Desk) Close() { d.Done() }
