package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rampart/cmd/internal/account"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

// rollBackUnseen lets the runner roll back for somebody who may attach to it and may not open the plane, as where only the
// runner's account may. It shows what the runner plans, where their versions agree; why is what this process heard of the plane.
func (g *globals) rollBackUnseen(ctx context.Context, c *config.Config, x config.Chosen, s *session, f rollbackFlags, d *account.Deed, why error) error {
	address, err := socketOf(g.env, c, x, s.name)
	if err != nil || s.readOnly {
		return why
	}
	life, leave := context.WithCancel(ctx)
	defer leave()
	client, err := wire.New(life, address, wire.Options{Service: s.name, Actor: g.env("RAMPART_ACTOR")})
	if err != nil {
		return why
	}
	soon, cancel := context.WithTimeout(ctx, wire.Answer)
	p, err := client.Preview(soon, sources.Action{Service: s.name, Verb: sources.RollBack, Reason: f.reason})
	cancel()
	switch {
	case wire.Unanswered(err):
		return why
	case err != nil: // another version: what it would write is not known here
		fmt.Fprintf(g.err, "rampart: the runner does not show its plan: %v\n", err)
	default:
		g.showPlan(s, p, f.dryRun, d)
	}
	switch {
	case p.Confirm.Refuse != "":
		return &exitError{exitRefused, errors.New("rollback " + s.name + ": " + p.Confirm.Refuse)}
	case f.dryRun:
		return err
	}
	if _, err := g.confirm(ctx, "rollback", f.yes, p.Confirm); err != nil {
		return err
	}
	taken, err := g.rollBackThere(ctx, c, x, s.name, f, d)
	if !taken {
		return errors.Join(why, err)
	}
	return err
}

// rollBackThere lets the runner do the rollback, when the service has one that answers in time: it owns the writes, so
// its consoles and its ramp know of it at once. It says whether the runner took it and lives to do it; where it does not,
// the caller goes on by itself, from what the plane says then: a rollback that was confirmed is not lost with its runner.
func (g *globals) rollBackThere(ctx context.Context, c *config.Config, x config.Chosen, service string, f rollbackFlags, d *account.Deed) (taken bool, err error) {
	address, err := socketOf(g.env, c, x, service)
	if err != nil {
		return false, nil // it cannot listen there either
	}
	named := c.File.Services[service].Runner.Value != ""
	if path, err := pathOf(address); err == nil && !wire.Lives(ctx, path) {
		if named {
			fmt.Fprintf(g.err, "rampart: the runner at %s does not answer: %s\n", sources.Visible(address), writesAlone)
		}
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	client, err := wire.New(ctx, address, wire.Options{Service: service, Actor: g.env("RAMPART_ACTOR")})
	if err != nil {
		return false, nil
	}
	before := *d
	last, err := client.Rollback(ctx, wire.RollbackRequest{Service: service, Reason: f.reason}, func(s wire.RollbackStep) {
		if s.Error == "" {
			d.Rung, d.Rungs = s.Rung, append(d.Rungs, account.Rung{Rung: s.Rung, At: s.At.UTC()})
		}
		g.tellStep(s)
	})
	if d.Rung != "" {
		d.Routed = account.RoutedOf(sources.Routed{Why: "the runner that did it tells its rungs, not its counts"})
	}
	switch {
	case err == nil && last.Rung != sources.Observed.String():
		return true, &exitError{exitUnknown, fmt.Errorf("rollback %s: %s, not observed in traffic; look again with: rampart rollback --dry-run", service, last.Rung)}
	case err != nil && last.Version == 0: // it never said that it took it
		fmt.Fprintf(g.err, "rampart: %v: %s\n", err, writesAlone)
		return false, nil
	case errors.Is(err, sources.ErrAmbiguous) && ctx.Err() == nil && ended(ctx, address):
		fmt.Fprintf(g.err, "rampart: %v: it is gone, so what it left is read and finished here\n", err)
		*d = before
		return false, nil
	}
	return true, err
}

// leftOver tells that what this config names still gives the candidate traffic after the runner saw it gone: the runner was
// started on another config, or before this one was changed, and wrote elsewhere than was shown and confirmed here; or
// somebody gave it traffic again in that moment. A rollback from here is right for all of them.
func (g *globals) leftOver(ctx context.Context, s *session) bool {
	ctx, cancel := context.WithTimeout(ctx, wire.Answer)
	defer cancel()
	r, err := s.plane.Read(ctx)
	if err != nil || !r.Effective.Known || r.Effective.Candidate == 0 {
		return false // what cannot be read here is the runner's word
	}
	fmt.Fprintf(g.err, "rampart: what this config names still gives the candidate %v: the runner works from another config, or somebody raised it since; going on from here\n", r.Effective)
	return true
}

// ended tells that nobody listens any more at a place on this machine. The kernel closes what a killed process had open in
// an order of its own, so its socket may outlive the connection that broke, by a moment or on a busy machine by more.
func ended(ctx context.Context, address string) bool {
	path, err := pathOf(address)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, wire.Answer)
	defer cancel()
	for wire.Lives(ctx, path) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
	return ctx.Err() == nil
}

// tellStep prints one rung that the runner tells. That it took it comes before any.
func (g *globals) tellStep(s wire.RollbackStep) {
	rung := sources.Visible(s.Rung)
	if rung == sources.RungNone.String() {
		rung = "taken"
	}
	if s.Error == "" {
		fmt.Fprintf(g.out, "%s %-10s %s\n", s.At.UTC().Format(time.TimeOnly), rung, sources.Visible(s.Text))
	}
}
