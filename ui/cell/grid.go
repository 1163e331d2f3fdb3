package cell

import "strings"

// Cell is one column of one row. The zero value is a blank.
type Cell struct {
	Text string // one grapheme; "" is a blank, or the right half of a wide one
	Tone Tone
	Lit  bool // stands on the ground of a selection or of the time cursor, whatever its tone
	half half
}

// half tells the columns of a wide grapheme.
type half uint8

const (
	whole half = iota
	left
	right
)

// Blank tells a cell that shows nothing of its own.
func (c Cell) Blank() bool { return c.Text == "" && c.half == whole }

// Hidden tells the right half of a wide grapheme, for which nothing may be printed.
func (c Cell) Hidden() bool { return c.half == right }

// Wide tells a grapheme of two columns.
func (c Cell) Wide() bool { return c.half == left }

// Grid is a rectangle of cells, W columns by H rows; 0,0 is the top left. Copies share the cells.
type Grid struct {
	W, H  int
	cells []Cell
}

// New returns a blank grid; a negative size counts as zero.
func New(w, h int) Grid {
	w, h = max(0, w), max(0, h)
	return Grid{W: w, H: h, cells: make([]Cell, w*h)}
}

// At returns the cell at x, y; outside the grid it is blank.
func (g Grid) At(x, y int) Cell {
	if !g.has(x, y) {
		return Cell{}
	}
	return g.cells[y*g.W+x]
}

// Row returns row y, to be read only; outside the grid it is empty.
func (g Grid) Row(y int) []Cell {
	if y < 0 || y >= g.H {
		return nil
	}
	return g.cells[y*g.W : (y+1)*g.W]
}

// Top returns the first h rows, to be read only: it shares the cells.
func (g Grid) Top(h int) Grid {
	h = min(max(0, h), g.H)
	return Grid{W: g.W, H: h, cells: g.cells[:h*g.W]}
}

// Tint gives the cells of a rectangle another tone and leaves what they show.
func (g *Grid) Tint(x, y, w, h int, tone Tone) {
	g.each(x, y, w, h, func(c *Cell) { c.Tone = tone })
}

// Light puts a rectangle on the ground of a selection; tones stay, so that a selected number keeps its meaning.
func (g *Grid) Light(x, y, w, h int) {
	g.each(x, y, w, h, func(c *Cell) { c.Lit = true })
}

// Blit copies src with its top left at x, y. What falls outside is clipped.
func (g *Grid) Blit(x, y int, src Grid) {
	for sy := max(0, -y); sy < min(src.H, g.H-y); sy++ {
		for sx := max(0, -x); sx < min(src.W, g.W-x); sx++ {
			c := src.cells[sy*src.W+sx]
			switch to := &g.cells[(y+sy)*g.W+x+sx]; {
			case c.half == right:
			case c.half == whole && to.half == whole:
				*to = c // by far the most, and nothing is torn
			default:
				g.set(x+sx, y+sy, c)
			}
		}
	}
}

// String prints the grid as plain text, a line a row, without trailing blanks.
func (g Grid) String() string { return g.Text(Braille) }

// Text prints the grid as plain text with the given glyphs, a line a row, without trailing blanks.
func (g Grid) Text(glyphs Glyphs) string {
	var b strings.Builder
	for y := range g.H {
		if y > 0 {
			b.WriteByte('\n')
		}
		blanks := 0
		for _, c := range g.Row(y) {
			if c.Hidden() {
				continue
			}
			s := glyphs.Draw(c)
			if s == " " {
				blanks++
				continue
			}
			for ; blanks > 0; blanks-- {
				b.WriteByte(' ')
			}
			b.WriteString(s)
		}
	}
	return b.String()
}

func (g Grid) has(x, y int) bool { return x >= 0 && x < g.W && y >= 0 && y < g.H }

func (g *Grid) each(x, y, w, h int, do func(*Cell)) {
	for cy := max(0, y); cy < min(y+h, g.H); cy++ {
		for cx := max(0, x); cx < min(x+w, g.W); cx++ {
			do(&g.cells[cy*g.W+cx])
		}
	}
}

// set puts one grapheme at x, y. A wide one that would not fit becomes a blank, and the other half of one that is
// overwritten does too, so that a row never changes its width.
func (g *Grid) set(x, y int, c Cell) {
	if !g.has(x, y) {
		return
	}
	if c.half == left && !g.has(x+1, y) {
		c = Cell{Tone: c.Tone, Lit: c.Lit}
	}
	at := y*g.W + x
	g.tear(at)
	g.cells[at] = c
	if c.half == left {
		g.tear(at + 1)
		g.cells[at+1] = Cell{Tone: c.Tone, Lit: c.Lit, half: right}
	}
}

// tear blanks the other half of a wide grapheme that is about to lose the half at i.
func (g *Grid) tear(i int) {
	switch old := g.cells[i]; old.half {
	case left:
		g.cells[i+1] = Cell{Tone: old.Tone, Lit: old.Lit}
	case right:
		g.cells[i-1] = Cell{Tone: old.Tone, Lit: old.Lit}
	case whole:
	}
}
