package panel

import (
	"fmt"
	"math"
	"strings"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
)

// sparkWidth is the columns of a sparkline in the table; a row's history has as many cells.
const sparkWidth = 10

// The widths of the table's columns stand still: a number that gains a digit must not move its neighbours.
const (
	measureWidth    = 14
	valueWidth      = 10
	differenceWidth = 18
	narrowWidth     = 15
	limitWidth      = 6
	countWidth      = 14
	briefWidth      = 11
	ageWidth        = 6
)

// measureTable draws rows of measures: both arms, the difference with its interval, the limit, on how many requests it
// rests, how old it is and how it went. It has the marks of the rows in front.
func measureTable(l *list, f *frame.Frame, rows []frame.Row, st State, w, h int) cell.Grid {
	t := cell.Table{Columns: columns(f, rows, w)}
	marks := make([]analysis.Mark, len(rows))
	for i, r := range rows {
		marks[i] = r.Mark
		t.Rows = append(t.Rows, tableRow(f, r, st, w))
	}
	if l == nil {
		t.Selected = -1
		return drawTable(t, marks, w, h)
	}
	return l.draw(t, marks, w, h)
}

func columns(f *frame.Frame, rows []frame.Row, w int) []cell.Column {
	n, age, diff := countWidth, 2, differenceWidth
	if w < 110 {
		n, diff = briefWidth, narrowWidth
	}
	for _, r := range rows {
		if r.Stale || f.Verdict.Call == analysis.Stale {
			age = 5
		}
	}
	name := measureWidth
	if w >= 140 {
		name = 2 * measureWidth
	}
	return []cell.Column{
		{Head: pad("MEASURE", name), Min: 10, Max: name, Keep: 9},
		{Head: pad("LEGACY", valueWidth), Max: valueWidth + 2, Keep: 7},
		{Head: pad("CANDIDATE", valueWidth), Max: valueWidth + 2, Keep: 8},
		{Head: pad(differenceHead(f, w), diff), Max: diff, Keep: 6},
		{Head: pad("LIMIT", limitWidth), Max: limitWidth, Keep: 4},
		{Head: pad(countHead(w), n), Max: n, Keep: 3},
		{Head: pad("AGE", ageWidth), Max: ageWidth, Keep: age},
		{Head: "LEGACY 30m", Max: sparkWidth, Keep: 0},
		{Head: "CANDIDATE 30m", Max: sparkWidth + 3, Keep: 1},
		{Head: noteHead(w), Keep: -1, Grow: true},
	}
}

