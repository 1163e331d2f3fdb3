package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/relay"
	"rampart/cmd/internal/runner/detach"
	"rampart/cmd/internal/statedir"
	"rampart/cmd/internal/wire"
	"rampart/sources"
	"rampart/ui"
)

// runCommand is what a person types to have a runner that stays.
func runCommand(c *config.Config, x config.Chosen) string {
	return "rampart run -c " + c.Path + " --context " + x.Name + " --detach"
}

// first says what has to be started before something that must outlive a console: a runner in the background, or none
// where there is one already. It is an error where none that is started from here would live on.
func (g *globals) first(ctx context.Context, s *session, what string) (sources.Starting, error) {
	out := sources.Starting{Why: what + " needs a process that outlives this console."}
	address, err := socketOf(g.env, s.cfg, s.chosen, s.name)
	if err != nil {
		return out, err
	}
	path, err := pathOf(address)
	if err != nil {
		return out, fmt.Errorf("%s is the runner's, and it does not answer: start it there with rampart run --detach", sources.Visible(address))
	}
	if wire.Lives(ctx, path) {
		return out, nil
	}
	if err := refuseDriven(ctx, s.cfg, []string{s.name}); err != nil {
		return out, err
	}
	way, err := detach.Ask(ctx, whoAmI(func(string) string { return "" }).Name).Way()
	if err != nil {
		return out, err
	}
	out.Command, out.Way = runCommand(s.cfg, s.chosen), string(way)
	at, err := statedir.For(g.env, s.chosen.Name)
	out.Log = inBackground(s.chosen, at).Words(way)
	return out, err
}

// outlive starts that runner, unless it is there, and turns the console to it once it sees the split.
func (g *globals) outlive(life context.Context, s *session, to *relay.Relay) func(context.Context) error {
	return func(ctx context.Context) error {
		address, err := socketOf(g.env, s.cfg, s.chosen, s.name)
		if err != nil {
			return err
		}
		path, err := pathOf(address)
		if err != nil {
			return err
		}
		if !wire.Lives(ctx, path) {
			self, err := os.Executable()
			if err != nil {
				return err
			}
			config, err := filepath.Abs(s.cfg.Path)
			if err != nil {
				return err
			}
			if _, _, err := g.startRunner(ctx, s.chosen, address, []string{self, "run", "-c", config, "--context", s.chosen.Name}); err != nil {
				return err
			}
		}
		client, err := g.dial(life, address, to.Shown(s.name))
		if err != nil {
			return err
		}
		desk := g.aside(s.cfg, client)
		f, err := sees(ctx, desk)
		if err != nil {
			return fmt.Errorf("the runner is there and has seen nothing yet: %w", err)
		}
		to.Turn(desk, f)
		return nil
	}
}

// sees waits until a runner that has just begun knows the split and its call, so that what is asked of it is not refused
// for want of numbers. Where there are none, it is not waited for longer than for a first frame.
func sees(ctx context.Context, from ui.Feed) (last *frame.Frame, err error) {
	soon, cancel := context.WithTimeout(ctx, firstFrame)
	defer cancel()
	for {
		f, err := from.Next(soon)
		switch {
		case err != nil && last != nil:
			return last, nil
		case err != nil:
			return nil, err
		case !f.Traffic.Set.Known:
			continue
		}
		last = f
		switch f.Verdict.Call {
		case analysis.Worse, analysis.Safe, analysis.Undecided, analysis.NoCandidateTraffic:
			return last, nil
		case analysis.CallUnknown, analysis.NoData, analysis.Stale:
		}
	}
}
