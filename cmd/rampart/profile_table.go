package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"rampart/analysis/drift"
	"rampart/sources"
)

func (g *globals) profileShow(file string) error {
	p, err := g.readProfile(file)
	if err != nil {
		return err
	}
	fmt.Fprintf(g.out, "%s, %s\n", sources.Visible(p.Name), covered(p))
	tab := tabwriter.NewWriter(g.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "FEATURE\tKIND\tN\tMEAN\tZERO\tMISSING")
	for _, r := range drift.Diff(p, p, drift.Options{}) {
		s := r.Sides.Legacy
		fmt.Fprintf(tab, "%s\t%s\t%.0f\t%s\t%s\t%s\n", sources.Visible(r.Feature), r.Kind, s.N, amount(s.Mean), amount(r.Zero.Legacy), amount(r.Missing.Legacy))
	}
	return tab.Flush()
}

func (g *globals) profileDiff(ctx context.Context, f profileFlags, files []string) error {
	reference, err := g.readProfile(files[0])
	if err != nil {
		return err
	}
	var now *drift.Profile
	if len(files) > 1 {
		now, err = g.readProfile(files[1])
	} else {
		now, err = g.profileNow(ctx, f)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(g.out, "%s, %s\nnow %s, %s\n", sources.Visible(reference.Name), covered(reference), sources.Visible(now.Name), covered(now))
	fmt.Fprintln(g.out, "another time of day and another mix of users: no evidence against a version")
	tab := tabwriter.NewWriter(g.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "FEATURE\tN BEFORE\tN NOW\tPSI\tBY CHANCE\tJS\tW1\tKS\tBINNING")
	for _, r := range drift.Diff(reference, now, drift.Options{}) {
		if !r.PSI.Known {
			fmt.Fprintf(tab, "%s\t%.0f\t%.0f\t—\t—\t—\t—\t—\t%s\n", sources.Visible(r.Feature), r.Sides.Legacy.N, r.Sides.Candidate.N, r.PSI.Why)
			continue
		}
		fmt.Fprintf(tab, "%s\t%.0f\t%.0f\t%.3g\t%s\t%s\t%s\t%s\t%s\n", sources.Visible(r.Feature), r.Sides.Legacy.N, r.Sides.Candidate.N,
			r.PSI.Value, amount(r.PSI.Expected), distance(r.JS), distance(r.W1), distance(r.KS), r.Binning)
	}
	return tab.Flush()
}

func covered(p *drift.Profile) string {
	return fmt.Sprintf("%s to %s", p.From.UTC().Format(time.RFC3339), p.To.UTC().Format(time.RFC3339))
}

func amount(a drift.Amount) string {
	if !a.Known {
		return "—"
	}
	return fmt.Sprintf("%.4g", a.V)
}

func distance(d drift.Distance) string {
	if !d.Known {
		return "—"
	}
	return fmt.Sprintf("%.3g", d.Value)
}
