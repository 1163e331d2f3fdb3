package cell

import (
	"strings"
	"unicode/utf8"
)

// Glyphs is the rung of the glyph ladder that a terminal can show. The zero value is the richest.
type Glyphs uint8

// The rungs: Braille dots; block elements where the font has no Braille; ASCII for TERM=linux, encodings other than
// UTF-8, and readers that speak.
const (
	Braille Glyphs = iota
	Blocks
	ASCII
)

// String names the rung as flags and config do.
func (l Glyphs) String() string {
	switch l {
	case Braille:
		return "braille"
	case Blocks:
		return "blocks"
	case ASCII:
		return "ascii"
	}
	return "glyphs?"
}

// Draw returns what is printed for a cell on this rung: always as many columns as the cell has, never empty except for
// the right half of a wide grapheme.
func (l Glyphs) Draw(c Cell) string {
	switch {
	case c.Hidden():
		return ""
	case c.Text == "":
		return " "
	case l == Braille || c.Text[0] < utf8.RuneSelf && len(c.Text) == 1:
		return c.Text
	}
	r, n := utf8.DecodeRuneInString(c.Text)
	dots := n == len(c.Text) && r >= dotsBlank && r <= dotsBlank+0xff
	switch {
	case dots && l == Blocks:
		return quadrant(byte(r - dotsBlank))
	case dots:
		return stroke(byte(r-dotsBlank), c.Tone)
	case l == Blocks:
		return c.Text
	}
	if i := strings.Index(plainGlyphs, c.Text); i >= 0 && n == len(c.Text) {
		return plainGlyphs[i+n : i+n+1]
	}
	if c.Wide() {
		return "??"
	}
	return "?"
}

// plainGlyphs holds each glyph of ours followed by the ASCII character that stands for it.
const plainGlyphs = "─-│|┌+┐+└+┘+├+┤+┬+┴+┼+╴-━=╸=┃|┏#┓#┗#┛#┄-┈.╌-┆:┊:╵|╷|╎:" +
	"▲^▼v✓+—-–-−-≠!·.×x…~→>←<↑^↓v●*○o◆#◇o›>‹<±~≥>≤<µu•*⏸=↳>" +
	"▁_▂.▃-▄=▅+▆*▇%█#▏|▎|▍|▌|▋#▊#▉#▐|▕|░.▒:▓%"

// dotsBlank is the Braille pattern without a dot; the eight low bits of a pattern are its dots, numbered down the left
// column (1, 2, 3), down the right one (4, 5, 6), then the bottom row (7, 8).
const dotsBlank = '\u2800'

// quadrant shows a Braille pattern with a quarter of the dots: each pair of dots above each other is one block.
func quadrant(dots byte) string {
	const blocks = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
	i := 0
	for bit, mask := range [4]byte{0x01 | 0x02, 0x08 | 0x10, 0x04 | 0x40, 0x20 | 0x80} {
		if dots&mask != 0 {
			i |= 1 << bit
		}
	}
	at := 0
	for range i {
		_, n := utf8.DecodeRuneInString(blocks[at:])
		at += n
	}
	_, n := utf8.DecodeRuneInString(blocks[at:])
	return blocks[at : at+n]
}

// stroke shows a Braille pattern as one ASCII character: where in the cell the line runs for legacy and all else, and
// a star for the candidate, because without dots and without colour the two arms have nothing else to differ by.
func stroke(dots byte, tone Tone) string {
	const high, middle, low = 0x01 | 0x08, 0x02 | 0x04 | 0x10 | 0x20, 0x40 | 0x80
	up, mid, down := dots&high != 0, dots&middle != 0, dots&low != 0
	switch {
	case dots == 0:
		return " "
	case tone == Candidate:
		return "*"
	case tone == LegacyBand || tone == CandidateBand:
		return ","
	case up && down:
		return ":"
	case up && !mid:
		return "'"
	case down && !mid:
		return "."
	}
	return "-"
}
