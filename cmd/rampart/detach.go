package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/detach"
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
	dir, err := stateDir(g.env)
	if err != nil {
		return err
	}
	way, err := detach.Ask(ctx, whoAmI(func(string) string { return "" }).Name).Way()
	if err != nil {
		return err
	}
	p := detach.Process{Unit: "rampart-" + fileName(x.Name), Args: args, Env: os.Environ(), Log: filepath.Join(dir, fileName(x.Name), "runner.log")}
	ended, err := detach.Start(ctx, way, p)
	if err != nil {
		return err
	}
	if err := listens(ctx, address, ended); err != nil {
		return fmt.Errorf("%w; see %s", err, p.Log)
	}
	fmt.Fprintf(g.out, "runner of %s started (%s); log: %s\n", x.Name, way, p.Log)
	return nil
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
