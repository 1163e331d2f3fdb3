package chart

import (
	"cmp"
	"slices"
	"strings"

	"rampart/ui/cell"
)

// label is a text at the right edge, level with what it names.
type label struct {
	name, text string
	tone       cell.Tone
	v          float64
}

// shareLabel is the room of a share of the usual size, 0.00 to 99.9: where a line ends at 0.98 and then at 1.0, the plot
// keeps its width.
const shareLabel = 4

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
		if room := shareLabel - cell.Width(l.text); c.Unit == Share && room > 0 {
			l.text = strings.Repeat(" ", room) + l.text
		}
		if w >= wide && l.name != "" {
			l.text += " " + l.name
		}
	}
	return out
}

// drawLabels writes the labels level with their values. Where some meet they keep the order of their values, so that a
// limit never stands under a line that lies below it; what finds no row is left out, limits first.
func (c Chart) drawLabels(g *cell.Grid, p *plan) {
	shown := slices.Clone(p.labels[:min(len(p.labels), p.h)])
	slices.SortStableFunc(shown, func(a, b label) int { return cmp.Compare(b.v, a.v) })
	want := make([]int, len(shown))
	for i, l := range shown {
		want[i] = p.row(l.v) - p.y
	}
	for i, row := range apart(want, p.h) {
		g.Write(p.x+p.w+1, p.y+row, shown[i].text, shown[i].tone)
	}
}

// apart finds a row of its own for each of some labels, near the wanted one and in the order given; there are at least as
// many rows as labels. It is the middle of moving them down and of moving them up: each keeps order and distance, and so
// does their mean.
func apart(want []int, rows int) []int {
	n := len(want)
	down, up := slices.Clone(want), slices.Clone(want)
	for i := range n {
		if i > 0 {
			down[i] = max(down[i], down[i-1]+1)
		}
		if k := n - 1 - i; k < n-1 {
			up[k] = min(up[k], up[k+1]-1)
		}
	}
	out := make([]int, n)
	for i := range n {
		out[i] = (min(down[i], rows-n+i) + max(up[i], i)) / 2
	}
	return out
}
