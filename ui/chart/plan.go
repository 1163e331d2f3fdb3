package chart

import (
	"time"

	"rampart/ui/cell"
)

// plan is where everything goes in one box: the plot's rectangle inside it, and the axes.
type plan struct {
	x, y, w, h int // the plot, in cells
	axisRow    int // the row of the time axis
	labelRow   int // the row of its labels; the same one where rows are scarce
	yaxis      yaxis
	labels     []label // at the right edge
	from       time.Time
	span       time.Duration
	perX, perY float64 // dots for a nanosecond, and for the whole value axis
}

// tall is the height from which the time axis gets a row for its labels alone.
const tall = 11

// wide is the width from which lines are named at their ends, and roomy that for which their values are shown there.
const (
	roomy = 34
	wide  = 46
)

// plan lays the chart out; ok is false where no plot fits or no time passes.
func (c Chart) plan(w, h int) (*plan, bool) {
	p := &plan{}
	p.from, p.span = c.From, c.To.Sub(c.From)
	if p.span <= 0 || h < minPlotHeight+1 {
		return p, false
	}
	p.axisRow, p.labelRow, p.h = h-1, h-1, h-1
	if h >= tall {
		p.axisRow, p.h = h-2, h-2
	}
	p.yaxis = c.valueAxis(p.h)
	p.x = p.yaxis.width + 1
	p.labels = c.endLabels(w)
	right := 0
	for _, l := range p.labels {
		right = max(right, 1+cell.Width(l.text))
	}
	p.w = w - p.x - right
	p.perX = float64(p.w*dotsX-1) / float64(p.span)
	p.perY = float64(p.h*dotsY - 1)
	return p, p.w >= minPlotWidth
}

// column is the cell of the plot that a time falls into; ok is false outside of it.
func (p *plan) column(t time.Time) (x int, ok bool) {
	if since := t.Sub(p.from); since < 0 || since > p.span {
		return 0, false
	}
	return p.x + p.dotX(t)/dotsX, true
}

// dotX and dotY map the plot's values to dots: the ends of an axis are the centres of the first and the last dot. Values
// outside land outside.
func (p *plan) dotX(t time.Time) int { return round(float64(t.Sub(p.from)) * p.perX) }

func (p *plan) dotY(v float64) int { return p.h*dotsY - 1 - round(p.yaxis.part(v)*p.perY) }

// row is the cell row of a value, within the plot.
func (p *plan) row(v float64) int {
	return p.y + min(p.h-1, max(0, p.dotY(v)/dotsY))
}
