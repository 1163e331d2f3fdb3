package panel

import (
	"slices"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Overview is the first screen: one table answers first, charts second, then what the logs say and what was seen.
type Overview struct {
	part.List
	charts part.ChartMemo
}

// Name is the panel's word.
func (*Overview) Name() string { return "overview" }

// Title is the panel's heading.
func (*Overview) Title() string { return "overview" }

// View draws the overview. It shrinks from the bottom: the table stays longest.
func (o *Overview) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil || len(f.Rows) == 0 {
		return part.Note(box, f, "no measure is configured for this service")
	}
	g := cell.New(box.W, box.H)
	said := spelledOut(f, st, box.W)
	y := 0
	if box.W < 80 {
		g.Blit(0, 0, said)
		y = said.H
	}
	h := min(len(f.Rows)+1, box.H-y)
	g.Blit(0, y, part.MeasureTable(&o.List, f, f.Rows, st, box.W, h))
	y += h
	foot := 0
	if box.H-y >= 4 {
		foot = 2
		g.Blit(0, box.H-2, part.Ruled(box.W, nil))
		g.Blit(0, box.H-1, seenRow(f, st, box.W))
	}
	if box.W < 80 || box.H-y-foot < said.H+3 {
		said.H = 0
	}
	g.Blit(0, box.H-foot-said.H, said)
	o.below(&g, f, st, y, box.H-y-foot, said.H)
	return g
}

// spelledOut writes in full what the header's rows cut: the call's reason, and the advice or what went wrong with an
// action. It stands at the bottom where there is room for it, so that nothing else moves when a sentence grows by a word;
// above the table on the smallest screen, where it is half of the answer.
func spelledOut(f *frame.Frame, st part.State, w int) cell.Grid {
	g := cell.New(w, 0)
	if len(f.Waiting) == 0 && cell.Width(f.Verdict.Sentence) > w-max(labelWidth, badge(f.Verdict.Call).Width()+2) {
		g = cell.Stack(g, part.Paragraph(w, part.CallMark(f.Verdict.Call).Line().And(cell.Plain, " "+f.Verdict.Sentence)))
	}
	line, from := toDo(f), labelWidth
	if p, ok := running(f, st); ok {
		if !alarmed(p) {
			return g
		}
		line, from = alarm(p), labelWidth+4
	}
	if line.Width() > w-from {
		g = cell.Stack(g, part.Paragraph(w, line))
	}
	return g
}

// below fills the room under the table: charts where there is enough of it, and log patterns but for the rows taken at
// the bottom.
func (o *Overview) below(g *cell.Grid, f *frame.Frame, st part.State, y, room, taken int) {
	charts := 0
	if all := overviewCharts(f); len(all) > 0 && room >= 13 {
		charts = chartRows(f, st, g.W, room, taken)
		g.Blit(0, y, o.charts.Grid(f, all, st, g.W, charts))
	}
	if left := room - charts - taken; left >= part.LeastPatterns(f, g.W) {
		g.Blit(0, y+charts, part.PatternTable(nil, f, st, g.W, left))
	}
}

// chartRows is how many of the rows of a room the charts get. On a low screen they give way to two log patterns, of which
// the worst is often the answer; what is too little for one is theirs as well.
func chartRows(f *frame.Frame, st part.State, w, room, taken int) int {
	if st.Wide {
		return room
	}
	charts, least := max(9, room*3/5, room-part.PatternRows(f)-kept(w)), part.LeastPatterns(f, w)
	if room-taken-charts <= least {
		charts = max(7, room-taken-least-1)
	}
	if room-taken-charts < least {
		charts = room - taken
	}
	return charts
}

// kept are the rows left for sentences that the header's rows cut: a wide screen cuts hardly any.
func kept(w int) int {
	if w < 160 {
		return 4
	}
	return 1
}

// overviewCharts is every chart, those that answer most first.
func overviewCharts(f *frame.Frame) []frame.Chart {
	out := part.ChartsOf(f, analysis.Errors, analysis.Share, analysis.RouterErrors)
	for _, c := range f.Charts {
		if !slices.ContainsFunc(out, func(o frame.Chart) bool { return o.Key == c.Key }) {
			out = append(out, c)
		}
	}
	return out
}

// happened is what everybody saw and what happened in this session alone, newest first.
func happened(f *frame.Frame, st part.State) []frame.Event {
	out := slices.Concat(f.Seen, st.Own)
	slices.SortStableFunc(out, func(a, b frame.Event) int { return b.At.Compare(a.At) })
	return out
}

// seenRow says what happened lately, newest last, as far as there is room.
func seenRow(f *frame.Frame, st part.State, w int) cell.Grid {
	var line cell.Line
	for _, e := range happened(f, st) {
		one := cell.Say(cell.Dim, st.Clock(e.At)+" ").And(cell.Plain, e.Text.String())
		if len(line) > 0 {
			one = one.And(cell.Dim, " · ").With(line)
		}
		if one.Width() > w-7 && len(line) > 0 {
			break
		}
		line = one
	}
	if len(line) == 0 {
		line = cell.Say(cell.Dim, "nothing yet")
	}
	g := cell.New(w, 1)
	g.Write(1, 0, "SEEN", cell.Head)
	g.Put(7, 0, line.Clip(w-7))
	return g
}

// Enter opens the panel of the selected row.
func (o *Overview) Enter(f *frame.Frame) string {
	if f == nil || o.Sel >= len(f.Rows) {
		return ""
	}
	switch f.Rows[o.Sel].Kind {
	case analysis.Share, analysis.Latency:
		return "latency"
	case analysis.Distribution, analysis.Distributions, analysis.Gauges:
		return "drift"
	case analysis.Threshold:
		return "guards"
	case analysis.Sensitive:
		return "logs"
	case analysis.KindUnknown, analysis.Errors, analysis.RouterErrors, analysis.Labels:
	}
	return "errors"
}

// Back has nothing to close.
func (*Overview) Back() bool { return false }

// Selected is the selected row in words.
func (o *Overview) Selected(f *frame.Frame) string {
	if f == nil || o.Sel >= len(f.Rows) {
		return ""
	}
	return part.RowText(f.Rows[o.Sel])
}

// Hints are the keys that matter most.
func (*Overview) Hints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "1-9", Does: "panel"},
		{Key: "enter", Does: "open"},
		{Key: "i", Does: "query"},
		{Key: ":", Does: "command"},
		{Key: "b", Does: "bundle"},
		{Key: "space", Does: "freeze"},
		{Key: "?", Does: "help"},
	}
}
