package chart

import (
	"math"

	"rampart/ui/cell"
)

// yaxis is a value axis with round ends.
type yaxis struct {
	lo, hi float64
	log    bool
	ticks  []ytick // from the bottom
	width  int     // of the widest label
}

type ytick struct {
	v, step float64
	text    string
}

// part is where a value lies between the ends: 0 at the bottom, 1 at the top, beyond these outside.
func (a *yaxis) part(v float64) float64 {
	if !a.log {
		return (v - a.lo) / (a.hi - a.lo)
	}
	if v <= 0 {
		return -1
	}
	return math.Log(v/a.lo) / math.Log(a.hi/a.lo)
}

// tiny is where the logarithm of a billionth of a number is still that of a number.
const tiny = 1e-290

// valueAxis chooses ends and ticks for a plot of rows rows.
func (c Chart) valueAxis(rows int) yaxis {
	lo, hi := c.values()
	fixed := c.Min < c.Max && finite(c.Min) && finite(c.Max)
	if fixed {
		lo, hi = c.Min, c.Max
	}
	var a yaxis
	if c.Log && hi > tiny {
		a = logAxis(max(lo, hi*1e-9), hi, rows)
	} else {
		a = linearAxis(lo, hi, rows, c.Unit, fixed)
	}
	for i := range a.ticks {
		t := &a.ticks[i]
		t.text = c.Unit.tick(t.v, t.step)
		a.width = max(a.width, cell.Width(t.text))
	}
	return a
}

// values is the range that has to be seen: all known values in the window and the limits. An interval may stretch it to
// twice that and no further, because one wide interval would flatten both lines.
func (c Chart) values() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	loBand, hiBand := lo, hi
	for _, s := range c.Series {
		for _, p := range s.Points {
			if !p.OK || !finite(p.V) || p.T.Before(c.From) || p.T.After(c.To) || c.Log && p.V <= 0 {
				continue
			}
			lo, hi = min(lo, p.V), max(hi, p.V)
			if s.Band != cell.Plain && hasBand(p) {
				loBand, hiBand = min(loBand, p.Lo), max(hiBand, p.Hi)
			}
		}
	}
	for _, l := range c.Limits {
		if finite(l.Value) && (!c.Log || l.Value > 0) {
			lo, hi = min(lo, l.Value), max(hi, l.Value)
		}
	}
	if lo > hi {
		return 0, c.Unit.one()
	}
	room := hi - lo
	if !c.Free && !c.Log {
		lo, room = min(lo, 0), max(hi, 0)-min(lo, 0)
	}
	if c.Log {
		return lo, hi
	}
	lo, hi = max(min(lo, loBand), lo-room), min(max(hi, hiBand), hi+room)
	if !c.Free && lo < 0 && loBand >= 0 {
		lo = 0
	}
	return lo, hi
}

// one is the height of an axis on which nothing but zeros was seen.
func (u Unit) one() float64 {
	if u == Share {
		return 0.01
	}
	return 1
}

// linearAxis puts ticks at multiples of a round step, two rows apart or more, and rounds the ends outwards to a fifth of
// it, so that the axis neither jumps with each value nor wastes half of the rows. Fixed ends stay as they are.
func linearAxis(lo, hi float64, rows int, unit Unit, fixed bool) yaxis {
	if hi-lo <= 1e-12*max(1e-9, math.Abs(hi)) {
		hi = lo + max(math.Abs(lo), unit.one())
	}
	step := roundUp((hi - lo) / float64(max(1, min(5, rows/2))))
	a := yaxis{lo: lo, hi: hi}
	if fine := step / 5; !fixed {
		a.lo, a.hi = math.Floor(lo/fine+1e-9)*fine, math.Ceil(hi/fine-1e-9)*fine
	}
	if !(a.hi > a.lo) || !finite(a.hi-a.lo) || step <= 0 { // beyond what a float can step through
		return yaxis{lo: -1, hi: 1}
	}
	for i := math.Ceil(a.lo/step - 1e-9); i*step <= a.hi+1e-9*step && len(a.ticks) < rows; i++ {
		a.ticks = append(a.ticks, ytick{v: i*step + 0, step: step}) // + 0 turns -0 into 0
	}
	return a
}

// roundUp returns the next of 1, 2, 2.5, 5 times a power of ten.
func roundUp(v float64) float64 {
	p := math.Pow10(int(math.Floor(math.Log10(v))))
	for _, m := range [...]float64{1, 2, 2.5, 5} {
		if v <= m*p*(1+1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// logAxis rounds the ends outwards to 1, 2 or 5 times a power of ten, and puts ticks at powers of ten, or at all of these
// where there are fewer than two.
func logAxis(lo, hi float64, rows int) yaxis {
	a := yaxis{lo: lo, hi: hi, log: true}
	from, to := int(math.Floor(math.Log10(lo)+1e-9)), int(math.Ceil(math.Log10(hi)-1e-9))
	var all, tens []ytick
	for e := from; e <= to; e++ {
		for _, m := range [...]float64{1, 2, 5} {
			v := m * math.Pow10(e)
			if v <= lo*(1+1e-9) {
				a.lo, all, tens = v, nil, nil
			}
			t := ytick{v: v, step: v}
			all = append(all, t)
			if m == 1 {
				tens = append(tens, t)
			}
			if v >= hi*(1-1e-9) && v > a.lo {
				a.hi, a.ticks = v, tens
				if len(tens) < 2 {
					a.ticks = all
				}
				a.ticks = thin(a.ticks, rows)
				return a
			}
		}
	}
	return yaxis{lo: 0.1, hi: 10, log: true}
}

// thin leaves out every second tick, or two of three and so on, until they are two rows apart.
func thin(ticks []ytick, rows int) []ytick {
	every := (2*len(ticks) + rows) / (rows + 1)
	var out []ytick
	for i := 0; i < len(ticks); i += max(1, every) {
		out = append(out, ticks[i])
	}
	return out
}

// drawValueAxis draws the axis on the left of the plot, a tick where there is a label.
func (c Chart) drawValueAxis(g *cell.Grid, p *plan) {
	for y := range p.h {
		g.Mark(p.x-1, p.y+y, "│", cell.Axis)
	}
	last := p.h + 1
	for _, t := range p.yaxis.ticks {
		row := p.row(t.v)
		if last-row < 2 && row != p.y {
			continue
		}
		last = row
		g.Write(p.x-1-cell.Width(t.text), row, t.text, cell.Axis)
		g.Mark(p.x-1, row, "┤", cell.Axis)
	}
}
