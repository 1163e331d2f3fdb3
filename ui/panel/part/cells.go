package part

import (
	"math"
	"slices"
	"strconv"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
)

// CellBox draws the shares of both arms cell by cell, and under them the cells that the quantiles lie in.
func CellBox(d frame.Feature, st State, w, h int) cell.Grid {
	box := cell.Box{
		Title:  cell.Say(cell.Title, d.Name+": share of each cell %"),
		Legend: cell.Say(cell.Legacy, "─ leg").And(cell.Plain, " ").And(cell.Candidate, "━ cand"),
	}
	iw, ih := box.Inside(w, h)
	words := quantileTable(d, iw)
	if len(d.Edges)+2+words.H > ih {
		words = cell.New(iw, 0)
		box.Foot = shortQuantiles(d, max(0, w-6))
	} else {
		words = cell.Stack(words, cell.Row(iw, 2, cell.Item{Line: cell.Say(cell.Dim, " n    "+Counts(d.N, false)+" since "+st.Clock(d.Window.From))}))
	}
	inside := cell.New(iw, ih)
	inside.Blit(1, 0, chart.Pairs(PairsOf(coarser(d, ih-words.H)), iw-2, ih-words.H))
	inside.Blit(0, ih-words.H, words)
	return box.Around(w, h, inside)
}

// coarser puts neighbouring cells together, those with the least in them first, until at most n are left: where requests
// are stays apart, and the sum of neighbouring shares is exact. The edges of the cells in which the highest quantile lies
// go last: it is named beside them.
func coarser(d frame.Feature, n int) frame.Feature {
	for len(d.Edges)+1 > max(2, n) {
		least, at := math.Inf(1), 0
		for i := range d.Edges {
			sum := max(pairSum(d.Cells.Legacy, i), pairSum(d.Cells.Candidate, i))
			if boundsQuantile(d, i) {
				sum += 2 * fullCell
			}
			if sum < least {
				least, at = sum, i
			}
		}
		d = joined(d, at)
	}
	return d
}

// fullCell is the most that a cell can hold.
const fullCell = 1

// boundsQuantile tells whether edge i is one of the cells in which the highest quantile of an arm lies.
func boundsQuantile(d frame.Feature, i int) bool {
	if len(d.Quantiles) == 0 {
		return false
	}
	for _, v := range []analysis.Value{d.Quantiles[len(d.Quantiles)-1].Cell.Legacy, d.Quantiles[len(d.Quantiles)-1].Cell.Candidate} {
		if e := d.Edges[i].V; v.Known && (e == v.Lo || e == v.Hi) {
			return true
		}
	}
	return false
}

// pairSum is what the cells on both sides of edge i hold.
func pairSum(vs []analysis.Value, i int) float64 {
	sum := 0.0
	for _, v := range vs[min(i, len(vs)):min(i+2, len(vs))] {
		if v.Known {
			sum += v.V
		}
	}
	return sum
}

// joined is a distribution without its edge i; the frame's own slices stay as they are.
func joined(d frame.Feature, i int) frame.Feature {
	d.Edges = slices.Concat(d.Edges[:i], d.Edges[i+1:])
	for _, a := range sources.Arms() {
		if vs := d.Cells.Of(a); len(vs) > i+1 {
			sum := vs[i]
			sum.V, sum.Known, sum.Interval = sum.V+vs[i+1].V, sum.Known && vs[i+1].Known, false
			*d.Cells.Ptr(a) = slices.Concat(vs[:i], []analysis.Value{sum}, vs[i+2:])
		}
	}
	return d
}

// quantileTable names the cells of both arms, a quantile a line.
func quantileTable(d frame.Feature, w int) cell.Grid {
	g := cell.New(w, len(d.Quantiles))
	for i, q := range d.Quantiles {
		legacy, candidate := Explained(q.Cell.Legacy), Explained(q.Cell.Candidate)
		g.Put(0, i, cell.Say(cell.Dim, " "+Pad(q.Name, 5)).And(cell.Legacy, Pad("leg "+legacy, 20)).And(cell.Candidate, "cand "+candidate).Clip(w))
	}
	return g
}

// shortQuantiles is the last quantile in one line, where there is no room for all of them.
func shortQuantiles(d frame.Feature, w int) cell.Line {
	if len(d.Quantiles) == 0 {
		return nil
	}
	q := d.Quantiles[len(d.Quantiles)-1]
	return cell.Say(cell.Dim, q.Name+" ").And(cell.Legacy, Value(q.Cell.Legacy)).And(cell.Dim, " / ").And(cell.Candidate, Value(q.Cell.Candidate)).Clip(w)
}

// PairsOf are the cells of a distribution by name, lowest first.
func PairsOf(d frame.Feature) []chart.Pair {
	n := max(len(d.Cells.Legacy), len(d.Cells.Candidate))
	out := make([]chart.Pair, n)
	for i := range out {
		out[i] = chart.Pair{Name: cellName(d, i), Legacy: at(d.Cells, sources.Legacy, i), Candidate: at(d.Cells, sources.Candidate, i)}
	}
	return out
}

func at(cells sources.ByArm[[]analysis.Value], a sources.Arm, i int) float64 {
	if vs := cells.Of(a); i < len(vs) && vs[i].Known {
		return vs[i].V
	}
	return math.NaN()
}

// mostName is how wide the name of a category is drawn.
const mostName = 16

// cellName is the span of a cell, or the category's name: "<0.1", "0.1–0.2", "≥0.9"; of times with their unit: "100–250 ms".
func cellName(d frame.Feature, i int) string {
	if i < len(d.Names) {
		return cell.Say(cell.Plain, d.Names[i].Head(64)).Clip(mostName).String()
	}
	if len(d.Edges) == 0 {
		return ""
	}
	say := func(v analysis.Value) string { return cell.Bare(v.V, decimalsOf(d.Edges...)) }
	if d.Edges[0].Unit == analysis.Seconds {
		say = func(v analysis.Value) string { return edge(v.V) }
	}
	switch {
	case i == 0:
		return "<" + say(d.Edges[0])
	case i >= len(d.Edges):
		return "≥" + say(d.Edges[len(d.Edges)-1])
	case d.Edges[i].Unit == analysis.Seconds:
		return span(analysis.Number(d.Edges[i].V, analysis.Seconds, 0).Between(d.Edges[i-1].V, d.Edges[i].V))
	}
	return say(d.Edges[i-1]) + "–" + say(d.Edges[i])
}

// span prints the cell of a histogram in which a value lies: "100–250 ms", "≥10 s".
func span(v analysis.Value) string {
	if v.Unit != analysis.Seconds {
		if v.OpenHi {
			return "≥" + plainNumber(v.Lo)
		}
		return plainNumber(v.Lo) + "–" + plainNumber(v.Hi)
	}
	switch {
	case v.OpenHi:
		return "≥" + edge(v.Lo)
	case v.Hi < 1:
		return plainNumber(1000*v.Lo) + "–" + edge(v.Hi)
	case v.Lo >= 1 || v.Lo == 0:
		return plainNumber(v.Lo) + "–" + edge(v.Hi)
	}
	return edge(v.Lo) + "–" + edge(v.Hi)
}

// edge prints a histogram's edge as it was configured: "250 ms", "2.5 s".
func edge(s float64) string {
	if s < 1 {
		return plainNumber(1000*s) + " ms"
	}
	return plainNumber(s) + " s"
}

// plainNumber prints a number in as many digits as it has, at most six.
func plainNumber(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
