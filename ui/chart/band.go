package chart

import "rampart/ui/cell"

// drawBands inks the intervals, in a pattern of every other dot, so that they read as ground and not as a line.
func (c Chart) drawBands(g *cell.Grid, p *plan) {
	for i := range c.Series {
		s := &c.Series[i]
		if s.Band == cell.Plain {
			continue
		}
		ground := p.surface()
		c.walk(p, s, func(joined bool, x0, _, x1, _ int, before, at Point) {
			if !hasBand(at) {
				return
			}
			lo, hi := p.dotY(at.Lo), p.dotY(at.Hi)
			if !joined || !hasBand(before) {
				ground.hatch(x1, hi, lo)
				return
			}
			lo0, hi0 := p.dotY(before.Lo), p.dotY(before.Hi)
			for x := max(x0, 0); x <= min(x1, ground.w-1); x++ {
				ground.hatch(x, between(x0, hi0, x1, hi, x), between(x0, lo0, x1, lo, x))
			}
		})
		ground.lay(g, p, s.Band, false)
	}
}

func hasBand(p Point) bool { return finite(p.Lo) && finite(p.Hi) && p.Lo < p.Hi }

// hatch inks every other dot of a column, shifted from column to column.
func (s surface) hatch(x, y0, y1 int) {
	y := max(0, y0)
	if (x+y)%2 != 0 {
		y++
	}
	for ; y <= min(y1, s.h-1); y += 2 {
		s.Set(x, y)
	}
}

// between interpolates y at x.
func between(x0, y0, x1, y1, x int) int {
	if x1 == x0 {
		return y1
	}
	return y0 + floorDiv(2*(y1-y0)*(x-x0)+(x1-x0), 2*(x1-x0))
}
