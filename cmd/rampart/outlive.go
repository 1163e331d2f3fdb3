package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/relay"
	"rampart/cmd/internal/runner/detach"
	"rampart/cmd/internal/wire"
	"rampart/sources"
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
	way, err := detach.Ask(ctx, whoAmI(func(string) string { return "" }).Name).Way()
	if err != nil {
		return out, err
	}
	out.Command, out.Way = runCommand(s.cfg, s.chosen), string(way)
	out.Log, err = runnerLog(g.env, s.chosen)
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
		for {
			f, err := desk.Next(ctx)
			switch {
			case err != nil:
				return fmt.Errorf("the runner is there and has seen nothing yet: %w", err)
			case f.Traffic.Set.Known:
				to.Turn(desk, f)
				return nil
			}
		}
	}
}
