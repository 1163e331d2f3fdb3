package main

import (
	"context"
	"fmt"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

// rollBackThere lets the runner do the rollback, when the service has one that answers in time: it owns the writes, so
// its consoles and its ramp know of it at once. It says whether the runner took it; where it did not, the caller writes
// by itself.
func (g *globals) rollBackThere(ctx context.Context, c *config.Config, x config.Chosen, service string, f rollbackFlags) (taken bool, err error) {
	address, err := socketOf(g.env, c, x, service)
	if err != nil {
		return false, nil // it cannot listen there either
	}
	named := c.File.Services[service].Runner.Value != ""
	if path, err := pathOf(address); err == nil && !wire.Lives(ctx, path) {
		if named {
			fmt.Fprintf(g.err, "rampart: the runner at %s does not answer; writing without it\n", sources.Visible(address))
		}
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	client, err := wire.New(ctx, address, wire.Options{Service: service, Actor: g.env("RAMPART_ACTOR")})
	if err != nil {
		return false, nil
	}
	last, err := client.Rollback(ctx, wire.RollbackRequest{Service: service, Reason: f.reason}, g.tellStep)
	switch {
	case err == nil && last.Rung != sources.Observed.String():
		return true, &exitError{exitUnknown, fmt.Errorf("rollback %s: %s, not observed in traffic; look again with: rampart rollback --dry-run", service, last.Rung)}
	case err != nil && last.Version == 0: // it never said that it took it
		fmt.Fprintf(g.err, "rampart: %v; writing without the runner\n", err)
		return false, nil
	}
	return true, err
}

// tellStep prints one rung that the runner tells.
func (g *globals) tellStep(s wire.RollbackStep) {
	if s.Error == "" {
		fmt.Fprintf(g.out, "%s %-10s %s\n", s.At.UTC().Format(time.TimeOnly), sources.Visible(s.Rung), sources.Visible(s.Text))
	}
}
