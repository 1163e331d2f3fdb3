package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"rampart/cmd/internal/action"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
)

// takeLease takes the right to drive a service, or steals it for a reason. socket is where its holder is called.
func (g *globals) takeLease(x config.Chosen, name, reason, socket string) (*lease.Lease, error) {
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname()
	who := lease.Holder{Actor: whoAmI(g.env).Name, Host: host, PID: os.Getpid(), Since: time.Now().Round(0), Socket: socket, Reason: reason}
	if reason == "" {
		return lease.Take(at.Lease(name), who)
	}
	l, was, err := lease.Steal(at.Lease(name), who)
	if err == nil && was.PID != 0 {
		fmt.Fprintf(g.err, "rampart: the lease of %s was held by %s\n", name, was)
	}
	return l, err
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
