package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rampart/analysis/frame"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/footprint"
)

// watchFlags are how a console looks.
type watchFlags struct {
	theme  string
	output string
	plain  bool
	ascii  bool
	since  time.Duration
	until  time.Duration
}

func newWatch(g *globals) *cobra.Command {
	var f watchFlags
	cmd := &cobra.Command{
		Use: "watch", Args: args(cobra.NoArgs), Short: "Open the console; off a terminal, print one line for each change",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.watch(cmd.Context(), f) },
	}
	f.add(cmd)
	return cmd
}

func (f *watchFlags) add(cmd *cobra.Command) {
	f.look(cmd)
	cmd.Flags().Var(spanOf(&f.since, 0), "since", "judge only the last so long; default: since the rollout's first request")
}

// look are the flags of a console that judges nothing itself.
func (f *watchFlags) look(cmd *cobra.Command) {
	cmd.Flags().Var(themeOf(&f.theme), "theme", "name of a theme, or path of a theme file")
	cmd.Flags().StringVarP(&f.output, "output", "o", "text", "off a terminal: text or jsonl")
	cmd.Flags().BoolVar(&f.plain, "plain", false, "lines instead of a screen, also on a terminal")
	cmd.Flags().BoolVar(&f.ascii, "ascii", false, "no characters beyond ASCII")
	cmd.Flags().Var(spanOf(&f.until, 0), "until", "end after so long, with the call's exit code")
}

// hint is what bare rampart says where there is no config: three lines.
const hint = `no config: write one with
    rampart config default > rampart.yaml   then   rampart doctor
or look at a small living world first:   rampart demo`

func (g *globals) watch(ctx context.Context, f watchFlags) error {
	c, x, err := g.load()
	if errors.Is(err, config.ErrNotFound) {
		return usage(errors.New(hint))
	}
	if err != nil {
		return err
	}
	if f.since == 0 { // a runner judges since the rollout began
		life, leave := context.WithCancel(ctx)
		defer leave()
		if client := g.runnerOf(life, c, x); client != nil {
			return g.showRunner(ctx, f, c, client)
		}
	}
	s, err := g.open(c, x, sessionFlags{since: f.since})
	if err != nil {
		return err
	}
	say := g.say
	if f.screen(terminalOf(g.streams)) {
		say = func(string) {} // rampart doctor tells it; nothing is written across a screen
	}
	defer g.copyJournal(c, x, say)() // ends after what is recorded last
	defer s.close()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	patience := inquiryDeadline
	if f.screen(terminalOf(g.streams)) {
		patience = inquiryBeforeScreen
	}
	if err := heed(s.inquire(ctx), patience, end); err != nil {
		return err
	}
	return g.show(ctx, s, f, nil)
}

// screen tells whether there is one to draw on, and lines were not asked for.
func (f watchFlags) screen(t terminal) bool { return t.tty && !f.plain && f.output != "jsonl" }

// show runs a session on a screen or as lines.
func (g *globals) show(ctx context.Context, s *session, f watchFlags, extras []extra) error {
	if f.until > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.until)
		defer cancel()
	}
	footprint.Lean(g.env)
	if s.clock.Speed <= 1 { // a world that runs faster than the wall is at work, and never at rest
		defer footprint.Rest(ctx, g.env)()
	}
	t := terminalOf(g.streams)
	var err error
	if f.screen(t) {
		err = g.console(ctx, s, f, t, extras)
	} else {
		err = s.watchPlain(ctx, g.out, f.output)
	}
	return f.ended(ctx, "watch", err, s.engine.Newest(), s.service.Accept)
}

// ended turns the end of a console into the program's: what the config's mistakes, the asked time, a signal or a
// failure make of it. last is the newest frame, if there was any.
func (f watchFlags) ended(ctx context.Context, op string, err error, last *frame.Frame, accept bool) error {
	if refused, ok := errors.AsType[*config.Error](context.Cause(ctx)); ok {
		return usage(refused)
	}
	if f.until > 0 && errors.Is(err, context.DeadlineExceeded) && last != nil {
		return &exitError{code: codeOfVerdict(last.Verdict, accept)}
	}
	if _, told := byHangup(ctx); told {
		return &exitError{code: exitInterrupted}
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}
