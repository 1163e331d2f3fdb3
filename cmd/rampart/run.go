package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/footprint"
	"rampart/cmd/internal/runner"
	"rampart/cmd/internal/runner/claim"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
)

// runFlags say what a runner owns and how it is started.
type runFlags struct {
	steal  string
	mode   string
	plan   string
	start  bool
	detach bool
	unit   bool
	dog    bool
	since  time.Duration
	typed  *cobra.Command // with the flags as they were typed
}

func newRun(g *globals) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "run", Args: args(cobra.NoArgs), Short: "Own the ramps and the writes: the process that stays when consoles come and go",
		Long: "run observes every service of the context that has a traffic plane (or the one of --service), drives their ramps by\n" +
			"plan and lets consoles attach. It is headless and outlives every console and connection; it may be killed at any\n" +
			"instant and started again. On one machine one process drives a plane, whatever its user, state folder and config:\n" +
			"a second one is refused and names it. With --start it begins the plan at once and ends with it: 0 promoted, 3 rolled back\n" +
			"because the candidate is worse, 6 ended by somebody, 4 anything else.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.typed = cmd
			return g.run(cmd.Context(), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.steal, "steal", "", "take the lease and the plane from whoever holds them, for this reason; another user's as root, or as operator in its roles")
	fl.StringVar(&f.mode, "socket-mode", "0600", "who may attach: mode of the socket")
	fl.StringVar(&f.plan, "plan", "", "another plan than the config's, such as '1% for 15m, 5% until safe or 30m, 100%'")
	fl.BoolVar(&f.start, "start", false, "start the ramp of --service at once and end with it")
	fl.BoolVar(&f.detach, "detach", false, "start it in the background, so that it outlives this session")
	fl.BoolVar(&f.unit, "print-unit", false, "print a systemd unit for this command and end")
	fl.BoolVar(&f.dog, "watchdog", false, "drive nothing: set the candidate to 0 %, and only that, when the runner is silent for longer than the plan's watchdog")
	fl.Var(spanOf(&f.since, 0), "since", "judge only the last so long; default: since the rollout's first request")
	return cmd
}

func (g *globals) run(ctx context.Context, f runFlags) error {
	c, x, err := g.load()
	if err != nil {
		return err
	}
	names := g.driven(c, x)
	if len(names) == 0 {
		return usage(fmt.Errorf("run: no service of %s has a traffic plane", x.Name))
	}
	if f.start && len(names) > 1 {
		return usage(errors.New("run --start: say which with --service"))
	}
	if f.dog && !f.unit {
		signal.Ignore(syscall.SIGHUP)
		return g.watchOver(ctx, c, x, names, f)
	}
	address, err := ownSocket(g.env, c, x, names)
	if err != nil {
		return usage(err)
	}
	switch {
	case f.unit:
		return g.printUnit(c, x, f.typed)
	case f.detach:
		return g.detach(ctx, c, x, address, f.typed)
	}
	signal.Ignore(syscall.SIGHUP) // a lost terminal is none of a runner's business
	footprint.Lean(g.env)
	r, err := g.openRunner(ctx, c, x, names, f)
	if err != nil {
		return err
	}
	defer g.copyJournal(c, x, g.say)() // ends after what is recorded last
	defer r.close()
	return r.serve(ctx, address, f)
}

// driven are the services that a runner owns.
func (g *globals) driven(c *config.Config, x config.Chosen) []string {
	names := x.Services
	if g.service != "" {
		names = names[:1]
	}
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return c.File.Services[n].Traffic == nil })
}

// driven is one service of a runner.
type driven struct {
	*session
	driver *runner.Driver
	made   atomic.Pointer[runner.Driver] // the same, for the frames, which are there first
	lease  *claim.Right
	plan   ramp.Plan
}

// ramp is what frames show of it; nil before the driver is made.
func (d *driven) ramp() *frame.Ramp {
	if driver := d.made.Load(); driver != nil {
		return driver.Frame()
	}
	return nil
}

// drive opens a service with a driver of its ramp. Both run from the session's start on.
func (g *globals) drive(ctx context.Context, c *config.Config, x config.Chosen, plan ramp.Plan, held *claim.Right, f sessionFlags, tell func(sources.Notice)) (*driven, error) {
	d := &driven{lease: held, plan: plan}
	f.runner, f.tally, f.ramp = true, &runner.Tally{}, d.ramp
	if len(plan.Steps) > 0 {
		f.plan = frame.PlanOf(plan)
	}
	var err error
	if d.session, err = g.open(c, x, f); err != nil {
		return nil, err
	}
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		d.close()
		return nil, err
	}
	d.driver, err = runner.New(ctx, runner.Config{
		Context: x.Name, Service: d.name, Plan: plan, Frames: d.engine.Glances(), Desk: d.desk, Journal: journalOrBroken(d.journal), Lease: held,
		Tally: f.tally, Step: d.service.Step, Now: d.clock.Now, Tell: tell, Environ: os.Environ(),
		Caps: capsOf(d.plane), Mark: at.Mark(d.name),
	})
	if err != nil {
		d.close()
		return nil, err
	}
	d.made.Store(d.driver)
	d.other = held.Other
	d.hand = d.driver.Seat(d.actor)
	d.beside = append(d.beside, func(ctx context.Context) { _ = d.driver.Run(ctx) }, d.pokes) // it ends with ctx
	return d, nil
}

// runnerGarbage is how much garbage, in percent of what it needs, a runner may hold.
const runnerGarbage = 50

// pokes publishes a frame whenever the ramp stands elsewhere.
func (d *driven) pokes(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.driver.Changed():
			d.engine.Poke()
		}
	}
}
