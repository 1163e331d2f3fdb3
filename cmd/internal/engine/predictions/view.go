package predictions

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/drift"
	"rampart/analysis/frame"
	"rampart/analysis/quality"
	"rampart/sources"
)

// View is what is known now, but for the drift of fields.
func (b *Book) View() frame.Predictions {
	b.mu.Lock()
	defer b.mu.Unlock()
	late := b.checks.Late()
	if len(b.cfg.Checks) == 0 {
		late = b.inputs.Late()
	}
	out := frame.Predictions{Asked: true, Lines: b.lines, Late: late, Undated: b.undated, Sample: b.sample}
	for i, r := range b.checks.Results() {
		out.Checks = append(out.Checks, b.check(b.cfg.Checks[i], r))
	}
	if b.labels != nil {
		out.Labels = labelsOf(b.labels.Report())
	}
	if b.join != nil {
		out.Pairs = b.pairs(b.join.Report())
	}
	if b.teams != nil {
		out.Teams = teamsOf(b.teams.Report())
	}
	return out
}

// Drift compares the fields of predictions since an instant, both arms over the same closed blocks.
// Names of categories are masked.
func (b *Book) Drift(since time.Time) ([]drift.Report, sources.Window) {
	b.mu.Lock()
	defer b.mu.Unlock()
	reports, w := b.inputs.Reports(since)
	for i := range reports {
		for _, a := range sources.Arms() {
			names := reports[i].Sides.Ptr(a).Names
			for k, n := range names {
				names[k] = b.redact.Mask(n, nil)
			}
		}
	}
	return reports, w
}

// times is ln E as times, held where a number is still readable.
func times(logE float64, n int64) analysis.Value {
	const most = 1e12
	return analysis.Number(min(math.Exp(logE), most), analysis.Ratio, n)
}

func shareOf(s quality.Share) analysis.Value {
	if s.N == 0 {
		return analysis.Missing("no prediction was read")
	}
	return analysis.Number(s.V, analysis.Fraction, s.N).Between(s.Lo, s.Hi)
}

// check is a rule with what it found: worse by its evidence, over its limit, or only counted.
func (b *Book) check(rule Rule, r quality.Result) frame.Check {
	n := r.Lines.Legacy + r.Lines.Candidate
	c := frame.Check{
		Name: asked(r.Check), Mark: analysis.MarkReport, Legacy: shareOf(r.Share.Legacy), Candidate: shareOf(r.Share.Candidate),
		Missing:  sources.ByArm[analysis.Value]{Legacy: shareOf(r.Missed.Legacy), Candidate: shareOf(r.Missed.Candidate)},
		Evidence: times(r.LogE, n), Limit: analysis.Missing("no guard"), Ratio: analysis.Missing("legacy breaks it in no block that both arms have"),
	}
	if r.Blocks == 0 {
		c.Evidence, c.Mark = analysis.Missing("no block of both arms is closed yet"), analysis.MarkMissing
	}
	if r.Known {
		c.Ratio = analysis.Number(r.Ratio, analysis.Ratio, n).AtLeast(r.Lo)
		if !r.Open {
			c.Ratio = c.Ratio.Between(r.Lo, r.Hi)
		}
	}
	for _, v := range quality.Violations() {
		if lines := (sources.ByArm[int64]{Legacy: r.Breaks.Legacy.Of(v), Candidate: r.Breaks.Candidate.Of(v)}); lines != (sources.ByArm[int64]{}) {
			c.Broken = append(c.Broken, frame.Broken{How: v.String(), Lines: lines})
		}
	}
	slices.SortStableFunc(c.Broken, func(x, y frame.Broken) int { return int(y.Lines.Candidate - x.Lines.Candidate) })
	b.judge(rule, r, &c)
	return c
}

// leastLines is how many lines of the candidate a limit on their share needs to speak.
const leastLines = 100

func (b *Book) judge(rule Rule, r quality.Result, c *frame.Check) {
	switch {
	case rule.MaxRatio > 0:
		c.Limit = analysis.Number(rule.MaxRatio, analysis.Ratio, 0)
	case rule.MaxShare > 0:
		c.Limit = analysis.Number(rule.MaxShare, analysis.Fraction, 0)
	}
	need := math.Log(float64(len(b.cfg.Checks)) / b.cfg.Alpha)
	switch {
	case rule.MaxShare == 0 && r.Blocks > 0 && r.LogE >= need:
		c.Mark = analysis.MarkWorse
	case rule.MaxShare > 0 && r.Share.Candidate.N >= leastLines && r.Share.Candidate.V > rule.MaxShare:
		c.Mark = analysis.MarkWarn
	}
}

// asked names a check by its field and what is asked.
func asked(c quality.Check) string {
	var out []string
	if c.Type != quality.Any {
		out = append(out, c.Type.String())
	}
	if len(c.Values) > 0 {
		out = append(out, "one of "+sources.Visible(strings.Join(c.Values, " ")))
	}
	switch lo, hi := !math.IsNaN(c.Min), !math.IsNaN(c.Max); {
	case lo && hi:
		out = append(out, fmt.Sprintf("%g to %g", c.Min, c.Max))
	case lo:
		out = append(out, fmt.Sprintf("at least %g", c.Min))
	case hi:
		out = append(out, fmt.Sprintf("at most %g", c.Max))
	}
	if c.Required {
		out = append(out, "required")
	}
	if c.Unique {
		out = append(out, "unique")
	}
	return c.Field + ": " + strings.Join(out, ", ")
}

// Guards are the checks that have a limit, as results of guards. A check that is judged by evidence stands among the static
// ones: the evidence is its own and not part of the call.
func (b *Book) Guards(v frame.Predictions) []analysis.GuardResult {
	var out []analysis.GuardResult
	for i, c := range v.Checks {
		rule := b.cfg.Checks[i]
		if rule.MaxRatio == 0 && rule.MaxShare == 0 {
			continue
		}
		g := analysis.GuardResult{
			Guard: analysis.Guard{Name: "check " + rule.Field, Measure: rule.Field, Max: rule.MaxShare, Arm: sources.Candidate, OnWorse: rule.OnWorse},
			Mark:  analysis.MarkSafe, Value: c.Candidate, Limit: c.Limit, Text: c.Name,
		}
		if rule.MaxRatio > 0 {
			g.Value = c.Ratio
		}
		if c.Mark == analysis.MarkMissing {
			g.Mark = analysis.MarkMissing
		}
		if c.Mark == analysis.MarkWorse || c.Mark == analysis.MarkWarn {
			g.Mark, g.Breached = c.Mark, true
			g.Text = fmt.Sprintf("%s: %s", c.Name, ways(c.Broken))
		}
		out = append(out, g)
	}
	return out
}

func ways(broken []frame.Broken) string {
	var out []string
	for _, b := range broken {
		out = append(out, fmt.Sprintf("%s %d, legacy %d", b.How, b.Lines.Candidate, b.Lines.Legacy))
	}
	return strings.Join(out, "; ")
}
