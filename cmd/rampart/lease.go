package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/lease"
	"rampart/cmd/internal/statedir"
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

// leaseLeft says who holds a lease, or held it last.
func leaseLeft(w io.Writer, path string) {
	by, beat, err := lease.Look(path)
	switch {
	case err == nil:
		fmt.Fprintf(w, "  lease      %s, heard of at %s\n", by, stamp(beat))
	case by.PID != 0:
		fmt.Fprintf(w, "  lease      free; last %s, heard of at %s\n", by, stamp(beat))
	}
}
