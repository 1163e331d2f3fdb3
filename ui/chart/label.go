package chart

import (
	"slices"

	"rampart/ui/cell"
)

// label is a text at the right edge, level with what it names.
type label struct {
	name, text string
	tone       cell.Tone
	v          float64
}

// endLabels names what the lines end at, in a box of w columns: the newest values, the newest series first, then the
// limits. A value that has grown old says so.
func (c Chart) endLabels(w int) []label {
	if w < roomy {
		return nil
	}
	var out []label
	for _, s := range slices.Backward(c.Series) {
		p, ok := s.last(c.To)
		if !ok || p.T.Before(c.From) {
			continue
		}
		l := label{name: s.Name, tone: s.Tone, v: p.V}
		if !c.Stale.IsZero() && c.Stale.Before(c.To) || !c.near(p.T, c.To) {
			l.text, l.tone = "~", cell.Stale
		}
		out = append(out, l)
	}
	for _, l := range c.Limits {
		if finite(l.Value) {
			out = append(out, label{name: l.Name, tone: cell.Limit, v: l.Value})
		}
	}
	var all []float64
	for _, l := range out {
		all = append(all, l.v)
	}
	for i := range out {
		l := &out[i]
		l.text += c.Unit.value(l.v, all...)
		if w >= wide && l.name != "" {
			l.text += " " + l.name
		}
	}
	return out
}

// drawLabels writes the labels level with their values, the next free row where two meet.
func (c Chart) drawLabels(g *cell.Grid, p *plan) {
	taken := make([]bool, p.h)
	for _, l := range p.labels {
		if row, ok := free(taken, p.row(l.v)-p.y); ok {
			taken[row] = true
			g.Write(p.x+p.w+1, p.y+row, l.text, l.tone)
		}
	}
}

// free finds the free row nearest to want.
func free(taken []bool, want int) (int, bool) {
	for d := range len(taken) {
		for _, row := range [2]int{want + d, want - d} {
			if row >= 0 && row < len(taken) && !taken[row] {
				return row, true
			}
		}
	}
	return 0, false
}
