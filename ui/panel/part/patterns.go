package part

import (
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
)

// PatternTable draws the log templates with their rates in both arms, under a line that says how whole the log is.
func PatternTable(l *List, f *frame.Frame, st State, w, h int) cell.Grid {
	ratio := DifferenceWidth
	if w < 110 {
		ratio = narrowWidth
	}
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "5 LOG PATTERNS, errors first", Min: 24, Keep: 9, Grow: true},
		{Head: "CAND/1k", Keep: 7, Right: true},
		{Head: " LEG/1k", Keep: 6, Right: true},
		{Head: Pad("RATIO", ratio), Max: ratio, Keep: 8},
		{Head: "FIRST", Keep: 5},
		{Head: Pad("CANDIDATE", sparkWidth), Max: sparkWidth, Keep: 3},
		{Head: wideHead(w, Pad("LINES LEG / CAND", 16)), Keep: 2},
		{Head: wideHead(w, "LAST"), Keep: 1},
	}}
	whole := saysWhole(f, w)
	if whole {
		h--
	}
	if len(f.Logs.Patterns) == 0 {
		return cell.Stack(Heading(w, "5 LOG PATTERNS", Wholeness(f, st)), Paragraph(w, cell.Say(cell.Dim, noPatterns(f))))
	}
	marks := make([]analysis.Mark, len(f.Logs.Patterns))
	for i, p := range f.Logs.Patterns {
		marks[i] = p.Mark
		if !counted(f.Logs) {
			p.Candidate, p.Legacy = analysis.Missing("not counted yet"), analysis.Missing("not counted yet")
		}
		t.Rows = append(t.Rows, patternRow(p, st, w))
	}
	var g cell.Grid
	if l != nil {
		g = l.Draw(t, marks, w, h)
	} else {
		g = DrawTable(t, marks, w, h)
	}
	if !whole {
		return g
	}
	return cell.Stack(Ruled(w, Wholeness(f, st)), g)
}

// PatternRows is the room that the log patterns are worth: it grows by several of them at once, so that the charts above
// stay where they are while one more appears, and ends where nobody reads on.
func PatternRows(f *frame.Frame) int {
	const heads = 2 // the line that says how whole the log is, and the table's
	for _, rows := range []int{6, 10} {
		if len(f.Logs.Patterns)+heads <= rows {
			return rows
		}
	}
	return 14
}

// LeastPatterns is how many rows a table of log patterns needs to say anything: its heads, and a row.
func LeastPatterns(f *frame.Frame, w int) int {
	if saysWhole(f, w) {
		return 3
	}
	return 2
}

// saysWhole tells whether the table stands under a line that says how whole the log is.
func saysWhole(f *frame.Frame, w int) bool {
	return w >= 90 || f.Logs.Late+f.Logs.Dropped > 0 || f.Logs.Err != ""
}

func wideHead(w int, head string) string {
	if w < 140 {
		return ""
	}
	return head
}

func patternRow(p frame.Pattern, st State, w int) cell.TableRow {
	tone := ToneOf(p.Mark)
	ratio := cell.Say(tone, Value(p.Ratio))
	if p.New {
		ratio = cell.Say(tone, "new")
	}
	cells := []cell.Line{
		cell.Say(cell.Plain, p.Text.String()), cell.Say(tone, perThousand(p.Candidate)), cell.Say(cell.Plain, perThousand(p.Legacy)), ratio,
		cell.Say(cell.Dim, st.Clock(p.First)), cell.Say(cell.Candidate, chart.Spark(numbers(p.History), chart.Top(numbers(p.History)), sparkWidth)),
	}
	if w >= 140 {
		cells = append(cells, cell.Say(cell.Dim, Counts(p.Count, false)), cell.Say(cell.Dim, st.Clock(p.Last)))
	}
	return cell.TableRow{Cells: cells}
}

// perThousand prints a pattern's rate; the head says the unit.
func perThousand(v analysis.Value) string {
	if !v.Known {
		return cell.None
	}
	return cell.Fixed(v.V, 1)
}

// Wholeness says what of the log is missing: nothing is said to be rare that was not read.
func Wholeness(f *frame.Frame, st State) cell.Line {
	l := f.Logs
	tone := func(n int64) cell.Tone {
		if n > 0 {
			return cell.Warn
		}
		return cell.Dim
	}
	line := cell.Say(cell.Dim, "error lines ").With(errorLines(l)).
		And(cell.Dim, " · held ").And(cell.Plain, cell.Count(l.Held)).And(cell.Dim, " lines").
		And(cell.Dim, " · ").And(tone(l.Late), "late "+cell.Count(l.Late)).
		And(cell.Dim, " · ").And(tone(l.Dropped), "dropped "+cell.Count(l.Dropped)).
		And(cell.Dim, " · ingest lag "+cell.Age(maxLag(l.Lag)))
	if l.Sample != "" {
		line = line.And(cell.Dim, " · ").And(cell.Note, l.Sample)
	}
	if l.Err != "" {
		line = cell.Say(cell.Bad, "! logs: "+l.Err).And(cell.Dim, ", last "+st.Clock(l.At))
	}
	return line
}

// counted tells whether the source has said how many lines there are: what is held before is a part of a backlog, and no
// proof that there is nothing else.
func counted(l frame.Logs) bool {
	return l.Lines.Legacy+l.Lines.Candidate > 0 || l.Held == 0 && !l.At.IsZero()
}

// errorLines are both arms' as the source counted them.
func errorLines(l frame.Logs) cell.Line {
	if !counted(l) {
		return cell.Say(cell.Unknown, "not counted yet")
	}
	return cell.Say(cell.Legacy, cell.Count(l.Errors.Legacy)).And(cell.Dim, " / ").And(cell.Candidate, cell.Count(l.Errors.Candidate))
}

func maxLag(l sources.ByArm[time.Duration]) time.Duration { return max(l.Legacy, l.Candidate, 0) }

// noPatterns says why there is no pattern.
func noPatterns(f *frame.Frame) string {
	switch {
	case f.Logs.Err != "":
		return "the log source cannot be read: " + f.Logs.Err
	case f.Logs.Lines.Legacy+f.Logs.Lines.Candidate > 0:
		return fmt.Sprintf("%s lines and no template that stands out", cell.Count(f.Logs.Lines.Legacy+f.Logs.Lines.Candidate))
	case f.Logs.At.IsZero():
		for _, s := range f.Sources {
			if s.Name == "elasticsearch" {
				return "the log source has not answered yet"
			}
		}
		return "no log source is configured"
	}
	return "asked, and no line matched"
}
