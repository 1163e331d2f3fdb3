package rig

import (
	"fmt"
	"strings"
)

// shape draws the glyphs that must meet their neighbours: Braille, blocks, lines. It tells whether r is one of them. x and
// y are the cell's upper left corner.
func (p *picture) shape(r rune, x, y int, ink string) bool {
	switch {
	case r >= 0x2800 && r <= 0x28ff:
		braille(layer(p.dots, ink), r-0x2800, x, y)
		return true
	case r >= '▁' && r <= '█':
		h := (int(r-'▁') + 1) * cellHeight / 8
		rect(layer(p.shapes, ink), x, y+cellHeight-h, cellWidth, h)
		return true
	}
	if b, ok := blocks[r]; ok {
		rect(layer(p.shapes, ink), x+b.x, y+b.y, b.w, b.h)
		return true
	}
	if r == '░' {
		for i := range 4 {
			fmt.Fprintf(layer(p.lines, ink), "M%d %.1fh1m3 0h1", x+1+i%2*2, float64(y)+2.5+float64(i)*4)
		}
		return true
	}
	arms, ok := strokes[r]
	if ok {
		stroke(layer(p.lines, ink), arms, x, y)
	}
	return ok
}

// braille draws the dots of a pattern as points: two columns of four.
func braille(b *strings.Builder, pattern rune, x, y int) {
	for i, at := range [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}} {
		if pattern>>i&1 == 1 {
			fmt.Fprintf(b, "M%d %.1fh0", x+2+4*at[0], float64(y)+2.2+4.25*float64(at[1]))
		}
	}
}

type block struct{ x, y, w, h int }

// blocks are the glyphs that fill a part of a cell.
var blocks = map[rune]block{
	'▌': {0, 0, cellWidth / 2, cellHeight},
	'▐': {cellWidth / 2, 0, cellWidth / 2, cellHeight},
	'▏': {0, 0, 1, cellHeight},
	'▕': {cellWidth - 1, 0, 1, cellHeight},
	'▎': {0, 0, 2, cellHeight},
	'▍': {0, 0, 3, cellHeight},
	'▋': {0, 0, 5, cellHeight},
	'▊': {0, 0, 6, cellHeight},
	'▉': {0, 0, 7, cellHeight},
	'▀': {0, 0, cellWidth, cellHeight / 2},
}

// strokes are the line glyphs as the sides that their strokes go to from the middle: left, right, up, down, or a dash.
var strokes = map[rune]string{
	'─': "lr", '━': "lr", '│': "ud", '┃': "ud", '┄': "h", '┈': "h", '╌': "h", '┆': "v", '┊': "v", '╎': "v",
	'┌': "rd", '┐': "ld", '└': "ru", '┘': "lu", '├': "udr", '┤': "udl", '┬': "lrd", '┴': "lru", '┼': "lrud",
	'╭': "rd", '╮': "ld", '╰': "ru", '╯': "lu", '╴': "l", '╶': "r", '╵': "u", '╷': "d",
}

func stroke(b *strings.Builder, arms string, x, y int) {
	cx, cy := float64(x)+cellWidth/2+.5, float64(y)+cellHeight/2+.5
	for _, arm := range arms {
		switch arm {
		case 'l':
			fmt.Fprintf(b, "M%d %vH%v", x, cy, cx)
		case 'r':
			fmt.Fprintf(b, "M%v %vH%d", cx, cy, x+cellWidth)
		case 'u':
			fmt.Fprintf(b, "M%v %dV%v", cx, y, cy)
		case 'd':
			fmt.Fprintf(b, "M%v %vV%d", cx, cy, y+cellHeight)
		case 'h':
			fmt.Fprintf(b, "M%d %vh2m2 0h2", x+1, cy)
		case 'v':
			fmt.Fprintf(b, "M%v %dv4m0 4v4", cx, y+2)
		}
	}
}
