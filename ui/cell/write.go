package cell

import (
	"iter"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"rampart/sources"
)

// maxGrapheme bounds the bytes of one grapheme: longer ones are piles of accents made to smear over other rows.
const maxGrapheme = 16

// Write puts text at x, y, clipped at the grid's edges, and returns the column after it. Whatever could command the
// terminal or hide from the reader is spelled out.
func (g *Grid) Write(x, y int, text string, tone Tone) int {
	for s, width := range graphemes(text) {
		if x >= g.W {
			return x
		}
		g.put(x, y, s, width, tone)
		x += width
	}
	return x
}

// Put writes a line at x, y, clipped at the grid's edges, and returns the column after it.
func (g *Grid) Put(x, y int, line Line) int {
	for _, s := range line {
		x = g.Write(x, y, s.Text, s.Tone)
	}
	return x
}

// Mark puts one single-column glyph of our own at x, y: the way of charts, which know what they draw.
func (g *Grid) Mark(x, y int, glyph string, tone Tone) { g.put(x, y, glyph, 1, tone) }

// Fill writes a single-column glyph into every cell of a rectangle.
func (g *Grid) Fill(x, y, w, h int, glyph string, tone Tone) {
	for cy := y; cy < y+h; cy++ {
		for cx := x; cx < x+w; cx++ {
			g.put(cx, cy, glyph, 1, tone)
		}
	}
}

func (g *Grid) put(x, y int, s string, width int, tone Tone) {
	c := Cell{Text: s, Tone: tone, Lit: g.At(x, y).Lit}
	if s == " " {
		c.Text = ""
	}
	if width == 2 {
		c.half = left
	}
	g.set(x, y, c)
}

// Width returns the columns that text takes when it is written.
func Width(text string) int {
	if printable(text) {
		return len(text)
	}
	n := 0
	for _, w := range graphemes(text) {
		n += w
	}
	return n
}

// graphemes yields the drawable graphemes of a text with their columns, 1 or 2.
func graphemes(text string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		if printable(text) {
			for i := range len(text) {
				if !yield(text[i:i+1], 1) {
					return
				}
			}
			return
		}
		for s := sources.Visible(text); s != ""; {
			g, width, size := next(s)
			if width > 0 && !yield(g, width) {
				return
			}
			s = s[size:]
		}
	}
}

// printable tells a text of nothing but ASCII that has ink or is a blank: most of what is drawn, and nothing in it is to
// be spelled out or measured.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// next cuts the first grapheme off s. Terminals that count code points and terminals that count graphemes have to agree
// on its width; where they do not, the first code point stands for it, or a question mark.
func next(s string) (grapheme string, width, size int) {
	if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return s[:1], 1, 1
	}
	g, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	size = len(g)
	if len(g) <= maxGrapheme && agreed(g, width) {
		return g, width, size
	}
	_, first := utf8.DecodeRuneInString(g)
	if w := ansi.StringWidth(g[:first]); agreed(g[:first], w) {
		return g[:first], w, size
	}
	return "?", 1, size
}

// agreed tells whether every terminal gives a grapheme the same one or two columns.
func agreed(g string, width int) bool {
	return (width == 1 || width == 2) && ansi.StringWidthWc(g) == width
}
