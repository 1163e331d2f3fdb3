package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/detach"
	"rampart/cmd/internal/statedir"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

// startDeadline is how long a runner in the background may take to listen.
const startDeadline = 10 * time.Second

// itself is this very command line, without what only the first process is asked.
func itself() ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(a string) bool { return a == "--detach" || a == "--print-unit" })
	return append([]string{self}, rest...), nil
}

// printUnit prints what an administrator installs.
func (g *globals) printUnit(x config.Chosen) error {
	args, err := itself()
	if err != nil {
		return err
	}
	fmt.Fprint(g.out, detach.Unit("rampart runner of "+x.Name, args))
	return nil
}

// detach starts the runner in the background and returns once it listens.
func (g *globals) detach(ctx context.Context, x config.Chosen, address string) error {
	args, err := itself()
	if err != nil {
		return err
	}
	way, log, err := g.startRunner(ctx, x, address, args)
	if err == nil {
		fmt.Fprintf(g.out, "runner of %s started (%s); log: %s\n", x.Name, way, log)
	}
	return err
}

// startRunner starts a command line as a runner that outlives this session, in this folder, so that what the config says
// relative to it is found, and returns once it listens.
func (g *globals) startRunner(ctx context.Context, x config.Chosen, address string, args []string) (way detach.Way, log string, err error) {
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		return "", "", err
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", "", err
	}
	if way, err = detach.Ask(ctx, whoAmI(func(string) string { return "" }).Name).Way(); err != nil {
		return "", "", err
	}
	ended, err := detach.Start(ctx, way, detach.Process{Unit: "rampart-" + statedir.FileName(x.Name), Args: args, Env: os.Environ(), Dir: dir, Log: at.Log()})
	if err != nil {
		return "", "", err
	}
	if err := listens(ctx, address, ended); err != nil {
		return "", "", fmt.Errorf("%w; see %s", err, at.Log())
	}
	return way, at.Log(), nil
}

// listens waits until the runner answers, or has ended.
func listens(ctx context.Context, address string, ended <-chan error) error {
	path, err := pathOf(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startDeadline)
	defer cancel()
	for !wire.Lives(ctx, path) {
		select {
		case err := <-ended:
			return &sources.Error{Op: "start", Target: "runner", Kind: sources.ErrInvalid, Cause: errors.Join(errors.New("it ended at once"), err)}
		case <-ctx.Done():
			return &sources.Error{Op: "start", Target: "runner", Kind: sources.ErrUnreachable, Cause: fmt.Errorf("it does not listen within %s", startDeadline)}
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}
