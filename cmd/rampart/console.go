package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/relay"
	"rampart/ui"
	"rampart/ui/pace"
)

// extra is a verb that only some sessions have.
type extra struct {
	key, help string
	do        func() string
}

// console opens the screen over a session of this process, with the context's other services beside it.
func (g *globals) console(ctx context.Context, s *session, f watchFlags, t terminal, extras []extra) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	s.failed = fail
	board := newSwitchboard(ctx, s, s.chosen.Services, func(name string) (*session, error) { return g.beside(s, name, f) })
	defer board.close(s)
	at := relay.New(here{board, operator{board, g.first}, s.clock.Now}, board.rest)
	defer func() {
		if a, ok := at.Place().(*alone); ok { // the first place belongs to who opened it
			a.close()
		}
	}()
	return g.screen(ctx, g.consoleEnv(ctx, s, board, at, f, t, extras))
}

// screen draws a console, wherever its frames come from, until it is left, ctx ends or the terminal is gone.
//
// Why WithoutSignalHandler: the process catches the signals and ends ctx. Bubble Tea's own handler would catch the same
// signal beside it, and then hangs for ever when the program has ended by ctx before that handler could send its message
// (v2.0.9, handleSignals sends without a select): about one SIGTERM in three.
func (g *globals) screen(ctx context.Context, env ui.Env) error {
	pacer, option := pace.New()
	defer pacer.Stop()
	model, err := ui.New(env, pacer.Drawn)
	if err != nil {
		return usage(err)
	}
	options := []tea.ProgramOption{option, tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithInput(g.in), tea.WithOutput(g.out), tea.WithEnvironment(env.Environ)}
	program := tea.NewProgram(model, append(options, ui.Colors(env)...)...)
	pacer.Attach(program)
	_, err = program.Run()
	if errors.Is(err, tea.ErrInterrupted) || ctx.Err() != nil {
		return context.Cause(ctx) // left on purpose, ended from outside, or broken down inside
	}
	return err
}

func (g *globals) consoleEnv(ctx context.Context, s *session, board *switchboard, at *relay.Relay, f watchFlags, t terminal, extras []extra) ui.Env {
	env := g.lookEnv(ctx, f, t, s.cfg)
	env.Feed, env.Ask, env.Now = at, at, at.Now
	if board.acts() {
		env.Operator, env.Outlive = at, g.outlive(ctx, s, at)
	}
	env.Seek, env.Unmask, env.Export, env.Keep = at.Seek, at.Unmask, exporter(g.env, at.Export), keeper(g.env, func() string { return s.chosen.Name }, s.clock.Now)
	for _, x := range extras {
		env.Extras = append(env.Extras, ui.Extra{Key: x.key, Help: x.help, Do: func(context.Context) (string, error) { return x.do(), nil }})
	}
	return env
}

// lookEnv is how a console looks, whatever it shows. There may be no config.
func (g *globals) lookEnv(ctx context.Context, f watchFlags, t terminal, c *config.Config) ui.Env {
	env := ui.Env{
		Ctx: ctx, Zone: time.UTC, Theme: f.theme, Environ: os.Environ(), ASCII: t.ascii || f.ascii, NoColor: t.noColor, Bundle: bundlesOf(g.env),
	}
	if out, ok := g.out.(*os.File); ok { // a file's writes are whole, whoever else writes to it
		env.Terminal = out
	}
	if c != nil {
		env.Keys, env.Theme = c.File.Keys, cmp.Or(f.theme, config.Home(c.File.Theme))
	}
	return env
}

// acts tells whether there is a plane to write to.
func (b *switchboard) acts() bool {
	s, _, _ := b.current()
	return s.hand != nil || len(b.names) > 1
}

// beside opens another service of the same context, with the same flags.
func (g *globals) beside(s *session, name string, f watchFlags) (*session, error) {
	x := s.chosen
	x.Services = []string{name}
	other, err := g.open(s.cfg, x, sessionFlags{since: f.since, clock: s.clock, group: s.group})
	if err == nil {
		other.failed = s.failed
	}
	return other, err
}

// theme is the value of --theme: one that there is, or a file that is one. It is tried where it is typed, also where no
// screen is opened: what is mistyped is told and not passed over.
type theme struct{ to *string }

func themeOf(to *string) *theme { return &theme{to} }

// String is the name that was chosen.
func (t *theme) String() string {
	if t.to == nil {
		return ""
	}
	return *t.to
}

// Type is what usages call the value.
func (*theme) Type() string { return "string" }

// Set takes a theme that can be read.
func (t *theme) Set(name string) error {
	if err := ui.CheckTheme(name); err != nil {
		return err
	}
	*t.to = name
	return nil
}
