package chart

import (
	"math"

	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"rampart/ui/cell"
)

// A Braille cell is two dots wide and four high.
const (
	dotsX = 2
	dotsY = 4
)

// surface is ntcharts' Braille grid, of at least 2x2 cells (see minPlotWidth), with dots clipped to it. Dots are counted
// from the top left.
type surface struct {
	*runes.PatternDotsGrid
	w, h int // in dots
}

func (p *plan) surface() surface {
	w, h := p.w*dotsX, p.h*dotsY
	return surface{runes.NewPatternDotsGrid(w, h), w, h}
}

// column inks the dots from y0 to y1, in either order.
func (s surface) column(x, y0, y1 int) {
	if y0 > y1 {
		y0, y1 = y1, y0
	}
	for y := max(0, y0); y <= min(y1, s.h-1); y++ {
		s.Set(x, y)
	}
}

// lay puts the surface on the grid in one tone. A cell that holds dots already takes the new ones in, so that two lines
// that cross both stay to be seen; anything else is replaced.
func (s surface) lay(g *cell.Grid, p *plan, tone cell.Tone, merge bool) {
	for y, row := range s.BraillePatterns() {
		for x, r := range row {
			if r == runes.BrailleBlockOffset {
				continue
			}
			if old := g.At(p.x+x, p.y+y); merge && isLine(old.Tone) {
				r = runes.CombineBraillePatterns(pattern(old.Text), r)
			}
			g.Mark(p.x+x, p.y+y, braille(r), tone)
		}
	}
}

// isLine tells the tones of lines from those of what lies behind them.
func isLine(t cell.Tone) bool { return t == cell.Legacy || t == cell.Candidate }

// pattern is the Braille pattern that a cell holds, or an empty one.
func pattern(text string) rune {
	for _, r := range text {
		if runes.IsBraillePattern(r) {
			return r
		}
	}
	return runes.BrailleBlockOffset
}

// braille returns a pattern as a string without allocating: its three bytes lie at a fixed place of one long string.
func braille(r rune) string {
	i := int(r-runes.BrailleBlockOffset) * 3
	return allBraille[i : i+3]
}

// allBraille holds the 256 patterns in order, the empty one first.
const allBraille = "" +
	"⠀⠁⠂⠃⠄⠅⠆⠇⠈⠉⠊⠋⠌⠍⠎⠏⠐⠑⠒⠓⠔⠕⠖⠗⠘⠙⠚⠛⠜⠝⠞⠟⠠⠡⠢⠣⠤⠥⠦⠧⠨⠩⠪⠫⠬⠭⠮⠯⠰⠱⠲⠳⠴⠵⠶⠷⠸⠹⠺⠻⠼⠽⠾⠿" +
	"⡀⡁⡂⡃⡄⡅⡆⡇⡈⡉⡊⡋⡌⡍⡎⡏⡐⡑⡒⡓⡔⡕⡖⡗⡘⡙⡚⡛⡜⡝⡞⡟⡠⡡⡢⡣⡤⡥⡦⡧⡨⡩⡪⡫⡬⡭⡮⡯⡰⡱⡲⡳⡴⡵⡶⡷⡸⡹⡺⡻⡼⡽⡾⡿" +
	"⢀⢁⢂⢃⢄⢅⢆⢇⢈⢉⢊⢋⢌⢍⢎⢏⢐⢑⢒⢓⢔⢕⢖⢗⢘⢙⢚⢛⢜⢝⢞⢟⢠⢡⢢⢣⢤⢥⢦⢧⢨⢩⢪⢫⢬⢭⢮⢯⢰⢱⢲⢳⢴⢵⢶⢷⢸⢹⢺⢻⢼⢽⢾⢿" +
	"⣀⣁⣂⣃⣄⣅⣆⣇⣈⣉⣊⣋⣌⣍⣎⣏⣐⣑⣒⣓⣔⣕⣖⣗⣘⣙⣚⣛⣜⣝⣞⣟⣠⣡⣢⣣⣤⣥⣦⣧⣨⣩⣪⣫⣬⣭⣮⣯⣰⣱⣲⣳⣴⣵⣶⣷⣸⣹⣺⣻⣼⣽⣾⣿"

// round rounds to a whole number small enough to count with.
func round(v float64) int {
	const far = 1 << 20
	if math.IsNaN(v) {
		return -far
	}
	return int(math.Floor(min(far, max(-far, v)) + 0.5))
}
