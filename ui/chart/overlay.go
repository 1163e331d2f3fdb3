package chart

import (
	"slices"

	"rampart/ui/cell"
)

// drawStale shades the part of the window of which nothing is known yet, so that it cannot be read as calm.
func (c Chart) drawStale(g *cell.Grid, p *plan) {
	if c.Stale.IsZero() || !c.Stale.Before(c.To) {
		return
	}
	x := p.x
	if c.Stale.After(c.From) {
		x += p.dotX(c.Stale)/dotsX + 1
	}
	g.Fill(x, p.y, p.x+p.w-x, p.h, "░", cell.Rule)
}

// drawTicks draws a thin line up from each tick of the axis, behind the data.
func (c Chart) drawTicks(g *cell.Grid, p *plan) {
	for _, t := range c.Ticks {
		if x, ok := p.column(t.At); ok {
			g.Fill(x, p.y, 1, p.h, "┊", cell.Tick)
		}
	}
}

// drawLimits draws each limit as dashes at its own dot row: a quarter of a cell is the difference between under and over.
func (c Chart) drawLimits(g *cell.Grid, p *plan) {
	dashes := [dotsY]string{"⠉", "⠒", "⠤", "⣀"}
	for _, l := range c.Limits {
		y := p.dotY(l.Value)
		if !finite(l.Value) || y < 0 || y >= p.h*dotsY {
			continue
		}
		for x := range p.w {
			if x%3 != 2 {
				g.Mark(p.x+x, p.y+y/dotsY, dashes[y%dotsY], cell.Limit)
			}
		}
	}
}

// drawCursor draws the time cursor with the value of each series under it.
func (c Chart) drawCursor(g *cell.Grid, p *plan) {
	x, ok := p.column(c.Cursor)
	if c.Cursor.IsZero() || !ok {
		return
	}
	for y := p.y; y < p.y+p.h; y++ {
		if old := g.At(x, y); old.Text == "" || !isLine(old.Tone) {
			g.Mark(x, y, "│", cell.Cursor)
		}
	}
	c.drawCursorTime(g, p, x)
	c.drawCursorValues(g, p, x)
	g.Light(x, p.y, 1, p.h)
}

// drawCursorValues marks where each line crosses the cursor and writes its value beside that: on the right, and on the
// left where another value stands there or the plot ends.
func (c Chart) drawCursorValues(g *cell.Grid, p *plan, x int) {
	all := c.underCursorValues()
	taken := make([]bool, g.H)
	for _, s := range slices.Backward(c.Series) {
		v, ok := c.At(s)
		if !ok {
			continue
		}
		row, text := p.row(v.V), c.Unit.value(v.V, all...)
		g.Mark(x, row, "●", s.Tone)
		at := x + 1
		if taken[row] != (at+cell.Width(text) > p.x+p.w) {
			at = max(p.x, x-cell.Width(text))
		}
		g.Write(at, row, text, s.Tone)
		taken[row] = true
	}
}

// drawCursorTime writes the cursor's time over the axis.
func (c Chart) drawCursorTime(g *cell.Grid, p *plan, x int) {
	from, text := c.cursorTime(p, x)
	g.Write(from, p.labelRow, text, cell.Cursor)
	g.Light(from, p.labelRow, len(text), 1)
}

// cursorTime is the text for a cursor in column x, and where it starts: within the plot.
func (c Chart) cursorTime(p *plan, x int) (from int, text string) {
	text = " " + c.Cursor.In(c.zone()).Format("15:04:05") + " "
	return min(max(p.x, x-len(text)/2), max(p.x, p.x+p.w-len(text))), text
}

// underCursor tells whether a text of n columns from x on would be cut by the cursor's time.
func (c Chart) underCursor(p *plan, x, n int) bool {
	at, ok := p.column(c.Cursor)
	if c.Cursor.IsZero() || !ok {
		return false
	}
	from, text := c.cursorTime(p, at)
	return x < from+len(text) && from < x+n
}

// At returns the point of a series that the cursor stands on: the newest one that is known at the cursor and is not
// further away than a line would reach.
func (c Chart) At(s Series) (Point, bool) {
	if c.Cursor.IsZero() {
		return Point{}, false
	}
	p, ok := s.last(c.Cursor)
	return p, ok && c.near(p.T, c.Cursor)
}
