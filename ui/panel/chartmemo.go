package panel

import (
	"time"

	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// chartMemo keeps the charts that were drawn last. The clock draws the screen every second, while what charts show
// changes with a frame and with the window's end alone: charts are half of the work of a drawing. It belongs to one
// session, and is sound because frames never change.
type chartMemo struct {
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

// grid is [part.ChartGrid], drawn again only where it would be another. Whoever gets it must not write into it.
func (m *chartMemo) grid(f *frame.Frame, charts []frame.Chart, st part.State, w, h int) cell.Grid {
	of := chartsSeen{frame: f, cursor: st.Cursor, zone: st.Zone, wide: st.Wide, w: w, h: h, old: part.Outdated(f, charts, st)}
	of.from, of.to = part.Window(st)
	if m.of != of {
		m.of, m.drawn = of, part.ChartGrid(f, charts, st, w, h)
	}
	return m.drawn
}
