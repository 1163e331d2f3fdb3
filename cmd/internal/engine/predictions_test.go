package engine

import (
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
)

func TestPredictions_TheLabelsRowSaysWhenTheFirstAreDue(t *testing.T) {
	l := frame.Labels{Asked: true, Figures: []frame.Figure{{Name: "AUC", Legacy: analysis.Missing("no label yet")}}, Due: time.Date(2026, 11, 21, 15, 5, 0, 0, time.UTC)}
	rows := labelRows(frame.Predictions{Labels: l})
	if len(rows) != 1 || rows[0].Note != "none yet, due 15:05" || rows[0].Legacy.Why != rows[0].Note || rows[0].Mark != analysis.MarkMissing {
		t.Errorf("%+v", rows)
	}
	if rows := labelRows(frame.Predictions{}); rows != nil {
		t.Errorf("a row of labels that nobody asked for: %+v", rows)
	}
	l.Figures[0] = frame.Figure{Name: "AUC", Legacy: analysis.Number(.7, analysis.Bare, 900), Candidate: analysis.Number(.6, analysis.Bare, 90)}
	l.Coverage.Candidate = analysis.Number(.4, analysis.Fraction, 200)
	if r := labelRows(frame.Predictions{Labels: l})[0]; r.Measure != "labels, AUC" || r.Note != "40 % labelled" || r.N.Candidate != 90 {
		t.Errorf("%+v", r)
	}
}

func TestPredictions_ABreachedCheckKeepsSinceWhen(t *testing.T) {
	e := &Engine{book: newBook(Service{Step: step}, nil)}
	e.checkResults = []analysis.GuardResult{{Guard: analysis.Guard{Name: "check score"}, Breached: true}}
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	first, again := e.checkGuards(noon), e.checkGuards(noon.Add(time.Minute))
	if !first[0].Since.Equal(noon) || !again[0].Since.Equal(noon) {
		t.Errorf("since %v, then %v", first[0].Since, again[0].Since)
	}
	e.checkResults[0].Breached = false
	e.checkGuards(noon.Add(2 * time.Minute))
	e.checkResults[0].Breached = true
	if r := e.checkGuards(noon.Add(3 * time.Minute)); !r[0].Since.Equal(noon.Add(3 * time.Minute)) {
		t.Errorf("a new breach is as old as the one before: %v", r[0].Since)
	}
}
