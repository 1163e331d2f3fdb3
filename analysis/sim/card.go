package sim

import (
	"context"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// MissedError says how many requirements were not held.
type MissedError struct{ Count int }

// Error prints the number.
func (e *MissedError) Error() string {
	return fmt.Sprintf("simulate: %d requirements are not held", e.Count)
}

// Run plays the worlds of a name ("all" for every one) and writes the score-card, one row as soon as it is known. A
// [MissedError] tells that some requirement is not held.
func Run(ctx context.Context, name string, runs int, seed uint64, out io.Writer) error {
	worlds, err := Find(name)
	if err != nil {
		return err
	}
	if runs < 1 {
		return fmt.Errorf("simulate %s: want at least one run", name)
	}
	fmt.Fprintf(out, "%d runs each, seed %d; delays are medians in minutes\n", runs, seed)
	tab := tabwriter.NewWriter(out, 16, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "WORLD\tWORSE\tAFTER\tAUTO\tAFTER\tSAFE\tAFTER\tRED\tFORECAST\tIN HAND\tREQUIRED")
	missed := 0
	for i := range worlds {
		t, err := worlds[i].Play(ctx, runs, seed)
		if err != nil {
			return err
		}
		missed += t.row(tab, worlds[i].Required)
		if err := tab.Flush(); err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
	}
	if missed > 0 {
		return &MissedError{missed}
	}
	return nil
}

// row writes the tally and tells how many requirements it misses.
func (t *Tally) row(out io.Writer, required []Requirement) (missed int) {
	fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t", t.World.Name, percent(t.Worse.Rate), minutes(t.Worse.Median), percent(t.Auto.Rate), minutes(t.Auto.Median))
	fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t", percent(t.Safe.Rate), minutes(t.Safe.Median), some(t.RedAtWorse, t.Worse.n), some(t.Forecast, t.shown), some(t.InHand, t.shown))
	for i, r := range required {
		if i > 0 {
			fmt.Fprint(out, ", ")
		}
		mark := "✓ "
		if !r.holds(t) {
			mark = "✗ "
			missed++
		}
		fmt.Fprint(out, mark+r.Text)
	}
	fmt.Fprintln(out)
	return missed
}

// Missed names the requirements of a world that its tally does not hold, with what was found.
func (w *World) Missed(t *Tally) []string {
	var missed []string
	for _, r := range w.Required {
		if !r.holds(t) {
			missed = append(missed, fmt.Sprintf("%s: %s, got %.4g", w.Name, r.Text, r.got(t)))
		}
	}
	return missed
}

func percent(p float64) string { return fmt.Sprintf("%.1f %%", 100*p) }

func some(p float64, n int) string {
	if n == 0 {
		return "—"
	}
	return percent(p)
}

func minutes(m float64) string {
	if math.IsInf(m, 1) {
		return "—"
	}
	return fmt.Sprintf("%.2f", m)
}
