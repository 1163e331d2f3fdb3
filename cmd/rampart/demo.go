package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources/demo"
	"rampart/sources/demo/world"
)

// demoFlags say which world is opened.
type demoFlags struct {
	watchFlags
	scenario string
	speed    float64
	world    string
	seed     uint64
	serve    bool
	listen   string
	broken   bool
}

func newDemo(g *globals) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use: "demo", Args: args(cobra.NoArgs), Short: "A console over a small living world; ! breaks and heals the candidate",
		Long: "demo opens a ranking service whose candidate model is being ramped, behind a real Prometheus API, Elasticsearch\n" +
			"API and HAProxy runtime API on loopback, and a console over them. Break the candidate with !, watch the call turn\n" +
			"to WORSE, roll back with R.\n\nScenarios: " + scenarioNames(),
		RunE: func(cmd *cobra.Command, _ []string) error { return g.demo(cmd.Context(), f) },
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.scenario, "scenario", "", "what happens in the world: "+scenarioNames())
	cmd.Flags().Float64Var(&f.speed, "speed", 1, "seconds of the world in one real second; not with --serve")
	cmd.Flags().StringVar(&f.world, "world", "", "a world file")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of all chance")
	cmd.Flags().BoolVar(&f.serve, "serve", false, "keep the world up without a screen; print its URLs and a config")
	cmd.Flags().StringVar(&f.listen, "listen", "", "with --serve: host:port of Prometheus; Elasticsearch and HAProxy take the next two")
	cmd.Flags().BoolVar(&f.broken, "broken", false, "the candidate is broken from the start")
	return cmd
}

func scenarioNames() string {
	var names []string
	for _, s := range world.Scenarios() {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

func (g *globals) demo(ctx context.Context, f demoFlags) error {
	if err := f.pace(); err != nil {
		return usage(err)
	}
	d, err := demo.Start(ctx, demo.Options{Scenario: f.scenario, Speed: f.speed, WorldFile: f.world, Seed: f.seed, Listen: f.listen})
	if err != nil {
		return usage(err)
	}
	defer func() { _ = d.Close() }()
	if f.broken {
		d.Break()
	}
	if f.serve {
		return g.serveDemo(ctx, d)
	}
	return g.showDemo(ctx, d, f)
}

// pace refuses a speed that no world has, or that its readers could not follow.
func (f demoFlags) pace() error {
	switch {
	case !(f.speed > 0): // nor NaN
		return fmt.Errorf("demo --speed %v: want a number above 0", f.speed)
	case f.serve && f.speed != 1:
		return fmt.Errorf("demo --serve --speed %v: its clock would run away from that of whoever reads it, who would see its traffic of now beside its numbers of minutes ago: "+
			"leave --speed out, or see it by its own clock with rampart demo --speed %v", f.speed, f.speed)
	}
	return nil
}

// showDemo opens a console over the world. What is recorded there ends with it.
func (g *globals) showDemo(ctx context.Context, d *demo.Running, f demoFlags) error {
	c, err := config.Parse("the demo's own", d.Config())
	if err != nil {
		return err
	}
	x, err := c.Choose(config.Choice{})
	if err != nil {
		return err
	}
	state, err := os.MkdirTemp("", "rampart-demo-state-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(state) }()
	inner := *g
	inner.env = func(name string) string {
		if name == "RAMPART_STATE" {
			return state
		}
		return g.env(name)
	}
	s, err := inner.demoSession(ctx, c, x, sessionFlags{since: f.since, clock: engine.Clock{Now: d.Now, Speed: f.speed}, demo: scenarioOf(f)})
	if err != nil {
		return err
	}
	defer s.close()
	return inner.show(ctx, s.session, f.watchFlags, []extra{{key: "!", help: "break or heal the candidate", do: d.Toggle}})
}

// demoSession drives the ramp in the console's own process: the world ends with it, so nothing has to stay.
func (g *globals) demoSession(ctx context.Context, c *config.Config, x config.Chosen, f sessionFlags) (*driven, error) {
	plan, _ := c.Ramp(x.Services[0])
	keys, err := keysOf(ctx, c, x.Services[:1])
	if err != nil {
		return nil, err
	}
	held, err := g.takeRight(ctx, claimsOf(c), keys[x.Services[0]], x, x.Services[0], "", "")
	if err != nil {
		return nil, err
	}
	return g.drive(ctx, c, x, plan, held, f, nil)
}

func scenarioOf(f demoFlags) string {
	if f.scenario != "" {
		return f.scenario
	}
	return "healthy"
}

// serveDemo keeps the world up for curl, Grafana or a second console.
func (g *globals) serveDemo(ctx context.Context, d *demo.Running) error {
	fmt.Fprintf(g.out, "# the world is up until ctrl-c; save this as rampart.yaml and run: rampart watch\n%s", d.Config())
	<-ctx.Done()
	return nil
}
