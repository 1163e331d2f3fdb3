package part

import (
	"fmt"
	"slices"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
)

// The widths of the table's columns stand still: a number that gains a digit must not move its neighbours.
const (
	MeasureWidth    = 14
	wideMeasure     = 17
	valueWidth      = 10
	DifferenceWidth = 18
	narrowWidth     = 16
	limitWidth      = 6
	countWidth      = 14
	briefWidth      = 11
	AgeWidth        = 6
	oddsWidth       = 16
)

// evidenceFrom is the width from which on a measure's own evidence stands in its row: what would change the call.
const evidenceFrom = 180

func columns(f *frame.Frame, rows []frame.Row, w int) []cell.Column {
	n, age, diff := countWidth, 2, DifferenceWidth
	if w < 110 {
		n, diff = briefWidth, narrowWidth
	}
	for _, r := range rows {
		if r.Stale || f.Verdict.Call == analysis.Stale {
			age = 5
		}
	}
	name := MeasureWidth
	switch {
	case w >= 140:
		name = 2 * MeasureWidth
	case w >= 120:
		name = wideMeasure
	}
	out := []cell.Column{
		{Head: Pad("MEASURE", name), Min: 10, Max: name, Keep: 9},
		{Head: Pad("LEGACY", valueWidth), Max: valueWidth + 2, Keep: 7},
		{Head: Pad("CANDIDATE", valueWidth), Max: valueWidth + 2, Keep: 8},
		{Head: Pad(differenceHead(f, w), diff), Max: diff, Keep: 6},
		{Head: Pad("LIMIT", limitWidth), Max: limitWidth, Keep: 4},
		{Head: Pad(countHead(w), n), Max: n, Keep: 3},
		{Head: Pad("AGE", AgeWidth), Max: AgeWidth, Keep: age},
		{Head: "LEGACY 30m", Max: sparkWidth, Keep: 0},
		{Head: Pad("CAND 30m", sparkWidth), Max: sparkWidth, Keep: 1},
	}
	if w >= evidenceFrom {
		out = append(out, cell.Column{Head: Pad("EVIDENCE WORSE", oddsWidth), Max: oddsWidth, Keep: -1}, cell.Column{Head: Pad("SAFE", oddsWidth), Max: oddsWidth, Keep: -1})
	}
	return append(out, cell.Column{Head: noteHead(rows, w), Keep: -2, Grow: true})
}

// noteHead is the head of the last column, where there is room for it and anything in it.
func noteHead(rows []frame.Row, w int) string {
	if w >= 140 && slices.ContainsFunc(rows, func(r frame.Row) bool { return r.Difference.Known && r.Note != "" }) {
		return "NOTE"
	}
	return ""
}

func countHead(w int) string {
	if w < 110 {
		return "N LEG/CAND"
	}
	return "N LEG / CAND"
}

func differenceHead(f *frame.Frame, w int) string {
	if w < 110 {
		return "DIFF, " + level(f)
	}
	return "DIFFERENCE, " + level(f)
}

// level is the confidence of the intervals.
func level(f *frame.Frame) string {
	a := f.Verdict.Evidence.Alpha
	if a <= 0 || a >= 1 {
		a = .05
	}
	return fmt.Sprintf("%.3g %%", 100*(1-a))
}
