package chart

import (
	"time"

	"rampart/ui/cell"
)

// drawLine inks one series, with marks at the edge where it leaves the axis.
func (c Chart) drawLine(g *cell.Grid, p *plan, s *Series) {
	top := p.surface()
	over := make([]int8, p.w)
	c.walk(p, s, func(joined bool, x0, y0, x1, y1 int, _, _ Point) {
		if !joined {
			x0, y0 = x1, y1
		}
		for x := max(x0, 0); x <= min(x1, top.w-1); x++ {
			from, to := slope(x0, y0, x1, y1, x)
			if s.Dotted && x%2 == 1 && max(from, to)-min(from, to) < 2 {
				continue
			}
			top.column(x, from, to)
		}
		if x1 >= 0 && x1 < top.w {
			over[x1/dotsX] = outside(over[x1/dotsX], y1, top.h)
		}
	})
	top.lay(g, p, s.Tone, true)
	for x, way := range over {
		switch way {
		case 1:
			g.Mark(p.x+x, p.y, "▲", s.Tone)
		case -1:
			g.Mark(p.x+x, p.y+p.h-1, "▼", s.Tone)
		}
	}
}

// outside remembers that a value of a column lies above (1) or below (-1) the plot.
func outside(was int8, y, h int) int8 {
	switch {
	case y < 0:
		return 1
	case y >= h && was == 0:
		return -1
	}
	return was
}

// walk visits the known points of a series that lie in the window or next to it, in dots, each with the one before it
// and whether the two are one line.
func (c Chart) walk(p *plan, s *Series, visit func(joined bool, x0, y0, x1, y1 int, before, at Point)) {
	var before Point
	var x0, y0 int
	broken := true
	for i, at := range s.Points {
		if !at.OK || !finite(at.V) {
			broken = true
			continue
		}
		if i+1 < len(s.Points) && at.T.Before(c.From) && s.Points[i+1].T.Before(c.From) {
			continue
		}
		x1, y1 := p.dotX(at.T), p.dotY(at.V)
		joined := !broken && x1 >= x0 && c.near(before.T, at.T)
		visit(joined, x0, y0, x1, y1, before, at)
		if x1 >= p.w*dotsX {
			return
		}
		before, x0, y0, broken = at, x1, y1, false
	}
}

// near tells whether two neighbours are one line.
func (c Chart) near(a, b time.Time) bool { return c.Gap <= 0 || b.Sub(a) <= c.Gap }

// slope returns the dots that a line from x0, y0 to x1, y1 inks in column x: from the middle of the step before to the
// middle of the step after it, so that steep lines stay whole.
func slope(x0, y0, x1, y1, x int) (from, to int) {
	if x0 == x1 {
		return y0, y1
	}
	at := func(half int) int { // y at x + half/2
		n, d := (y1-y0)*(2*(x-x0)+half), 2*(x1-x0)
		return y0 + floorDiv(2*n+d, 2*d)
	}
	from, to = at(-1), at(1)
	if x == x0 {
		from = y0
	}
	if x == x1 {
		to = y1
	}
	return from, to
}

// floorDiv divides towards minus infinity; d is positive.
func floorDiv(n, d int) int {
	q := n / d
	if n%d != 0 && n < 0 {
		q--
	}
	return q
}
