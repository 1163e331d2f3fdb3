package part

import (
	"time"

	"rampart/analysis/frame"
	"rampart/ui/cell"
)

// ChartMemo keeps the charts that were drawn last. The clock draws the screen every second, while what charts show
// changes with a frame and with the window's end alone: charts are half of the work of a drawing. It belongs to one
// session, and is sound because frames never change.
type ChartMemo struct {
	of    chartsSeen
	drawn cell.Grid
}

// chartsSeen is all that the drawing of charts depends on.
type chartsSeen struct {
	frame            *frame.Frame
	from, to, cursor time.Time
	zone             *time.Location
	wide             bool
	w, h, old        int
}

// Grid is [ChartGrid], drawn again only where it would be another. Whoever gets it must not write into it.
func (m *ChartMemo) Grid(f *frame.Frame, charts []frame.Chart, st State, w, h int) cell.Grid {
	of := chartsSeen{frame: f, cursor: st.Cursor, zone: st.Zone, wide: st.Wide, w: w, h: h, old: Outdated(f, charts, st)}
	of.from, of.to = Window(st)
	if m.of != of {
		m.of, m.drawn = of, ChartGrid(f, charts, st, w, h)
	}
	return m.drawn
}
