package chart

import (
	"strings"

	"rampart/ui/cell"
)

// Pair is one cell of a histogram, or one class, with its share in each arm.
type Pair struct {
	Name              string
	Legacy, Candidate float64 // shares of 0 to 1; NaN is not known
}

// Pairs draws the shares of both arms under each other, cell for cell, so that their shapes can be compared: name, the
// share in per cent, the bar. It takes two rows for each pair, or one (the candidate's, with the legacy's end marked in
// it) where two do not fit, and says how many pairs are left out.
func Pairs(pairs []Pair, w, h int) cell.Grid {
	g := cell.New(w, h)
	name, top := 0, 0.0
	for _, p := range pairs {
		name = max(name, cell.Width(p.Name))
		top = max(top, Top([]float64{p.Legacy, p.Candidate}))
	}
	name = min(name, w/3)
	rows := 2
	if len(pairs)*2 > h {
		rows = 1
	}
	for i, p := range pairs {
		y := i * rows
		if left := len(pairs) - i; y+rows >= h && left > 1 {
			g.Write(0, y, "… "+cell.Count(int64(left))+" more", cell.Dim)
			break
		}
		g.Put(0, y, cell.Say(cell.Axis, p.Name).Clip(name))
		if rows == 1 {
			pairRow(&g, y, name+1, p.Candidate, top, cell.Candidate)
			pairMark(&g, y, name+1, p.Legacy, top)
			continue
		}
		pairRow(&g, y, name+1, p.Legacy, top, cell.Legacy)
		pairRow(&g, y+1, name+1, p.Candidate, top, cell.Candidate)
	}
	return g
}

// shareWidth is the room of a share in per cent and of the blank behind it.
const shareWidth = 6

func pairRow(g *cell.Grid, y, x int, share, top float64, tone cell.Tone) {
	text := cell.Fixed(share*100, min(2, cell.Decimals(share*100)))
	g.Write(x+shareWidth-1-cell.Width(text), y, text, tone)
	if room := g.W - x - shareWidth; room > 0 && top > 0 && finite(share) {
		g.Write(x+shareWidth, y, rod(share/top, room, tone), tone)
	}
}

// rod is the part of w columns that a share takes, in halves: a line, because a page of full blocks is all that is seen,
// and a heavy one for the candidate, so that the arms differ without colour.
func rod(share float64, w int, tone cell.Tone) string {
	if !(share > 0) {
		return ""
	}
	one, half := "─", "╴"
	if tone == cell.Candidate {
		one, half = "━", "╸"
	}
	halves := min(2*w, max(1, round(share*float64(w)*2)))
	return strings.Repeat(one, halves/2) + strings.Repeat(half, halves%2)
}

// pairMark puts the end of the legacy's bar into the candidate's row.
func pairMark(g *cell.Grid, y, x int, share, top float64) {
	if room := g.W - x - shareWidth; room > 0 && top > 0 && finite(share) {
		g.Mark(x+shareWidth+min(room-1, int(share/top*float64(room))), y, "│", cell.Legacy)
	}
}