func noteHead(w int) string {
	if w < 140 {
		return ""
	}
	return "NOTE"
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

func tableRow(f *frame.Frame, r frame.Row, st State, w int) cell.TableRow {
	legacy, candidate := arms(f, r)
	diff := difference(f, r, w)
	stale := r.Stale || f.Verdict.Call == analysis.Stale
	age := cell.Say(cell.Dim, st.age(r.At))
	if stale {
		age = cell.Say(cell.Warn, st.age(r.At))
	}
	top := chart.Top(numbers(r.History.Legacy), numbers(r.History.Candidate))
	cells := []cell.Line{
		cell.Say(cell.Plain, r.Measure), legacy, candidate, diff, limit(r), cell.Say(cell.Dim, counts(r.N, w < 110)), age,
		cell.Say(cell.Legacy, chart.Spark(numbers(r.History.Legacy), top, sparkWidth)),
		cell.Say(cell.Candidate, chart.Spark(numbers(r.History.Candidate), top, sparkWidth)),
	}
	if len(r.History.Legacy) == 0 && len(r.History.Candidate) == 0 {
		cells[7], cells[8] = nil, nil
	}
	if w >= 140 && r.Difference.Known {
		cells = append(cells, cell.Say(cell.Dim, r.Note))
	}
	if stale {
		for i := 1; i < 6; i++ {
			cells[i] = cells[i].In(cell.Stale)
		}
	}
	return cell.TableRow{Cells: cells}
}

// arms are the cells of both arms: their values, for a measure of many features the worst one's name, or why there is
// none.
func arms(f *frame.Frame, r frame.Row) (legacy, candidate cell.Line) {
	if !r.Legacy.Known && !r.Candidate.Known {
		why := r.Candidate.Why
		if why == "" {
			why = r.Legacy.Why
		}
		if why == "" {
			why = cell.None
		}
		return cell.Say(cell.Unknown, why).Clip(2*valueWidth + 2), nil
	}
	if worst, many, ok := feature(f, r); ok {
		if many {
			return cell.Say(cell.Dim, "worst: ").And(cell.Plain, worst.Name).Clip(2*valueWidth + 2), nil
		}
		a, b := Pair(r.Legacy, r.Candidate)
		return cell.Say(cell.Dim, "mean ").And(cell.Plain, a), cell.Say(cell.Dim, "mean ").And(cell.Plain, b)
	}
	a, b := Pair(r.Legacy, r.Candidate)
	if !r.Candidate.Known && r.Candidate.Why != "" {
		return cell.Say(cell.Plain, a), cell.Say(cell.Unknown, r.Candidate.Why)
	}
	return cell.Say(cell.Plain, a), cell.Say(toneOf(r.Mark), b)
}

// feature finds the feature that a drift row speaks of, and whether it is one of several.
func feature(f *frame.Frame, r frame.Row) (worst frame.Feature, many, ok bool) {
	n := 0
	for _, d := range f.Drift {
		if d.Measure != r.Key {
			continue
		}
		if n++; n == 1 || d.PSI.Known && (!worst.PSI.Known || d.PSI.V > worst.PSI.V) {
			worst = d
		}
	}
	return worst, n > 1, n > 0
}

func difference(f *frame.Frame, r frame.Row, w int) cell.Line {
	d, _, ok := feature(f, r)
	switch {
	case ok && !d.PSI.Known && d.PSI.Why != "":
		return cell.Say(cell.Unknown, d.PSI.Why)
	case ok && d.PSI.Known:
		if w < 110 {
			d.PSINull.Known = false
		}
		return psi(d)
	case !r.Candidate.Known && r.Candidate.Why != "" && !r.Difference.Known:
		return nil
	case r.Difference.Known:
		return cell.Say(toneOf(r.Mark), Value(r.Difference))
	case r.Note != "":
		return cell.Say(cell.Note, r.Note)
	case r.Difference.Why != "":
		return cell.Say(cell.Unknown, r.Difference.Why)
	}
	return cell.Say(cell.Dim, cell.None)
}

// psi is a drift with what chance alone would give: "PSI .18 (null .01)".
func psi(d frame.Feature) cell.Line {
	line := cell.Say(toneOf(d.Mark), "PSI "+two(d.PSI))
	if d.PSINull.Known && math.Abs(d.PSI.V) >= .005 {
		line = line.And(cell.Dim, " (null "+cell.Bare(d.PSINull.V, 2)+")")
	}
	return line
}

func limit(r frame.Row) cell.Line {
	switch {
	case r.Limit.Known:
		return cell.Say(cell.Limit, strings.ReplaceAll(Number(r.Limit), " %", "%"))
	case r.LimitNote != "":
		return cell.Say(cell.Dim, r.LimitNote)
	}
	return cell.Say(cell.Dim, cell.None)
}

// rowText is a row as plain text, for copying.
func rowText(r frame.Row) string {
	a, b := Pair(r.Legacy, r.Candidate)
	return fmt.Sprintf("%s: legacy %s, candidate %s, difference %s, limit %s, n %s", r.Measure, a, b,
		strings.TrimSpace(Explained(r.Difference)+" "+r.Note), limit(r).String(), counts(sources.ByArm[int64]{Legacy: r.N.Legacy, Candidate: r.N.Candidate}, false))
}
