package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine"
	"rampart/ui"
	"rampart/ui/pace"
)

// extra is a verb that only some sessions have.
type extra struct {
	key, help string
	do        func() string
}

// console opens the screen over a session and stays until it is left, ctx ends or the terminal is gone.
func (g *globals) console(ctx context.Context, s *session, f watchFlags, t terminal, extras []extra) error {
	stop := s.start(ctx)
	defer stop()
	env := g.consoleEnv(ctx, s, f, t, extras)
	pacer, option := pace.New()
	defer pacer.Stop()
	model, err := ui.New(env, pacer.Drawn)
	if err != nil {
		return usage(err)
	}
	options := []tea.ProgramOption{option, tea.WithContext(ctx), tea.WithInput(g.in), tea.WithOutput(g.out), tea.WithEnvironment(env.Environ)}
	program := tea.NewProgram(model, append(options, ui.Colors(env)...)...)
	pacer.Attach(program)
	_, err = program.Run()
	if errors.Is(err, tea.ErrInterrupted) || ctx.Err() != nil {
		return ctx.Err() // left on purpose, or ended from outside
	}
	return err
}

func (g *globals) consoleEnv(ctx context.Context, s *session, f watchFlags, t terminal, extras []extra) ui.Env {
	env := ui.Env{
		Ctx: ctx, Feed: s.engine.Reader(), Operator: operatorOf(s), Ask: asker{s.engine}, Now: s.clock.Now, Zone: time.UTC, Theme: f.theme,
		Keys: s.cfg.File.Keys, Environ: os.Environ(), ASCII: t.ascii || f.ascii, NoColor: t.noColor,
	}
	for _, x := range extras {
		env.Extras = append(env.Extras, ui.Extra{Key: x.key, Help: x.help, Do: func(context.Context) (string, error) { return x.do(), nil }})
	}
	return env
}

// operatorOf is who acts for this session: its seat at the desk, or nobody where there is no plane to write to.
func operatorOf(s *session) ui.Operator {
	if s.seat == nil {
		return nil
	}
	return s.seat
}

// asker answers a console's questions from the engine's memory.
type asker struct{ *engine.Engine }

// Logs answers with held lines.
func (a asker) Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	return a.Lines(ctx, q)
}

// Refresh asks all sources again.
func (a asker) Refresh(context.Context) error {
	a.Engine.Refresh()
	return nil
}

// Service refuses: this process observes one service.
func (asker) Service(_ context.Context, name string) error {
	return fmt.Errorf("service %s: this console watches one service; leave it and start rampart --service %s", name, name)
}
