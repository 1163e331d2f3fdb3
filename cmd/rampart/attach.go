package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/spf13/cobra"

	"rampart/analysis/frame"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/footprint"
	"rampart/cmd/internal/wire"
	"rampart/ui"
)

// A console is the same whether its engine runs in this process or behind a socket.
var (
	_ ui.Feed     = (*wire.Client)(nil)
	_ ui.Operator = (*wire.Client)(nil)
	_ ui.Ask      = (*wire.Client)(nil)
)

// attachFlags are how a console joins a runner.
type attachFlags struct {
	watchFlags
	stdio bool
}

func newAttach(g *globals) *cobra.Command {
	var f attachFlags
	cmd := &cobra.Command{
		Use: "attach [SOCKET | ssh://HOST]", Args: args(cobra.MaximumNArgs(1)), Short: "Open a console on a runner; it may come and go, and the ramp goes on",
		Long: "attach shows what a runner (rampart run) knows and acts through it, as its socket's user. Any number of consoles see\n" +
			"the same. Without an address it is where the config's runner: says, or the context's own socket; ssh://HOST runs\n" +
			"`rampart attach --stdio` on that host.",
		RunE: func(cmd *cobra.Command, given []string) error { return g.attach(cmd.Context(), f, given) },
	}
	f.look(cmd)
	cmd.Flags().BoolVar(&f.stdio, "stdio", false, "join standard input and output to the runner's socket, for ssh")
	return cmd
}

func (g *globals) attach(ctx context.Context, f attachFlags, given []string) error {
	c, address, err := g.runnerAddress(ctx, given)
	if err != nil {
		return err
	}
	if f.stdio {
		return wire.Pipe(ctx, address, g.in, g.out)
	}
	err = g.join(ctx, f.watchFlags, c, address, g.service)
	if own, x, bad := g.load(); bad == nil && len(given) == 0 {
		return started(err, address, own, x)
	}
	return started(err, address, nil, config.Chosen{})
}

// runnerAddress is where the runner listens that a person means. A config is needed only when no address is given and
// this machine has not exactly one runner.
func (g *globals) runnerAddress(ctx context.Context, given []string) (*config.Config, string, error) {
	c, x, err := g.load()
	switch {
	case err != nil && !errors.Is(err, config.ErrNotFound):
		return nil, "", err
	case len(given) > 0:
		address, bad := addressOf(given[0])
		if bad != nil {
			bad = usage(bad)
		}
		return c, address, bad
	case err != nil:
		address, only := onlySocket(ctx, g.env, g.service)
		return nil, address, only
	}
	address, err := socketOf(g.env, c, x, x.Services[0])
	if err != nil {
		return nil, "", usage(err)
	}
	return c, address, nil
}

// join opens a console on the runner at an address. There may be no config.
func (g *globals) join(ctx context.Context, f watchFlags, c *config.Config, address, service string) error {
	life, cancel := context.WithCancel(ctx)
	defer cancel()
	client, err := g.dial(life, address, service)
	if err != nil {
		return err
	}
	return g.showRunner(ctx, f, c, client)
}

// dial greets the runner at an address.
func (g *globals) dial(ctx context.Context, address, service string) (*wire.Client, error) {
	return wire.Dial(ctx, address, wire.Options{Service: service, Actor: g.env("RAMPART_ACTOR"), ReadOnly: g.readOnly})
}

// showRunner shows what a runner says, on a screen or as lines.
func (g *globals) showRunner(ctx context.Context, f watchFlags, c *config.Config, client *wire.Client) error {
	if f.until > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.until)
		defer cancel()
	}
	footprint.Lean(g.env)
	defer footprint.Rest(ctx, g.env)()
	desk := g.aside(c, client)
	defer desk.close()
	feed := &newestOf{feed: desk}
	var err error
	if t := terminalOf(g.streams); f.screen(t) {
		err = g.screen(ctx, g.attachedEnv(ctx, f, t, c, feed, desk))
	} else {
		err = printLines(ctx, feed, g.out, f.output)
	}
	last := feed.newest.Load()
	accept := false
	if c != nil && last != nil {
		check := c.File.Services[last.Service].Check
		accept = check != nil && check.Accept == "undecided"
	}
	return f.ended(ctx, "attach", err, last, accept)
}

// attachedEnv is a console on a runner: it has what one over its own engine has. Files are written here, where the person
// sits, whatever machine the runner is on.
func (g *globals) attachedEnv(ctx context.Context, f watchFlags, t terminal, c *config.Config, feed *newestOf, desk *alone) ui.Env {
	env := g.lookEnv(ctx, f, t, c)
	env.Feed, env.Operator, env.Ask, env.Now = feed, desk, desk, desk.Now
	env.Seek, env.Unmask, env.Export, env.Keep = desk.Seek, desk.Unmask, exporter(g.env, desk.Export), keeper(g.env, feed.context, desk.Now)
	return env
}

// newestOf remembers the newest frame that passed, for the exit code.
type newestOf struct {
	feed   ui.Feed
	newest atomic.Pointer[frame.Frame]
}

// Next passes the feed's next frame on.
func (n *newestOf) Next(ctx context.Context) (*frame.Frame, error) {
	f, err := n.feed.Next(ctx)
	if err == nil {
		n.newest.Store(f)
	}
	return f, err
}

// context is the one that is shown.
func (n *newestOf) context() string {
	if f := n.newest.Load(); f != nil {
		return f.Context
	}
	return "runner"
}

// runnerOf joins the runner that a service has, if it answers: the one that the config names, or else one at the usual
// place. Where a named one does not answer, that is said, and the caller observes by itself.
func (g *globals) runnerOf(ctx context.Context, c *config.Config, x config.Chosen) *wire.Client {
	service := x.Services[0]
	address, err := socketOf(g.env, c, x, service)
	if err != nil {
		fmt.Fprintf(g.err, "rampart: %v\n", err)
		return nil
	}
	named := c.File.Services[service].Runner.Value != ""
	if path, err := pathOf(address); err == nil && !named && !wire.Lives(ctx, path) {
		return nil
	}
	client, err := g.dial(ctx, address, service)
	if err != nil {
		fmt.Fprintf(g.err, "rampart: %v; watching without the runner\n", err)
		return nil
	}
	return client
}
