package part

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
)

// sparkWidth is the columns of a sparkline in the table; a row's history has as many cells.
const sparkWidth = 10

// MeasureTable draws rows of measures: both arms, the difference with its interval, the limit, on how many requests it
// rests, how old it is and how it went. It has the marks of the rows in front.
func MeasureTable(l *List, f *frame.Frame, rows []frame.Row, st State, w, h int) cell.Grid {
	t := cell.Table{Columns: columns(f, rows, w)}
	marks := make([]analysis.Mark, len(rows))
	for i, r := range rows {
		marks[i] = r.Mark
		t.Rows = append(t.Rows, tableRow(f, r, st, w))
	}
	if l == nil {
		t.Selected = -1
		return DrawTable(t, marks, w, h)
	}
	return l.Draw(t, marks, w, h)
}

func tableRow(f *frame.Frame, r frame.Row, st State, w int) cell.TableRow {
	legacy, candidate := arms(f, r)
	diff := difference(f, r, w)
	stale := r.Stale || f.Verdict.Call == analysis.Stale
	age := cell.Say(cell.Plain, st.Recent(r.At))
	if stale {
		age = cell.Say(cell.Warn, st.Recent(r.At))
	}
	top := chart.Top(numbers(r.History.Legacy), numbers(r.History.Candidate))
	cells := []cell.Line{
		cell.Say(cell.Plain, r.Measure), legacy, candidate, diff, limit(r), cell.Say(cell.Dim, Counts(r.N, w < 110)), age,
		cell.Say(cell.Legacy, chart.Spark(numbers(r.History.Legacy), top, sparkWidth)),
		cell.Say(cell.Candidate, chart.Spark(numbers(r.History.Candidate), top, sparkWidth)),
	}
	if len(r.History.Legacy) == 0 && len(r.History.Candidate) == 0 {
		cells[7], cells[8] = nil, nil
	}
	if w >= evidenceFrom {
		cells = append(cells, evidence(f, r)...)
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
			why = r.Difference.Why
		}
		if why == "" {
			why = cell.None
		}
		return cell.Say(cell.Unknown, why), nil
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
	return cell.Say(cell.Plain, a), cell.Say(ToneOf(r.Mark), b)
}

// reasoned tells whether a row without numbers says why.
func reasoned(r frame.Row) bool {
	return r.Legacy.Why != "" || r.Candidate.Why != "" || r.Difference.Why != ""
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
	case !r.Legacy.Known && !r.Candidate.Known && !d.PSI.Known && reasoned(r):
		return nil // The reason stands where the numbers would, and runs on to here.
	case ok && !d.PSI.Known && d.PSI.Why != "":
		return cell.Say(cell.Unknown, d.PSI.Why)
	case ok && d.PSI.Known:
		if w < 110 {
			d.PSINull.Known = false
		}
		return PSI(d)
	case !r.Candidate.Known && r.Candidate.Why != "" && !r.Difference.Known:
		return nil
	case r.Difference.Known:
		return cell.Say(ToneOf(r.Mark), Value(r.Difference))
	case r.Note != "":
		return cell.Say(cell.Note, r.Note)
	case r.Difference.Why != "":
		return cell.Say(cell.Unknown, r.Difference.Why)
	}
	return cell.Say(cell.Dim, cell.None)
}

// PSI is a drift with what chance alone would give: "PSI .18 (null .01)".
func PSI(d frame.Feature) cell.Line {
	line := cell.Say(ToneOf(d.Mark), "PSI "+Two(d.PSI))
	if d.PSINull.Known && math.Abs(d.PSI.V) >= .005 {
		line = line.And(cell.Dim, " (null "+cell.Bare(d.PSINull.V, 2)+")")
	}
	return line
}

// evidence is how far a measure is on both ways, for those that make the call: worse by itself needs 1/(alpha weight), safe
// needs 1/alpha of every one.
func evidence(f *frame.Frame, r frame.Row) []cell.Line {
	v := f.Verdict
	i := slices.IndexFunc(v.Measures, func(m analysis.Finding) bool { return m.Measure.Name == r.Key && m.Measure.Kind == r.Kind })
	if i < 0 || v.Measures[i].Weight <= 0 || v.Evidence.LogNeeded <= 0 {
		return []cell.Line{nil, nil}
	}
	m := v.Measures[i]
	return []cell.Line{odds(m.LogHarm, v.Evidence.LogNeeded-math.Log(m.Weight), cell.Bad), odds(m.LogSafe, v.Evidence.LogNeeded, cell.Good)}
}

// odds is the evidence that there is of that which is needed: "12× of 20×".
func odds(log, needed float64, reached cell.Tone) cell.Line {
	tone := cell.Plain
	if log >= needed {
		tone = reached
	}
	return cell.Say(tone, terse(math.Exp(log))).And(cell.Dim, " of "+terse(math.Exp(needed)))
}

// terse is an e-value that leaves room for the needed one beside it: cut short, "of 40×" would read as "of 4".
func terse(e float64) string {
	if e >= 1e4 && e <= 1e8 {
		return cell.Short(e) + "×"
	}
	return cell.Evidence(e)
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

// Said is what the measure of a name in the config is called on the screen.
func Said(f *frame.Frame, measure string) string {
	for _, m := range f.Verdict.Measures {
		if m.Measure.Name == measure {
			return m.Measure.Said()
		}
	}
	return measure
}

// RowText is a row as plain text, for copying.
func RowText(r frame.Row) string {
	a, b := Pair(r.Legacy, r.Candidate)
	return fmt.Sprintf("%s: legacy %s, candidate %s, difference %s, limit %s, n %s", r.Measure, a, b,
		strings.TrimSpace(Explained(r.Difference)+" "+r.Note), limit(r).String(), Counts(sources.ByArm[int64]{Legacy: r.N.Legacy, Candidate: r.N.Candidate}, false))
}
