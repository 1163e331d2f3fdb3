package watchdog

import (
	"context"

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

// RollBack plans, asks whether it still must be, and follows the write until it is read back or has failed for good.
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
	for now := range track.All(ctx) {
		if now.Rung >= sources.Configured {
			return nil
		}
		if now.Done {
			return now.Err
		}
	}
	return context.Cause(ctx)
}

// Close gives everything back.
func (d Desk) Close() { d.Done() }
