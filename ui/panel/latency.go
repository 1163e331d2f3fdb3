package panel

import (
	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Latency is panel 2: the shares above edges, which are evidence, and the cells in which quantiles lie, which are not.
type Latency struct {
	part.Still
	part.List
}

// Name is the panel's word.
func (*Latency) Name() string { return "latency" }

// Title is the panel's heading.
func (*Latency) Title() string { return "2 latency" }

// View draws the table, the charts of shares, and the cells of both arms where the frame has them.
func (l *Latency) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	rows := rowsOf(f, analysis.Share, analysis.Latency)
	if len(rows) == 0 {
		return part.Note(box, f, "no latency measure is configured: a histogram and the edge above which a request is slow")
	}
	h := min(len(rows)+1, box.H)
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, part.MeasureTable(&l.List, f, rows, st, box.W, h))
	say := "a quantile is shown as the cell of the histogram it lies in, and is no evidence; the share above an edge is"
	g.Put(3, h, cell.Say(cell.Dim, say).Clip(box.W-3))
	y, left := h+1, box.H-h-1
	charts := selectedFirst(part.ChartsOf(f, analysis.Share, analysis.Latency), rows, l.Sel)
	cells, ok := cellsOf(f, rows, l.Sel)
	switch {
	case !ok || left < 8 || st.Wide:
		g.Blit(0, y, part.ChartGrid(f, charts, st, box.W, left))
	case box.W >= 100:
		half := box.W * 11 / 20
		g.Blit(0, y, part.ChartGrid(f, charts, st, half, left))
		g.Blit(half, y, part.CellBox(cells, st, box.W-half, left))
	default:
		upper := max(left/2, left-2*len(cells.Cells.Legacy)-5)
		g.Blit(0, y, part.ChartGrid(f, charts, st, box.W, upper))
		g.Blit(0, y+upper, part.CellBox(cells, st, box.W, left-upper))
	}
	return g
}

// cellsOf finds the histogram of the selected row's measure, or else of the first row that has one.
func cellsOf(f *frame.Frame, rows []frame.Row, sel int) (frame.Feature, bool) {
	if sel >= 0 && sel < len(rows) {
		rows = append([]frame.Row{rows[sel]}, rows...)
	}
	for _, r := range rows {
		for _, d := range f.Cells {
			if d.Measure == r.Key {
				return d, true
			}
		}
	}
	return frame.Feature{}, false
}

// Selected is the selected row in words.
func (l *Latency) Selected(f *frame.Frame) string {
	return selectedRow(rowsOf(f, analysis.Share, analysis.Latency), l.Sel)
}

// Hints are the keys that matter most.
func (*Latency) Hints() []part.Hint { return chartHints() }
