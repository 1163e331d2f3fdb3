package chart

import (
	"time"

	"rampart/ui/cell"
)

// Point is one value of a series at one time. It is known when OK; an interval is drawn where Lo < Hi.
type Point struct {
	T         time.Time
	V, Lo, Hi float64
	OK        bool
}

// Series is one line. Points are in the order of time. Later series are drawn over earlier ones.
type Series struct {
	Name   string // said at the line's end where there is room
	Points []Point
	Tone   cell.Tone
	Band   cell.Tone // the tone of the interval; Plain draws none
	Dotted bool      // every other dot, so that two lines differ without colour
}

// Limit is a threshold, in the unit of the axis.
type Limit struct {
	Name  string
	Value float64
}

// Tick is something that happened: a change of the split, an action, an alert. Glyph is one column wide.
type Tick struct {
	At    time.Time
	Glyph string
}

// Chart is everything that one chart shows. The zero value of each field leaves that part out.
type Chart struct {
	From, To time.Time      // the window shown
	Zone     *time.Location // of the time axis; nil is UTC
	Unit     Unit
	Series   []Series
	Limits   []Limit
	Ticks    []Tick
	Gap      time.Duration // the longest step that is still one line; 0 joins all neighbours
	Stale    time.Time     // from here on nothing is known yet; zero: all of the window is
	Cursor   time.Time     // the shared time cursor; zero: none
	Min, Max float64       // a fixed axis, where Min < Max
	Free     bool          // the axis need not start at zero
	Log      bool          // logarithmic axis; values at or below zero lie below it
	Ribbon   string        // what the intervals are, for the legend; empty: not said
}

// The smallest plot that is worth drawing: less than this is said in words. It is also what keeps boxes under 2x2 from
// the drawing surface.
const (
	minPlotWidth  = 8
	minPlotHeight = 2
)

// Draw draws the chart w columns wide and h rows high.
func (c Chart) Draw(w, h int) cell.Grid {
	g := cell.New(w, h)
	p, ok := c.plan(w, h)
	if !ok {
		c.say(&g)
		return g
	}
	c.drawStale(&g, p)
	c.drawTicks(&g, p)
	c.drawBands(&g, p)
	c.drawLimits(&g, p)
	for i := range c.Series {
		c.drawLine(&g, p, &c.Series[i])
	}
	c.drawValueAxis(&g, p)
	c.drawTimeAxis(&g, p)
	c.drawLabels(&g, p)
	c.drawCursor(&g, p)
	return g
}

// say puts the newest values into a box that is too small for a chart.
func (c Chart) say(g *cell.Grid) {
	var line cell.Line
	for _, s := range c.Series {
		if v, ok := s.last(c.To); ok {
			line = line.And(s.Tone, c.Unit.value(v.V)).And(cell.Dim, " "+s.Name+" ")
		}
	}
	g.Put(0, 0, line.Clip(g.W))
}

// Step is the time that one column of the plot stands for in a box of w by h: how far the cursor moves with one key.
func (c Chart) Step(w, h int) time.Duration {
	p, ok := c.plan(w, h)
	if !ok || p.w < 2 {
		return c.To.Sub(c.From)
	}
	return c.To.Sub(c.From) / time.Duration(p.w-1)
}

// last returns the newest known point at or before t.
func (s Series) last(t time.Time) (Point, bool) {
	for i := len(s.Points) - 1; i >= 0; i-- {
		if p := s.Points[i]; p.OK && finite(p.V) && !p.T.After(t) {
			return p, true
		}
	}
	return Point{}, false
}
