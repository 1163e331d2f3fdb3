package predictions

import (
	"fmt"
	"strings"

	"rampart/analysis"
	"rampart/analysis/drift"
	"rampart/analysis/frame"
	"rampart/analysis/quality"
	"rampart/sources"
)

// labelsOf are the figures that the task has, in both arms.
func labelsOf(r quality.LabelReport) frame.Labels {
	l, c := r.Arms.Legacy, r.Arms.Candidate
	out := frame.Labels{Asked: true, Task: r.Task.String(), Due: r.Due, Note: strays(r)}
	for _, f := range []struct {
		name              string
		legacy, candidate quality.Estimate
		unit              analysis.Unit
		tasks             []quality.Task
	}{
		{"AUC", l.AUC, c.AUC, analysis.Bare, []quality.Task{quality.Binary}},
		{"log loss", l.LogLoss, c.LogLoss, analysis.Bare, []quality.Task{quality.Binary}},
		{"accuracy", l.Accuracy, c.Accuracy, analysis.Fraction, []quality.Task{quality.Binary, quality.Classes}},
		{"precision", l.Precision, c.Precision, analysis.Fraction, []quality.Task{quality.Binary}},
		{"recall", l.Recall, c.Recall, analysis.Fraction, []quality.Task{quality.Binary}},
		{"F1", l.F1, c.F1, analysis.Bare, []quality.Task{quality.Binary}},
		{"MAE", l.MAE, c.MAE, analysis.Bare, []quality.Task{quality.Binary, quality.Numeric}},
		{"RMSE", l.RMSE, c.RMSE, analysis.Bare, []quality.Task{quality.Binary, quality.Numeric}},
	} {
		for _, t := range f.tasks {
			if t == r.Task {
				out.Figures = append(out.Figures, frame.Figure{Name: f.name, Legacy: estimate(f.legacy, f.unit, l), Candidate: estimate(f.candidate, f.unit, c)})
			}
		}
	}
	for _, a := range sources.Arms() {
		f := r.Arms.Of(a)
		*out.Coverage.Ptr(a) = estimate(f.Coverage, analysis.Fraction, f)
		*out.Delay.Ptr(a), *out.DelayP95.Ptr(a) = delay(f.DelayMedian, f.Labelled), delay(f.DelayP95, f.Labelled)
	}
	return out
}

func estimate(e quality.Estimate, u analysis.Unit, f quality.Figures) analysis.Value {
	switch {
	case e.Known && e.Interval:
		return analysis.Number(e.V, u, e.N).Between(e.Lo, e.Hi)
	case e.Known:
		return analysis.Number(e.V, u, e.N)
	case f.Followed == 0:
		return analysis.Missing("no prediction was read")
	case f.Labelled == 0:
		return analysis.Missing("no label yet")
	}
	return analysis.Missing("the labels that came do not tell it")
}

func delay(a drift.Amount, n int64) analysis.Value {
	if !a.Known {
		return analysis.Missing("no label yet")
	}
	return analysis.Number(a.V, analysis.Seconds, n)
}

// strays says what could not be joined, in words; empty when all was.
func strays(r quality.LabelReport) string {
	var out []string
	if r.OneOf > 1 {
		out = append(out, fmt.Sprintf("1 of %d ids is followed", r.OneOf))
	}
	for _, s := range []struct {
		n    int64
		what string
	}{
		{r.Strays.NoID, "without an id or a time"},
		{r.Strays.Repeated, "of an id that had one"},
		{r.Strays.Orphans, "labels without a prediction"},
		{r.Strays.Unreadable, "not comparable"},
		{r.Strays.Early, "labels older than their prediction"},
	} {
		if s.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", s.n, s.what))
		}
	}
	return strings.Join(out, ", ")
}
