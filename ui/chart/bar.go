package chart

import (
	"strings"

	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"rampart/ui/cell"
)

// Bar draws a share of 0 to 1 on a track of w columns between its ends: ▕█░░░▏. A share above nothing shows at least a
// sliver, one below the whole never fills the track, and one that is not known leaves a track of blanks.
func Bar(share float64, w int, tone cell.Tone) cell.Line {
	w = max(0, w)
	if !finite(share) {
		return cell.Say(cell.Rule, "▕"+strings.Repeat(" ", w)+"▏")
	}
	full := blocks(share, w)
	rest := strings.Repeat("░", w-cell.Width(full))
	return cell.Say(cell.Rule, "▕").And(tone, full).And(cell.Rule, rest+"▏")
}

// blocks is the filled part of w columns, in eighths.
func blocks(share float64, w int) string {
	if w == 0 || !(share > 0) {
		return ""
	}
	eighths := min(w*8, max(1, round(share*float64(w)*8)))
	if share < 1 {
		eighths = min(eighths, w*8-1)
	}
	s := strings.Repeat("█", eighths/8)
	if part := eighths % 8; part > 0 {
		s += string(runes.LeftBlockElementFromFloat64(float64(part) / 8))
	}
	return s
}

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
		g.Write(x+shareWidth, y, blocks(min(1, share/top), room), tone)
	}
}

// pairMark puts the end of the legacy's bar into the candidate's row.
func pairMark(g *cell.Grid, y, x int, share, top float64) {
	if room := g.W - x - shareWidth; room > 0 && top > 0 && finite(share) {
		g.Mark(x+shareWidth+min(room-1, int(share/top*float64(room))), y, "│", cell.Legacy)
	}
}
