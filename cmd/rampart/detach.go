package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner/detach"
	"rampart/cmd/internal/statedir"
	"rampart/cmd/internal/wire"
	"rampart/sources"
)

// startDeadline is how long a runner in the background may take to listen.
const startDeadline = 10 * time.Second

// itself is the command line of a runner that does the same from any folder and without this environment: what was found
// or said elsewhere is named, and what only the first process is asked is left out. It is written from what was understood:
// a word left in by its spelling, such as --detach=true, would have each runner start the next.
func (g *globals) itself(c *config.Config, x config.Chosen, typed *cobra.Command) ([]string, error) {
	for _, name := range g.driven(c, x) { // whoever starts it later has nobody to tell
		if _, err := planOf(c, name, typed.Flag("plan").Value.String()); err != nil {
			return nil, usage(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	path, err := filepath.Abs(c.Path)
	if err != nil {
		return nil, err
	}
	args := []string{self, "run", "-c", path, "--context", x.Name}
	if g.service != "" {
		args = append(args, "--service", g.service)
	}
	if g.readOnly {
		args = append(args, "--read-only")
	}
	for _, name := range passedOn() {
		if typed.Flags().Changed(name) {
			args = append(args, "--"+name+"="+typed.Flag(name).Value.String())
		}
	}
	return args, nil
}

// passedOn are the flags of run that a runner in the background or in a unit is given as they were typed.
func passedOn() []string {
	return []string{"steal", "socket-mode", "plan", "start", "watchdog", "since"}
}

// printUnit prints what an administrator installs.
func (g *globals) printUnit(c *config.Config, x config.Chosen, typed *cobra.Command) error {
	args, err := g.itself(c, x, typed)
	if err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	u := detach.Installed{Description: "rampart runner of " + x.Name, Args: args, Dir: dir, Confined: !startsPrograms(c, x.Services)}
	if who := whoAmI(func(string) string { return "" }).Name; who != "root" {
		u.User = who
	}
	fmt.Fprint(g.out, u.Unit())
	return nil
}

// startsPrograms tells whether a runner writes files or starts programs that its config names, which know no bounds.
func startsPrograms(c *config.Config, services []string) bool {
	return slices.ContainsFunc(services, func(name string) bool {
		s := c.File.Services[name]
		gates := s.Plan != nil && slices.ContainsFunc(s.Plan.Steps, func(step string) bool { return strings.Contains(step, "command") })
		tells := slices.ContainsFunc(s.Notify, func(n config.Notify) bool { return len(n.Command) > 0 })
		return gates || tells || s.Traffic != nil && (s.Traffic.File != nil || s.Traffic.Exec != nil)
	})
}

// detach starts the runner in the background and returns once it listens.
func (g *globals) detach(ctx context.Context, c *config.Config, x config.Chosen, address string, typed *cobra.Command) error {
	args, err := g.itself(c, x, typed)
	if err != nil {
		return err
	}
	if typed.Flag("steal").Value.String() == "" {
		if err := refuseDriven(ctx, c, g.driven(c, x)); err != nil {
			return err
		}
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
	p := inBackground(x, at)
	p.Args, p.Env, p.Dir = args, os.Environ(), dir
	ended, err := detach.Start(ctx, way, p)
	if err != nil {
		return "", "", err
	}
	if err := listens(ctx, address, ended); err != nil {
		return "", "", fmt.Errorf("%w; see %s", err, p.Words(way))
	}
	return way, p.Words(way), nil
}

// inBackground is a context's runner as it is named and logged.
func inBackground(x config.Chosen, at statedir.Context) detach.Process {
	return detach.Process{Unit: "rampart-" + statedir.FileName(x.Name), Log: at.Log()}
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
