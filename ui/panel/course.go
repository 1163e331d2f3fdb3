package panel

import (
	"math"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/chart"
	"rampart/ui/panel/part"
)

// courses draws how the evidence came to be: both sides over time with the line that decides, and beside it, where there
// is room, the confidence sequence of the weightiest ratios.
func courses(f *frame.Frame, st part.State, w, h int) cell.Grid {
	if len(f.Verdict.Explanation.Newest) == 0 {
		return cell.New(w, 0)
	}
	boxes := []func(w, h int) cell.Grid{func(w, h int) cell.Grid { return evidenceBox(f, st, w, h) }}
	for _, m := range weightiest(f.Verdict.Measures) {
		boxes = append(boxes, func(w, h int) cell.Grid { return ratioBox(f, m, st, w, h) })
	}
	const leastWidth = 50
	across := max(1, min(w/leastWidth, len(boxes), 3))
	if st.Wide {
		across = 1
	}
	g := cell.New(w, h)
	for i := range across {
		from, to := i*w/across, (i+1)*w/across
		g.Blit(from, 0, boxes[i](to-from, h))
	}
	return g
}

// weightiest are the measures that make evidence, those with most for WORSE first.
func weightiest(all []analysis.Finding) []analysis.Finding {
	var out []analysis.Finding
	for _, m := range all {
		if m.Weight > 0 {
			out = append(out, m)
		}
	}
	for i := range out {
		for k := i; k > 0 && out[k].LogHarm > out[k-1].LogHarm; k-- {
			out[k], out[k-1] = out[k-1], out[k]
		}
	}
	return out
}

// The odds are drawn from a hundredth up to as far as they went, but no further than anybody needs to know.
const (
	leastOdds = .01
	mostOdds  = 1e6
)

func evidenceBox(f *frame.Frame, st part.State, w, h int) cell.Grid {
	needed := math.Exp(f.Verdict.Evidence.LogNeeded)
	c := timed(f, st, chart.Odds)
	c.Log, c.Min, c.Max = true, leastOdds, 5*needed
	safe, worse := chart.Series{Name: "safe", Tone: cell.Good, Dotted: true}, chart.Series{Name: "worse", Tone: cell.Bad}
	for _, b := range f.Verdict.Explanation.Newest {
		worse.Points = append(worse.Points, chart.Point{T: b.At, V: odd(b.Harm), OK: true})
		safe.Points = append(safe.Points, chart.Point{T: b.At, V: odd(b.Safe), OK: true})
		if !b.At.Before(c.From) && !b.At.After(c.To) {
			c.Max = max(c.Max, odd(b.Harm), odd(b.Safe))
		}
	}
	newest := f.Verdict.Explanation.Newest[len(f.Verdict.Explanation.Newest)-1]
	safe.Name, worse.Name = beyond(safe.Name, newest.Safe), beyond(worse.Name, newest.Harm)
	c.Series = []chart.Series{safe, worse}
	c.Limits = []chart.Limit{{Name: "needed", Value: needed}}
	return boxed("evidence, both sides", c, w, h)
}

// odd is an e-value within what the chart shows: how far beyond it lies says nothing more.
func odd(log float64) float64 { return max(leastOdds, min(mostOdds, math.Exp(log))) }

// beyond is a line's name, which says so where its end lies beyond what is drawn.
func beyond(name string, log float64) string {
	switch e := math.Exp(log); {
	case e > mostOdds:
		return name + ", at least"
	case e < leastOdds:
		return name + ", at most"
	}
	return name
}

// ratioBox draws a measure's ratio so far with its confidence sequence as it was at each block.
func ratioBox(f *frame.Frame, m analysis.Finding, st part.State, w, h int) cell.Grid {
	c := timed(f, st, chart.Ratio)
	c.Log, c.Min, c.Max = true, .5, 4
	line := chart.Series{Name: "ratio", Tone: cell.Candidate, Band: cell.CandidateBand}
	for _, b := range f.Verdict.Explanation.Newest {
		for _, p := range b.Parts {
			if p.Measure != m.Measure.Name {
				continue
			}
			line.Points = append(line.Points, ratioPoint(b, p))
			if p.Ratio.Known && !b.At.Before(c.From) {
				c.Min, c.Max = max(.05, min(c.Min, p.Ratio.V)), min(50, max(c.Max, p.Ratio.V))
			}
		}
	}
	if d := m.Difference; d.Known && d.Interval && !d.OpenHi {
		c.Max = min(50, max(c.Max, d.Hi))
	}
	c.Series = []chart.Series{line}
	if m.Limit.Known {
		c.Limits = []chart.Limit{{Name: "limit", Value: m.Limit.V}}
	}
	c.Ribbon = "95 % at every look"
	return boxed(m.Measure.Said()+", ratio", c, w, h)
}

// ratioPoint is a ratio on a chart; a side of its interval that is open goes as far as the chart.
func ratioPoint(b analysis.Contribution, p analysis.Part) chart.Point {
	out := chart.Point{T: b.At, V: p.Ratio.V, OK: p.Ratio.Known}
	if p.Ratio.Interval {
		out.Lo, out.Hi = max(p.Ratio.Lo, 1e-6), p.Ratio.Hi
		if p.Ratio.OpenHi {
			out.Hi = 1e6
		}
	}
	return out
}

// timed is a chart of what the window shows.
func timed(f *frame.Frame, st part.State, u chart.Unit) chart.Chart {
	from, to := part.Window(st)
	return chart.Chart{From: from, To: to, Zone: st.Location(), Unit: u, Cursor: st.Cursor, Gap: 5 * f.Step / 2, Ticks: part.Ticks(f, from, to)}
}

func boxed(title string, c chart.Chart, w, h int) cell.Grid {
	box := part.Framed(cell.Say(cell.Title, title), c, w)
	iw, ih := box.Inside(w, h)
	return box.Around(w, h, c.Draw(iw, ih))
}
