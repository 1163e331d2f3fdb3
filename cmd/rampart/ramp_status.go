package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/account"
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
	r, err := g.speak(life, f)
	switch {
	case wire.Unanswered(err) && f.output == "text":
		return errors.Join(g.rampLeft(ctx), err)
	case err != nil:
		return err
	}
	s := account.RampOf(r.shown)
	if f.output == "json" {
		return json.NewEncoder(g.out).Encode(s)
	}
	s.Write(g.out)
	return nil
}

// rampLeft prints how a service stands that nobody drives.
func (g *globals) rampLeft(ctx context.Context) error {
	c, x, err := g.load()
	if err != nil {
		return err
	}
	name := x.Services[0]
	fmt.Fprintf(g.out, "%s in context %s: no runner drives it\n", sources.Visible(name), x.Name)
	fmt.Fprintf(g.out, "  now        %s\n", splitNow(ctx, c, x, name))
	fmt.Fprintf(g.out, "  journal    %s\n", g.rampThen(ctx, x, name))
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		return err
	}
	leaseLeft(g.out, at.Lease(name))
	return nil
}

// splitNow is what the plane says of a service at this moment; what it does not say is not known, whatever was set last.
func splitNow(ctx context.Context, c *config.Config, x config.Chosen, name string) string {
	ctx, cancel := context.WithTimeout(ctx, firstFrame)
	defer cancel()
	p, err := adapters.Plane(c.File.Services[name].Traffic, nil, c.Engine(x, name), time.Now)
	if err == nil && p == nil {
		return "it has no traffic plane"
	}
	var r sources.Reading
	if err == nil {
		r, err = p.Read(ctx)
	}
	if err != nil && !r.Configured.Known {
		return "the share is not known: " + sources.Visible(err.Error())
	}
	line := fmt.Sprintf("candidate at %v, effective %v, read from the plane at %s", r.Configured, r.Effective, stamp(r.At))
	if err != nil {
		line += "; " + sources.Visible(err.Error())
	}
	return line
}

// rampThen is where the journal says that a ramp stood. Its share is the last that was set by it, which may be long gone.
func (g *globals) rampThen(ctx context.Context, x config.Chosen, name string) string {
	var st ramp.State
	j, err := adapters.Journal(g.env, x.Name, time.Now)
	if err == nil {
		st, err = runner.StateOf(ctx, j, x.Name, name)
	}
	switch {
	case err != nil:
		return sources.Visible(err.Error())
	case st.Phase == ramp.Idle:
		return "no ramp was begun"
	}
	phase := strings.ReplaceAll(st.Phase.String(), "_", " ")
	line := fmt.Sprintf("its ramp was %s in step %d, which had set %v", phase, st.Step+1, st.Share)
	if st.Started.IsZero() {
		line = "no ramp was begun; the candidate was " + phase
	}
	if st.Why != "" {
		line += ": " + st.Why
	}
	return line
}
