package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rampart/analysis/drift"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/engine"
	"rampart/sources"
)

// profileFlags say whose distributions are kept, and where.
type profileFlags struct {
	arm  string
	past time.Duration
	name string
	file string
}

func newProfile(g *globals) *cobra.Command {
	var now, then profileFlags // each command has its own
	cmd := &cobra.Command{
		Use: "profile", Short: "Keep how features and scores were distributed, and compare with it later", Args: args(cobra.NoArgs),
		Long: "A profile holds the distributions of one arm over some time as a JSON file of mergeable sketches: what drift is\n" +
			"measured against when there is no legacy to compare with, or when both arms have moved. A profile is another time\n" +
			"of day and another mix of users, so that it never makes evidence.",
	}
	save := &cobra.Command{
		Use: "save", Short: "Write a profile of the newest window", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return g.profileSave(cmd.Context(), then) },
	}
	save.Flags().StringVarP(&then.file, "file", "f", "-", "where to; - for standard output")
	save.Flags().StringVar(&then.name, "name", "", "whose profile it is (default: service, arm and time)")
	show := &cobra.Command{
		Use: "show FILE", Short: "Print what a profile holds", Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error { return g.profileShow(given[0]) },
	}
	diff := &cobra.Command{
		Use: "diff REFERENCE [NOW]", Short: "Compare with another profile, or with the newest window", Args: args(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, given []string) error { return g.profileDiff(cmd.Context(), now, given) },
	}
	save.Flags().StringVar(&then.arm, "arm", "legacy", "legacy or candidate")
	diff.Flags().StringVar(&now.arm, "arm", "candidate", "legacy or candidate, of the newest window")
	for c, past := range map[*cobra.Command]*time.Duration{save: &then.past, diff: &now.past} {
		c.Flags().Var(spanOf(past, time.Hour), "past", "how far back the window reaches")
	}
	cmd.AddCommand(save, show, diff)
	return cmd
}

func (g *globals) profileSave(ctx context.Context, f profileFlags) error {
	p, err := g.profileNow(ctx, f)
	if err != nil {
		return err
	}
	if f.file == "-" {
		return p.Save(g.out)
	}
	if err := writeWhole(f.file, p.Save); err != nil {
		return fmt.Errorf("profile save %s: %w", f.file, err)
	}
	_, err = fmt.Fprintf(g.err, "%s: %d features of the %s, %s\n", f.file, len(p.Features()), f.arm, covered(p))
	return err
}

// profileNow reads the newest window of one arm from the metrics source.
func (g *globals) profileNow(ctx context.Context, f profileFlags) (*drift.Profile, error) {
	arm, ok := armNamed(f.arm)
	if !ok || f.past <= 0 {
		return nil, usage(fmt.Errorf("profile --arm %s --past %s: want legacy or candidate, and a span above 0", f.arm, f.past))
	}
	c, x, err := g.load()
	if err != nil {
		return nil, err
	}
	svc := c.Engine(x, x.Services[0])
	if len(svc.Drift) == 0 {
		return nil, usage(fmt.Errorf("profile: service %s measures no distributions; add one such as score: {histogram: model_score, judge: report} or features: {histograms: feature_.+, judge: warn}", svc.Name))
	}
	metrics, err := adapters.Metrics(x.Context)
	if err != nil {
		return nil, usage(err)
	}
	if metrics == nil {
		return nil, usage(errors.New("profile: the context has no prometheus"))
	}
	to := sources.Align(time.Now(), svc.Step)
	ctx, cancel := context.WithTimeout(ctx, profileDeadline)
	defer cancel()
	p, err := gather(ctx, metrics, svc.Drift, arm, sources.Window{From: to.Add(-f.past), To: to})
	if err != nil {
		return nil, err
	}
	if p.Name = f.name; p.Name == "" {
		p.Name = fmt.Sprintf("%s %s %s", svc.Name, f.arm, to.UTC().Format(time.RFC3339))
	}
	return p, nil
}

// profileDeadline bounds all reading for one profile.
const profileDeadline = time.Minute

func armNamed(name string) (sources.Arm, bool) {
	for _, a := range sources.Arms() {
		if a.String() == name {
			return a, true
		}
	}
	return 0, false
}

// gather makes a profile of one arm. Every family must answer: a profile with holes would later read as features gone.
func gather(ctx context.Context, metrics sources.Metrics, families []engine.Drift, arm sources.Arm, w sources.Window) (*drift.Profile, error) {
	p := &drift.Profile{From: w.From, To: w.To}
	for _, d := range families {
		got, err := metrics.Distributions(ctx, d.Query, w)
		if err != nil {
			return nil, fmt.Errorf("profile %s: %w", d.Name, err)
		}
		before := len(p.Features())
		for _, one := range got {
			if err := keep(p, one, arm, d.Query.Gauges); err != nil {
				return nil, err
			}
		}
		if len(p.Features()) == before { // a source that holds less than the window does not know what a counter grew by
			return nil, &sources.Error{
				Op: "profile", Target: d.Name, Kind: sources.ErrNoData, Cause: fmt.Errorf("no value of the %s over %s", arm, w.Length()),
				Fix: "where less than that is held, ask for less, such as --past 10m",
			}
		}
	}
	if len(p.Features()) == 0 {
		return nil, &sources.Error{Op: "profile", Target: arm.String(), Kind: sources.ErrNoData, Fix: "no distribution had a value in the window"}
	}
	return p, nil
}

// keep adds one feature's values of an arm; an arm that was not scraped adds nothing.
func keep(p *drift.Profile, d sources.Distribution, arm sources.Arm, gauges bool) error {
	if gauges {
		if len(d.Values.Of(arm)) == 0 {
			return nil
		}
		sketch, err := p.Values(d.Name)
		if err != nil {
			return err
		}
		for _, v := range d.Values.Of(arm) {
			sketch.Add(v)
		}
		return nil
	}
	if h := d.Histogram.Of(arm); h != nil {
		return p.AddCells(d.Name, drift.FromHistogram(*h))
	}
	return nil
}

func (g *globals) readProfile(file string) (*drift.Profile, error) {
	in := g.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, usage(err)
		}
		defer func() { _ = f.Close() }() // only read
		in = f
	}
	p, err := drift.Load(in)
	if err != nil {
		return nil, usage(fmt.Errorf("profile %s: %w", file, err))
	}
	return p, nil
}

// writeWhole writes a file that is there whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".profile-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone once it was renamed
	if err := errors.Join(write(tmp), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
