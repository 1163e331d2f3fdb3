package envoy

import (
	"context"
	"errors"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// finest is the smallest step: a hundredth of a percent.
const finest sources.Share = 100

// settle is how long a written weight needs: workers take the new runtime within milliseconds.
const settle = time.Second

// Plane is a route of Envoy, on all its members. It may be used by many goroutines at once.
type Plane struct {
	conf   Config
	admins []*admin
	now    func() time.Time
	memory plane.Memory
}

var _ sources.Plane = (*Plane)(nil)

// New returns the plane of a checked config. It connects to nothing yet.
func New(c Config, now func() time.Time) (*Plane, error) {
	if err := c.Validate(); err != nil {
		return nil, &sources.Error{Op: "config", Target: "traffic.envoy", Kind: sources.ErrInvalid, Cause: err}
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Layer == "" {
		c.Layer = defaultLayer
	}
	p := &Plane{conf: c, now: now, memory: plane.Memory{Reloaded: "Envoy was restarted", File: "its configuration"}}
	for _, raw := range c.Admins {
		p.admins = append(p.admins, newAdmin(raw, c.Timeout))
	}
	return p, nil
}

// Caps says that weights are lost at a restart and that nothing compares before a write.
func (p *Plane) Caps(context.Context) (sources.Caps, error) {
	return sources.Caps{
		Kind: "envoy", Finest: finest, Even: true, Writes: true, Settle: settle, Members: len(p.admins),
		Note: sources.NewText("set by runtime only: a restart returns to the route's own weights; Envoy does not compare before it writes: the last writer wins"),
	}, nil
}

// Confirm reads every member back once.
func (p *Plane) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	r, err := p.Read(ctx)
	if err != nil && !errors.Is(err, sources.ErrPartial) {
		return sources.Outcome{Rung: plane.Answered(rc), Reading: r}, err
	}
	return p.memory.Look(ctx, rc, r, err), nil
}
