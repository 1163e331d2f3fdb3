package panel

import (
	"slices"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Errors is panel 1: every measure of failed requests, what it has cost so far, and the log patterns behind it.
type Errors struct {
	part.Still
	part.List
}

// Name is the panel's word.
func (*Errors) Name() string { return "errors" }

// Title is the panel's heading.
func (*Errors) Title() string { return "1 errors" }

// View draws the table, the charts, and the patterns where there is room.
func (e *Errors) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	rows := rowsOf(f, analysis.Errors, analysis.RouterErrors)
	if len(rows) == 0 {
		return part.Note(box, f, "no errors measure is configured: a counter of requests and which of them are bad")
	}
	charts := part.ChartsOf(f, analysis.Errors, analysis.RouterErrors)
	top := cell.Stack(part.MeasureTable(&e.List, f, rows, st, box.W, min(len(rows)+1, box.H)), exposure(f, box.W))
	left := box.H - top.H
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, top)
	patterns := 0
	if left >= 18 && !st.Wide {
		patterns = max(5, min(left/3, part.PatternRows(f)))
	}
	g.Blit(0, top.H, part.ChartGrid(f, e.order(f, charts), st, box.W, left-patterns))
	if patterns > 0 {
		g.Blit(0, box.H-patterns, part.PatternTable(nil, f, st, box.W, patterns))
	}
	return g
}

// order puts the chart of the selected row first, where only one is shown.
func (e *Errors) order(f *frame.Frame, charts []frame.Chart) []frame.Chart {
	return selectedFirst(charts, rowsOf(f, analysis.Errors, analysis.RouterErrors), e.Sel)
}

func selectedFirst(charts []frame.Chart, rows []frame.Row, sel int) []frame.Chart {
	if sel < 0 || sel >= len(rows) {
		return charts
	}
	out := slices.Clone(charts)
	slices.SortStableFunc(out, func(a, b frame.Chart) int {
		switch {
		case a.Key == rows[sel].Key && b.Key != a.Key:
			return -1
		case b.Key == rows[sel].Key && b.Key != a.Key:
			return 1
		}
		return 0
	})
	return out
}

// Selected is the selected row in words.
func (e *Errors) Selected(f *frame.Frame) string {
	return selectedRow(rowsOf(f, analysis.Errors, analysis.RouterErrors), e.Sel)
}

// Hints are the keys that matter most.
func (*Errors) Hints() []part.Hint { return chartHints() }

// rowsOf picks the rows of some kinds, in the frame's order.
func rowsOf(f *frame.Frame, kinds ...analysis.Kind) []frame.Row {
	if f == nil {
		return nil
	}
	var out []frame.Row
	for _, r := range f.Rows {
		if slices.Contains(kinds, r.Kind) {
			out = append(out, r)
		}
	}
	return out
}

func selectedRow(rows []frame.Row, sel int) string {
	if sel < 0 || sel >= len(rows) {
		return ""
	}
	return part.RowText(rows[sel])
}

// exposure says what the candidate has cost so far.
func exposure(f *frame.Frame, w int) cell.Grid {
	x := f.Verdict.Exposure
	line := cell.Say(cell.Dim, "excess failures so far ").And(cell.Plain, part.Explained(x.Excess))
	line = line.With(pace(x))
	if b := f.Verdict.BothWorse; b != nil {
		line = line.And(cell.Dim, " · ").And(cell.Warn, "BOTH WORSE: "+b.Text)
	}
	g := cell.New(w, 1)
	g.Put(3, 0, line.Clip(w-3))
	return g
}

// pace says what the candidate costs each minute, in the words of the DO line: ", +2.6/min".
func pace(x analysis.Exposure) cell.Line {
	if !x.PerMinute.Known {
		return nil
	}
	return cell.Say(cell.Dim, ", ").And(cell.Plain, cell.More(x.PerMinute.V)+"/min")
}

func chartHints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "←→", Does: "cursor"},
		{Key: "+-", Does: "zoom"},
		{Key: ",.", Does: "back, forward"},
		{Key: "z", Does: "one chart"},
		{Key: "i", Does: "query"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
}
