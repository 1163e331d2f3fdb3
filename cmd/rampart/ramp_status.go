package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/account"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner"
	"rampart/cmd/internal/statedir"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

// rampStatus prints where the ramp stands. Where no runner answers that is said first: what the plane says now, and apart
// from it what the journal remembers.
func (g *globals) rampStatus(ctx context.Context, f rampFlags) error {
	life, leave := context.WithCancel(ctx)
	defer leave()
	var s account.Ramp
	r, err := g.speak(life)
	switch {
	case wire.Unanswered(err):
		left, unread := g.rampLeft(ctx, err)
		if unread != nil {
			return errors.Join(unread, err)
		}
		s = left
	case err != nil:
		return err
	default:
		s = account.RampOf(r.shown)
	}
	if f.output == "json" {
		return errors.Join(json.NewEncoder(g.out).Encode(s), err)
	}
	s.Write(g.out)
	return err
}

// rampLeft is how a service stands that nobody drives, for why.
func (g *globals) rampLeft(ctx context.Context, why error) (account.Ramp, error) {
	c, x, err := g.load()
	if err != nil {
		return account.Ramp{}, err
	}
	name := x.Services[0]
	then := account.RememberedOf(g.rampThen(ctx, x, name))
	now, unread := splitNow(ctx, c, x, name)
	left := account.Left(x.Name, name, time.Now(), why, c.Engine(x, name).Plan, then).Reads(now, unread)
	left.Drained = g.drainedThen(ctx, x, name, now)
	at, err := statedir.For(g.env, x.Name)
	if err == nil {
		left.Holder = leaseLeft(at.Lease(name))
	}
	if who, do := drivenElsewhere(ctx, c, name); who != "" { // by a runner with another state folder, or one that hangs
		left.Holder = who + " (" + do + ")"
	}
	return left, err
}

// splitNow is what the plane says of a service at this moment.
func splitNow(ctx context.Context, c *config.Config, x config.Chosen, name string) (sources.Reading, error) {
	ctx, cancel := context.WithTimeout(ctx, firstFrame)
	defer cancel()
	p, err := adapters.Plane(c.File.Services[name].Traffic, nil, c.Engine(x, name), time.Now)
	if err == nil && p == nil {
		err = errors.New("it has no traffic plane")
	}
	if err != nil {
		return sources.Reading{}, err
	}
	return p.Read(ctx)
}

// drainedThen is what the journal says of servers that are drained now. One that cannot be read is told where the ramp is.
func (g *globals) drainedThen(ctx context.Context, x config.Chosen, name string, now sources.Reading) string {
	j, err := adapters.Journal(g.env, x.Name, time.Now)
	if err != nil {
		return ""
	}
	l, err := action.LedgerOf(ctx, j, x.Name, name)
	if err != nil {
		return ""
	}
	return l.Drained(now)
}

// rampThen is where the journal says that a ramp stood.
func (g *globals) rampThen(ctx context.Context, x config.Chosen, name string) (ramp.State, error) {
	j, err := adapters.Journal(g.env, x.Name, time.Now)
	if err != nil {
		return ramp.State{}, err
	}
	return runner.StateOf(ctx, j, x.Name, name)
}
