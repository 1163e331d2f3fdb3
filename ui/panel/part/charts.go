package part

import (
	"math"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
)

// window is the span of time that every chart shows.
func (st State) window() (from, to time.Time) {
	span := st.Span
	if span <= 0 {
		span = DefaultSpan
	}
	if !st.End.IsZero() {
		return st.End.Add(-span), st.End
	}
	now := st.Now
	if !st.Frozen.IsZero() {
		now = st.Frozen
	}
	return chart.Window(now, span)
}

// CursorStep is how far the time cursor moves with one key: one column of a chart of w columns.
func CursorStep(st State, w int) time.Duration {
	from, to := st.window()
	const axis = 10
	return max(time.Second, (to.Sub(from) / time.Duration(max(20, w-axis))).Truncate(time.Second))
}

// Window is the span of time on the charts, for the one who moves it.
func Window(st State) (from, to time.Time) { return st.window() }

// number is the panel behind a chart of a kind, as its key.
func number(k analysis.Kind) string {
	switch k {
	case analysis.Errors, analysis.RouterErrors:
		return "1 "
	case analysis.Share, analysis.Latency:
		return "2 "
	case analysis.Distribution, analysis.Distributions, analysis.Gauges:
		return "3 "
	case analysis.Sensitive:
		return "5 "
	case analysis.KindUnknown, analysis.Threshold, analysis.Labels:
	}
	return ""
}

// kindOf finds what a chart's measure counts.
func kindOf(f *frame.Frame, key string) analysis.Kind {
	for _, r := range f.Rows {
		if r.Key == key && r.Kind != analysis.Latency {
			return r.Kind
		}
	}
	return analysis.KindUnknown
}

// ChartBox draws one measure over time, in a frame with its name, legend and badge.
func ChartBox(f *frame.Frame, c frame.Chart, st State, w, h int) cell.Grid {
	drawn := chartOf(f, c, st)
	title := number(kindOf(f, c.Key)) + c.Title
	if c.Unit == analysis.Fraction {
		title += " %"
		drawn.Ribbon = ribbon
	}
	box := Framed(cell.Say(cell.Title, title), drawn, w)
	if c.Badge != "" {
		box.Foot = cell.Say(cell.Warn, c.Badge).Clip(w - 6)
	}
	iw, ih := box.Inside(w, h)
	return box.Around(w, h, drawn.Draw(iw, ih))
}

// ribbon names the interval around the shares of a chart: of one minute's requests by themselves (Wilson), so that it says
// how well each point is known. It is no confidence sequence: panel 7 draws that, of the difference.
const ribbon = "95 % each min"

// Framed is the box around a chart, with as much of the legend as there is room for beside the title.
func Framed(title cell.Line, c chart.Chart, w int) cell.Box {
	const corners = 8
	if c.Legend().Width()+title.Width()+corners > w {
		c.Ribbon = ""
	}
	return cell.Box{Title: title, Legend: c.Legend()}
}

func chartOf(f *frame.Frame, c frame.Chart, st State) chart.Chart {
	from, to := st.window()
	out := chart.Chart{From: from, To: to, Zone: st.Location(), Unit: unitOf(c.Unit), Cursor: st.Cursor, Gap: 5 * f.Step / 2}
	out.Series = []chart.Series{
		{Name: "leg", Points: pointsOf(c.Series.Legacy), Tone: cell.Legacy, Band: cell.LegacyBand, Dotted: true},
		{Name: "cand", Points: pointsOf(c.Series.Candidate), Tone: cell.Candidate, Band: cell.CandidateBand},
	}
	if c.Limit.Known {
		out.Limits = []chart.Limit{{Name: "limit", Value: c.Limit.V}}
	}
	out.Ticks = Ticks(f, from, to)
	if outdated(f, c, st) {
		out.Stale = newestOf(c)
	}
	return out
}

// outdated tells a chart that ends so long ago that it says so.
func outdated(f *frame.Frame, c frame.Chart, st State) bool {
	newest := newestOf(c)
	return !newest.IsZero() && st.Now.Sub(newest) > max(3*f.Step, time.Minute)
}

// Outdated is how many of the charts say that they end long ago. Of one frame it grows with time alone.
func Outdated(f *frame.Frame, charts []frame.Chart, st State) (n int) {
	for _, c := range charts {
		if outdated(f, c, st) {
			n++
		}
	}
	return n
}

// Ticks are what happened within a window, for the time axis of a chart.
func Ticks(f *frame.Frame, from, to time.Time) []chart.Tick {
	var out []chart.Tick
	for _, t := range f.Ticks {
		if t.Kind != frame.TickData && t.At.After(from) && t.At.Before(to) {
			out = append(out, chart.Tick{At: t.At, Glyph: tickGlyph(t.Kind)})
		}
	}
	return out
}

func newestOf(c frame.Chart) (t time.Time) {
	for _, a := range sources.Arms() {
		if s := c.Series.Of(a); len(s) > 0 && s[len(s)-1].T.After(t) {
			t = s[len(s)-1].T
		}
	}
	return t
}

func pointsOf(points []frame.Point) []chart.Point {
	out := make([]chart.Point, len(points))
	for i, p := range points {
		out[i] = chart.Point{T: p.T, V: p.V.V, OK: p.V.Known && !math.IsNaN(p.V.V)}
		if p.V.Interval {
			out[i].Lo, out[i].Hi = p.V.Lo, upper(p.V)
		}
	}
	return out
}

func unitOf(u analysis.Unit) chart.Unit {
	switch u {
	case analysis.Fraction:
		return chart.Share
	case analysis.Ratio:
		return chart.Ratio
	case analysis.Seconds:
		return chart.Seconds
	case analysis.PerSecond:
		return chart.PerSecond
	case analysis.Bare, analysis.Count, analysis.Bytes:
	}
	return chart.Number
}

// tickGlyph tells on the time axis what happened.
func tickGlyph(k frame.TickKind) string {
	switch k {
	case frame.TickSplit:
		return "◆"
	case frame.TickAction:
		return "●"
	case frame.TickCall:
		return "▲"
	case frame.TickAlert:
		return "!"
	case frame.TickRestart, frame.TickReload:
		return "○"
	case frame.TickVersion:
		return "◇"
	case frame.TickData:
	}
	return "·"
}

// ChartGrid places charts side by side, and below each other where there is room for it.
func ChartGrid(f *frame.Frame, charts []frame.Chart, st State, w, h int) cell.Grid {
	const leastWidth, leastHeight = 52, 11
	if len(charts) == 0 && h > 2 {
		return Note(Box{W: w, H: h}, f, "no block was read yet: there is nothing to draw")
	}
	across := max(1, min(w/leastWidth, len(charts)))
	down := max(1, min(h/leastHeight, (len(charts)+across-1)/across))
	if st.Wide {
		across, down = 1, 1
	}
	g := cell.New(w, h)
	for i := range min(len(charts), across*down) {
		col, row := i%across, i/across
		x, y := col*w/across, row*h/down
		g.Blit(x, y, ChartBox(f, charts[i], st, (col+1)*w/across-x, (row+1)*h/down-y))
	}
	return g
}

// ChartsOf picks the charts of some kinds, in the order of the kinds.
func ChartsOf(f *frame.Frame, kinds ...analysis.Kind) []frame.Chart {
	var out []frame.Chart
	for _, k := range kinds {
		for _, c := range f.Charts {
			if kindOf(f, c.Key) == k {
				out = append(out, c)
			}
		}
	}
	return out
}
