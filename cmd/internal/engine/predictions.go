package engine

import (
	"fmt"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/drift"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/predictions"
	"rampart/sources"
)

// newPredictions makes the book of what log lines say of predictions; nil when nothing is asked. Its config was checked.
func newPredictions(c Config) *predictions.Book {
	if c.LogQuery.Predictions == nil {
		return nil
	}
	asked := *c.LogQuery.Predictions
	asked.Step, asked.Alpha = min(c.Service.Step, time.Hour), c.Service.Alpha
	b, err := predictions.New(asked)
	if err != nil {
		panic(fmt.Errorf("engine: predictions: %w", err))
	}
	return b
}

// takePredictions reads a page, once it is known whose predictions they are.
func (e *Engine) takePredictions(p sources.Page) {
	if e.preds == nil {
		return
	}
	e.mu.Lock()
	id := ""
	if !e.book.rollout.Since.IsZero() || e.cfg.Service.Identity == nil {
		id = e.book.rolloutName()
	}
	e.mu.Unlock()
	if err := e.preds.Begin(id); err == nil {
		e.preds.Take(p)
	}
}

// settlePredictions closes what can hardly get more lines, and reads what is known by then for the next frames.
func (e *Engine) settlePredictions(now time.Time) {
	if e.preds == nil {
		return
	}
	e.preds.Advance(now.Add(-e.logs.Behind()))
	e.mu.Lock()
	since := e.book.rollout.Since
	e.mu.Unlock()
	said := e.preds.View()
	reports, window := e.preds.Drift(since)
	for _, r := range reports {
		said.Features = append(said.Features, predicted(r, window))
	}
	said.Window = window
	e.mu.Lock()
	defer e.mu.Unlock()
	e.said, e.checkResults = said, e.preds.Guards(said)
}

// predicted is a field of predictions as a panel shows it.
func predicted(r drift.Report, w sources.Window) frame.Feature {
	n := sources.ByArm[int64]{Legacy: int64(r.Sides.Legacy.N), Candidate: int64(r.Sides.Candidate.N)}
	f := featureOf(Drift{Measure: analysis.Measure{Name: "predictions"}}, r, n, w)
	if r.Kind == drift.Categorical {
		f.Legacy, f.Candidate = analysis.Missing("names have no mean"), analysis.Missing("names have no mean")
		f.Names = r.Sides.Legacy.Names
	}
	return f
}

// drifts are the features of the metrics and of the logs, what drifted most first.
func drifts(measured, said []frame.Feature) []frame.Feature {
	out := slices.Concat(measured, said)
	slices.SortStableFunc(out, compareDrift)
	return out
}

// checkGuards are the checks of predictions that have a limit, since when each is breached.
func (e *Engine) checkGuards(now time.Time) []analysis.GuardResult {
	out := slices.Clone(e.checkResults)
	for i := range out {
		key := out[i].Guard.Name
		if !out[i].Breached {
			delete(e.book.breach, key)
			continue
		}
		if e.book.breach[key].IsZero() {
			e.book.breach[key] = now
		}
		out[i].Since = e.book.breach[key]
	}
	return out
}

// labelRows is the overview's row of labels: the first figure of quality that is known, or when labels are expected.
func labelRows(s frame.Predictions) []frame.Row {
	l := s.Labels
	if !l.Asked || len(l.Figures) == 0 {
		return nil
	}
	best := l.Figures[0]
	for _, f := range l.Figures {
		if f.Legacy.Known && f.Candidate.Known {
			best = f
			break
		}
	}
	r := frame.Row{
		Mark: analysis.MarkReport, Measure: "labels, " + best.Name, Key: "labels", Kind: analysis.Labels, Legacy: best.Legacy, Candidate: best.Candidate,
		N: sources.ByArm[int64]{Legacy: best.Legacy.N, Candidate: best.Candidate.N}, LimitNote: analysis.Report.String(), At: s.Window.To,
	}
	if c := l.Coverage.Candidate; c.Known && best.Candidate.Known {
		r.Note = fmt.Sprintf("%.0f %% labelled", 100*c.V)
		return []frame.Row{r}
	}
	r.Mark, r.Measure, r.Note = analysis.MarkMissing, "labels", "none yet"
	if !l.Due.IsZero() {
		r.Note = "none yet, due " + l.Due.UTC().Format("15:04")
	}
	r.Legacy, r.Candidate = analysis.Missing(r.Note), analysis.Missing(r.Note)
	return []frame.Row{r}
}
