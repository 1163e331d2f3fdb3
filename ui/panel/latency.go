package panel

import (
	"math"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
)

// Latency is panel 2: the shares above edges, which are evidence, and the cells in which quantiles lie, which are not.
type Latency struct {
	still
	list
}

// Name is the panel's word.
func (*Latency) Name() string { return "latency" }

// Title is the panel's heading.
func (*Latency) Title() string { return "2 latency" }

// View draws the table, the charts of shares, and the cells of both arms where the frame has them.
func (l *Latency) View(f *frame.Frame, st State, box Box) cell.Grid {
	rows := rowsOf(f, analysis.Share, analysis.Latency)
	if len(rows) == 0 {
		return note(box, f, "no latency measure is configured: a histogram and the edge above which a request is slow")
	}
	h := min(len(rows)+1, box.H)
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, measureTable(&l.list, f, rows, st, box.W, h))
	say := "a quantile is shown as the cell of the histogram it lies in, and is no evidence; the share above an edge is"
	g.Put(3, h, cell.Say(cell.Dim, say).Clip(box.W-3))
	y, left := h+1, box.H-h-1
	charts := selectedFirst(chartsOf(f, analysis.Share, analysis.Latency), rows, l.sel)
	cells := cellsOf(f, rows)
	if len(cells.Edges) == 0 || left < 8 || st.Wide {
		g.Blit(0, y, chartGrid(f, charts, st, box.W, left))
		return g
	}
	if box.W >= 100 {
		half := box.W * 3 / 5
		g.Blit(0, y, chartGrid(f, charts, st, half, left))
		g.Blit(half, y, cellBox(cells, box.W-half, left))
		return g
	}
	g.Blit(0, y, chartGrid(f, charts, st, box.W, left/2))
	g.Blit(0, y+left/2, cellBox(cells, box.W, left-left/2))
	return g
}

// cellsOf finds the histogram of a latency measure, if the frame has one.
func cellsOf(f *frame.Frame, rows []frame.Row) frame.Feature {
	for _, r := range rows {
		for _, d := range f.Drift {
			if d.Measure == r.Key || d.Name == r.Key {
				return d
			}
		}
	}
	return frame.Feature{}
}

// cellBox draws the shares of both arms cell by cell.
func cellBox(d frame.Feature, w, h int) cell.Grid {
	box := cell.Box{Title: cell.Say(cell.Title, d.Name+", share of each cell, %"), Legend: cell.Say(cell.Legacy, "─ leg ").And(cell.Candidate, "━ cand")}
	iw, ih := box.Inside(w, h)
	return box.Around(w, h, chart.Pairs(pairsOf(d), iw, ih))
}

// pairsOf are the cells of a distribution by name, lowest first.
func pairsOf(d frame.Feature) []chart.Pair {
	n := max(len(d.Cells.Legacy), len(d.Cells.Candidate))
	out := make([]chart.Pair, n)
	for i := range out {
		out[i] = chart.Pair{Name: cellName(d, i), Legacy: at(d.Cells, sources.Legacy, i), Candidate: at(d.Cells, sources.Candidate, i)}
	}
	return out
}

func at(cells sources.ByArm[[]analysis.Value], a sources.Arm, i int) float64 {
	if vs := cells.Of(a); i < len(vs) && vs[i].Known {
		return vs[i].V
	}
	return math.NaN()
}

// cellName is the span of a cell: "<0.1", "0.1–0.2", "≥0.9".
func cellName(d frame.Feature, i int) string {
	say := func(v analysis.Value) string {
		if v.Unit == analysis.Seconds {
			return edge(v.V)
		}
		return cell.Bare(v.V, decimalsOf(d.Edges...))
	}
	switch {
	case len(d.Edges) == 0:
		return ""
	case i == 0:
		return "<" + say(d.Edges[0])
	case i >= len(d.Edges):
		return "≥" + say(d.Edges[len(d.Edges)-1])
	}
	return say(d.Edges[i-1]) + "–" + say(d.Edges[i])
}

// Selected is the selected row in words.
func (l *Latency) Selected(f *frame.Frame) string {
	return selectedRow(rowsOf(f, analysis.Share, analysis.Latency), l.sel)
}

// Hints are the keys that matter most.
func (*Latency) Hints() []Hint { return chartHints() }
