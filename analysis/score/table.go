package score

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"rampart/sources"
)

// WriteTable writes the rollout for people: the call and when it was made, then one row per measure. It needs a judge that
// audits.
func (j *Judge) WriteTable(w io.Writer) error {
	s := j.Summary()
	out := fmt.Sprintf("%s: %s", sources.Visible(s.ID), s.Call.Label())
	if j.blocks > 0 {
		out += fmt.Sprintf("   %d blocks, %s to %s, alpha %.3g", s.Blocks, clock(j.first.Add(-j.header.Step)), clock(j.end), j.alpha)
	}
	out += "\n  " + j.history(s) + "\n"
	if _, err := io.WriteString(w, out); err != nil {
		return err
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "  MEASURE\tCALL\tLEGACY\tCANDIDATE\tRATIO, CONFIDENCE\tEVIDENCE WORSE\tEVIDENCE SAFE")
	for _, m := range j.measures {
		sum := m.Sum()
		fmt.Fprintf(tab, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\n", j.title(m), j.MeasureCall(m).Label(),
			part(sum.LegacyX, sum.LegacyN), part(sum.CandidateX, sum.CandidateN), j.ratio(m), odds(m.logHarm, m.Need), odds(m.logSafe, j.need))
	}
	return tab.Flush()
}

// history says at which blocks the rollout turned.
func (j *Judge) history(s Summary) string {
	text := ""
	for _, f := range []struct {
		what  string
		block int
	}{{"first worse", s.Worse}, {"automatic rollback", s.Auto}, {"first safe", s.Safe}, {"first red gauge", s.Red}} {
		if text != "" {
			text += " · "
		}
		if f.block == 0 {
			text += f.what + " never"
		} else {
			text += fmt.Sprintf("%s block %d", f.what, f.block)
		}
	}
	return text
}

func (j *Judge) title(m *Measure) string {
	name := sources.Visible(m.Spec.Name)
	if edge, known := m.Edge(); known {
		name += fmt.Sprintf(" above %g s", edge)
	}
	return name
}

func (j *Judge) ratio(m *Measure) string {
	r, known := m.Ratio()
	if !known {
		return "— not known: legacy has none"
	}
	lo, hi, bounded := m.Interval(j.alpha)
	if !bounded {
		return fmt.Sprintf("×%.3g (from %.2g, no upper limit yet)", r, lo)
	}
	return fmt.Sprintf("×%.3g (%.2g–%.2g)", r, lo, hi)
}

// part prints events of requests.
func part(x, n float64) string {
	if n == 0 {
		return "— no requests"
	}
	return fmt.Sprintf("%.3g %% of %.0f", 100*x/n, n)
}

// odds prints evidence as "12× of the 20× needed".
func odds(logE, need float64) string {
	if math.IsInf(need, 1) {
		return times(logE) + ", outside the call"
	}
	return times(logE) + " of " + times(need)
}

func times(logE float64) string {
	switch {
	case logE > math.Log(1e6):
		return fmt.Sprintf("10^%.0f×", logE/math.Ln10)
	case logE < math.Log(.01):
		return "0×"
	}
	return fmt.Sprintf("%.3g×", math.Exp(logE))
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }
