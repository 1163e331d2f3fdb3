package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"rampart/cmd/internal/action"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/claim"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
)

// takeRight takes the right to drive a service, or steals it for a reason. socket is where its holder is called. A claim is
// stolen before the lease, because who has it may say no.
func (g *globals) takeRight(ctx context.Context, claims *claim.Claims, keys []string, x config.Chosen, name, reason, socket string) (*claim.Right, error) {
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		return nil, err
	}
	who := g.holder(at, reason, socket)
	if reason == "" {
		l, err := lease.Take(at.Lease(name), who)
		if err != nil {
			return nil, err
		}
		held, err := claims.Take(ctx, name, keys, who)
		if err != nil {
			return nil, errors.Join(err, l.Release())
		}
		return &claim.Right{Lease: l, Claim: held}, nil
	}
	held, from, err := claims.Steal(ctx, name, keys, who)
	if err != nil {
		return nil, err
	}
	l, was, err := lease.Steal(at.Lease(name), who)
	if err != nil {
		held.Release()
		return nil, err
	}
	if was.PID != 0 && !slices.ContainsFunc(from, func(h lease.Holder) bool { return h.PID == was.PID }) {
		from = append(from, was)
	}
	r := &claim.Right{Lease: l, Claim: held, From: from}
	for _, h := range from {
		fmt.Fprintf(g.err, "rampart: the lease of %s was held by %s\n", name, h)
	}
	if late := r.Late(); late != "" {
		fmt.Fprintf(g.err, "rampart: %s: NOT LET GO YET by %s: it does not answer; what it has under way may still come, and it raises nothing once it answers\n", name, late)
	}
	return r, nil
}

// keysOf are the keys of services' planes, found at the same time: a name that nobody resolves takes a second.
func keysOf(ctx context.Context, c *config.Config, names []string) (map[string][]string, error) {
	found, failed := make([][]string, len(names)), make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { found[i], failed[i] = adapters.Keys(ctx, c.File.Services[name].Traffic) })
	}
	wg.Wait()
	out := map[string][]string{}
	for i, name := range names {
		out[name] = found[i]
	}
	return out, errors.Join(failed...)
}

// takeLease takes the lease alone, of who writes into the state folder and touches no plane.
func (g *globals) takeLease(x config.Chosen, name string) (*lease.Lease, error) {
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		return nil, err
	}
	return lease.Take(at.Lease(name), g.holder(at, "", ""))
}

// holder is this process as others are told of it.
func (g *globals) holder(at statedir.Context, reason, socket string) lease.Holder {
	host, _ := os.Hostname()
	return lease.Holder{
		Actor: whoAmI(g.env).Name, Host: host, PID: os.Getpid(), Since: time.Now().Round(0), Socket: socket, Reason: reason, State: string(at),
	}
}

// claimsOf are this process's.
func claimsOf(c *config.Config) *claim.Claims {
	return claim.New(claim.Config{May: func(_ lease.Holder, p claim.Peer) error { return mayTake(c, p) }})
}

// mayTake tells why a stranger may not have a claim of this process: it goes to whom the config gives the role that --steal
// takes. A config without roles gives it to nobody: it is the mode of its socket that says there who is its operator.
func mayTake(c *config.Config, p claim.Peer) error {
	roles := c.File.Roles
	switch role := action.RoleOf(roles, p.Name); {
	case roles == nil:
		return errors.New("it lets go to its own user and root; others need the role operator, and its config has no roles")
	case role < sources.Operator:
		return fmt.Errorf("it lets go to its own user, root and operators; %s has the role %s in its config", p.Name, role)
	}
	return nil
}

// refuseDriven refuses to start a runner where one of the services is driven already, before something in the background
// does so where nobody sees it.
func refuseDriven(ctx context.Context, c *config.Config, names []string) error {
	for _, name := range names {
		if who, do := drivenElsewhere(ctx, c, name); who != "" {
			return &sources.Error{Op: "start runner of", Target: name, Kind: sources.ErrConflict, Cause: errors.New("it is driven by " + who), Fix: do}
		}
	}
	return nil
}

// drivenElsewhere is who drives a service on this machine, whatever their state folder, and what can be done there; empty:
// nobody is known to.
func drivenElsewhere(ctx context.Context, c *config.Config, service string) (who, do string) {
	keys, err := adapters.Keys(ctx, c.File.Services[service].Traffic)
	if err != nil {
		return "", "" // opening it says so
	}
	return drivenBy(ctx, keys)
}

// drivenBy is drivenElsewhere of a plane whose keys are known.
func drivenBy(ctx context.Context, keys []string) (who, do string) {
	by, ok := claim.Look(ctx, keys)
	if !ok {
		return "", ""
	}
	do = "rampart run --steal REASON takes over"
	if by.Socket != "" {
		do = "rampart attach " + sources.Visible(by.Socket) + " opens a console there, where you may; " + do
	}
	return by.String(), do
}

// elsewhere is who drives what a console looks at, as it was last found: a claim is asked for beside the console, because
// who has it may take its time, and a rollback waits for nobody.
type elsewhere struct{ who, do string }

// lookEvery is how often it is looked who drives a service that this process does not drive.
const lookEvery = 5 * time.Second

// lookAround keeps it until ctx ends.
func (s *session) lookAround(ctx context.Context) {
	keys, err := adapters.Keys(ctx, s.cfg.File.Services[s.name].Traffic)
	if err != nil || len(keys) == 0 {
		return // nothing is driven
	}
	for {
		who, do := drivenBy(ctx, keys)
		s.others.Store(&elsewhere{who, do})
		now := time.Now()
		timer := time.NewTimer(sources.Align(now, lookEvery).Add(lookEvery).Sub(now)) // when the plane is read too: one waking for both
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// entitled refuses what the files would let somebody do and their role does not, and writes it down as well as it can.
func (g *globals) entitled(ctx context.Context, c *config.Config, x config.Chosen, service, what string, need sources.Role) error {
	who := whoAmI(g.env)
	role := action.RoleOf(c.File.Roles, who.Name)
	if role >= need {
		return nil
	}
	why := fmt.Sprintf("%s has the role %s; %s takes %s", sources.Visible(who.Name), role, what, need)
	if j, err := adapters.Journal(g.env, x.Name, time.Now); err == nil {
		_, _ = j.Append(ctx, sources.Entry{ // it is refused all the same
			Kind: sources.EntryRefusal, Context: x.Name, Service: service, Actor: who.Name, From: who.From, Verb: what, Text: "refused: " + why,
		})
	}
	return &sources.Error{Op: what, Target: service, Kind: sources.ErrDenied, Cause: errors.New(why)}
}

// leaseLeft says who holds a lease, or held it last; nothing where nobody ever did.
func leaseLeft(path string) string {
	by, beat, err := lease.Look(path)
	switch {
	case err == nil:
		return fmt.Sprintf("%s, heard of at %s", by, stamp(beat))
	case by.PID != 0:
		return fmt.Sprintf("free; last %s, heard of at %s", by, stamp(beat))
	}
	return ""
}
