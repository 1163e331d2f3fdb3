package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner"
	"rampart/sources"
	"rampart/sources/audit"
)

// auditMend repairs the context's journal because a person asks for it.
func (g *globals) auditMend(ctx context.Context) error {
	c, x, err := g.load()
	if err != nil {
		return err
	}
	j, err := adapters.Journal(g.env, x.Name, time.Now)
	if err != nil {
		return err
	}
	if err := g.entitled(ctx, c, x, x.Services[0], "mend", sources.Operator); err != nil {
		return err
	}
	r, err := g.mend(ctx, c, x, j, nil)
	if err != nil {
		return fmt.Errorf("audit mend: %w", err)
	}
	if r.Broken == nil {
		_, err := fmt.Fprintf(g.out, "%s: whole: nothing was done\n", j.Path())
		return err
	}
	tellMended(g.out, j.Path(), r)
	return nil
}

// mendAtStart repairs the journal that a runner found broken when it began with its first service: nobody may be at the
// keyboard, and until it is repaired nothing can be raised. What stood there is kept, and it is said aloud.
func (r *running) mendAtStart(ctx context.Context, c *config.Config, x config.Chosen, name string) error {
	j, err := adapters.Journal(r.g.env, x.Name, time.Now)
	if err != nil {
		return err
	}
	fixed, err := r.g.mend(ctx, c, x, j, []string{name})
	if err != nil || fixed.Broken == nil {
		return err
	}
	tellMended(r.g.err, j.Path(), fixed)
	fmt.Fprintln(r.g.err, "rampart: ramps are over and can be started anew; what was to revert by itself stays; what the share is now is read from the plane")
	r.notifier.Tell(sources.Notice{
		Kind: sources.NoticeRamp, Severity: sources.SeverityCritical, At: time.Now(), Context: x.Name, Service: name, Key: "journal",
		Title: "the journal was broken and is mended", Text: fmt.Sprintf("%s: %s; what stood from there on is kept beside it", j.Path(), fixed.Broken),
	})
	return nil
}

// mend repairs a context's journal and ends the ramps that stand in it: nobody can vouch for where they were. It takes the
// lease of every service that its caller does not hold, so that no runner goes on by what was cut off.
func (g *globals) mend(ctx context.Context, c *config.Config, x config.Chosen, j *audit.Journal, held []string) (audit.Repaired, error) {
	for _, name := range c.Services(x.Name) {
		if slices.Contains(held, name) {
			continue
		}
		l, err := g.takeLease(x, name)
		if err != nil {
			return audit.Repaired{}, fmt.Errorf("end the runner first: %w", err)
		}
		defer func() { _ = l.Release() }() // it is not needed any more, or the process ends
	}
	r, err := j.Repair(ctx)
	if err != nil || r.Broken == nil {
		return r, err
	}
	var failed []error
	for _, name := range c.Services(x.Name) {
		failed = append(failed, endRamp(ctx, j, x.Name, name, whoAmI(g.env).Name))
	}
	return r, errors.Join(failed...)
}

// tellMended says where it was broken and where the rest of it is.
func tellMended(w io.Writer, path string, r audit.Repaired) {
	fmt.Fprintf(w, "%s: was broken at %s\nthe chain goes on after entry %d\n", path, r.Broken, r.Last)
	for _, kept := range r.Kept {
		fmt.Fprintf(w, "kept %s\n", kept)
	}
}

// endRamp writes that a service has no ramp, if the journal says that it had one.
func endRamp(ctx context.Context, j *audit.Journal, in, service, actor string) error {
	st, err := runner.StateOf(ctx, j, in, service)
	if err != nil || st.Phase == ramp.Idle {
		return err
	}
	idle, err := json.Marshal(ramp.State{})
	if err != nil {
		return err
	}
	_, err = j.Append(ctx, sources.Entry{
		Kind: sources.EntryRamp, Context: in, Service: service, Actor: actor, Data: idle, Text: "the journal was broken: the ramp is over and can be started anew",
	})
	return err
}
