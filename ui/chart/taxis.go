package chart

import (
	"time"

	"rampart/ui/cell"
)

// drawTimeAxis draws the axis below the plot, with round times, and the glyphs of what happened.
func (c Chart) drawTimeAxis(g *cell.Grid, p *plan) {
	g.Mark(p.x-1, p.axisRow, "└", cell.Axis)
	g.Fill(p.x, p.axisRow, p.w, 1, "─", cell.Axis)
	step := timeStep(c.To.Sub(c.From), p.w)
	layout := timeLayout(step)
	for t := range c.times(step) {
		x, ok := p.column(t)
		if !ok {
			continue
		}
		text := t.Format(layout)
		from := x + 1
		if p.labelRow != p.axisRow {
			from = max(p.x, x-len(text)/2)
		}
		if from+len(text) > g.W || c.underCursor(p, from-1, len(text)+1) || p.labelRow == p.axisRow && c.underTick(p, from, len(text)) {
			continue
		}
		g.Mark(x, p.axisRow, "┬", cell.Axis)
		g.Write(from, p.labelRow, text, cell.Axis)
	}
	for _, t := range c.Ticks {
		if x, ok := p.column(t.At); ok {
			g.Mark(x, p.axisRow, t.Glyph, cell.Tick)
		}
	}
}

// underTick tells whether the glyph of a tick would stand inside a text of n columns from x on.
func (c Chart) underTick(p *plan, x, n int) bool {
	for _, t := range c.Ticks {
		if at, ok := p.column(t.At); ok && at >= x && at < x+n {
			return true
		}
	}
	return false
}

// times yields the multiples of step in the window, on the wall clock of the zone.
func (c Chart) times(step time.Duration) func(func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		for t := c.wall(c.From, step); !t.After(c.To); t = c.wall(t.Add(step), step) {
			if !t.Before(c.From) && !yield(t) {
				return
			}
		}
	}
}

// wall rounds down to a multiple of step on the wall clock. Across a change of the clock a step may be shorter or longer.
func (c Chart) wall(t time.Time, step time.Duration) time.Time {
	t = t.In(c.zone())
	_, offset := t.Zone()
	shift := time.Duration(offset) * time.Second
	return t.Add(shift).Truncate(step).Add(-shift)
}

func (c Chart) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// timeStep is the smallest round step whose labels have room in w columns.
func timeStep(span time.Duration, w int) time.Duration {
	const day = 24 * time.Hour
	for _, s := range [...]time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 7 * day,
	} {
		need := time.Duration(len(timeLayout(s)) + 4)
		if span/s <= time.Duration(w)/need {
			return s
		}
	}
	return max(day, (span/time.Duration(max(1, w/10))).Truncate(day)+day)
}

// timeLayout is how a time is written where times are step apart.
func timeLayout(step time.Duration) string {
	switch {
	case step < time.Minute:
		return "15:04:05"
	case step < 24*time.Hour:
		return "15:04"
	}
	return "Jan 2"
}
