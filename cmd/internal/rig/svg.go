package rig

import (
	"fmt"
	"html"
	"image/color"
	"io"
	"maps"
	"slices"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// The measures of a picture in pixels: a cell, and the text in it, whose advance is that of the usual monospace fonts.
const (
	cellWidth  = 8
	cellHeight = 17
	margin     = 10
	baseline   = 13
	textSize   = 13.3
)

// The colours of a terminal that has none of its own.
const (
	defaultText   = "#d4d7de"
	defaultGround = "#14161b"
)

// WriteSVG draws the screen as it stands, in the colours of its cells. Lines, blocks and Braille are drawn as shapes and
// only letters as text, so that columns meet whatever font the reader has.
func (c *Console) WriteSVG(w io.Writer) error {
	c.mu.Lock()
	p := newPicture(c.screen)
	c.mu.Unlock()
	if _, err := io.WriteString(w, p.svg()); err != nil {
		return fmt.Errorf("draw %s: %w", c.Name, err)
	}
	return nil
}

// picture is a screen taken apart into what is drawn in one stroke each.
type picture struct {
	cols, rows int
	grounds    map[string]*strings.Builder // filled rectangles by colour, under all else
	shapes     map[string]*strings.Builder // filled rectangles by colour
	lines      map[string]*strings.Builder // strokes by colour
	dots       map[string]*strings.Builder // Braille dots by colour
	text       strings.Builder
}

func newPicture(screen *vt.Emulator) *picture {
	p := &picture{
		cols: screen.Width(), rows: screen.Height(),
		grounds: map[string]*strings.Builder{}, shapes: map[string]*strings.Builder{},
		lines: map[string]*strings.Builder{}, dots: map[string]*strings.Builder{},
	}
	for y := range p.rows {
		var open run
		for x := range p.cols {
			cell := screen.CellAt(x, y)
			if cell == nil || cell.Width == 0 {
				continue
			}
			fg, bg := inks(cell.Style)
			if bg != defaultGround {
				rect(layer(p.grounds, bg), x*cellWidth, y*cellHeight, cell.Width*cellWidth, cellHeight)
			}
			p.put(&open, x, y, cell, fg)
		}
		p.flush(&open)
	}
	return p
}

// put draws a cell as a shape, or adds it to the run of text that is open.
func (p *picture) put(open *run, x, y int, cell *uv.Cell, fg string) {
	r := []rune(cell.Content + " ")[0]
	switch {
	case r == ' ':
		if open.spaces++; open.spaces > 1 {
			p.flush(open)
		}
		return
	case p.shape(r, x*cellWidth, y*cellHeight, fg):
		p.flush(open)
		return
	}
	next := run{x: x, y: y, fg: fg, style: decorations(cell.Style)}
	if !open.goesOn(next) || r > 0xff {
		p.flush(open)
		*open = next
	}
	open.text += strings.Repeat(" ", open.spaces) + cell.Content
	open.cells, open.spaces = x+cell.Width-open.x, 0
	if r > 0xff { // A glyph that may come from another font stands alone, so that its width moves nothing.
		p.flush(open)
	}
}

// run is text of one look on one row.
type run struct {
	x, y, cells, spaces int
	fg, style, text     string
}

func (r run) goesOn(next run) bool { return r.text != "" && r.fg == next.fg && r.style == next.style }

func (p *picture) flush(r *run) {
	if r.text != "" {
		fmt.Fprintf(&p.text, `<text x="%d" y="%d" fill="%s"%s textLength="%d" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
			r.x*cellWidth, r.y*cellHeight+baseline, r.fg, r.style, r.cells*cellWidth, html.EscapeString(r.text))
	}
	*r = run{}
}

// inks are the colours of a cell's text and ground.
func inks(s uv.Style) (fg, bg string) {
	fg, bg = hex(s.Fg, defaultText), hex(s.Bg, defaultGround)
	if s.Attrs&uv.AttrReverse != 0 {
		return bg, fg
	}
	return fg, bg
}

func hex(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

func decorations(s uv.Style) string {
	out := ""
	if s.Attrs&uv.AttrBold != 0 {
		out += ` font-weight="bold"`
	}
	if s.Attrs&uv.AttrItalic != 0 {
		out += ` font-style="italic"`
	}
	if s.Attrs&uv.AttrFaint != 0 {
		out += ` opacity=".6"`
	}
	if s.Underline != 0 {
		out += ` text-decoration="underline"`
	}
	return out
}

// svg puts the layers together.
func (p *picture) svg() string {
	w, h := p.cols*cellWidth+2*margin, p.rows*cellHeight+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="%d %d %d %d">`+"\n", w, h, -margin, -margin, w, h)
	fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="%s"/>`+"\n", -margin, -margin, w, h, defaultGround)
	for _, fill := range []map[string]*strings.Builder{p.grounds, p.shapes} {
		paths(&b, fill, `<path fill="%s" d="%s"/>`)
	}
	paths(&b, p.lines, `<path fill="none" stroke="%s" d="%s"/>`)
	paths(&b, p.dots, `<path fill="none" stroke="%s" stroke-width="2.4" stroke-linecap="round" d="%s"/>`)
	fmt.Fprintf(&b, `<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="%v" style="white-space:pre">`+"\n", textSize)
	b.WriteString(p.text.String() + "</g>\n</svg>\n")
	return b.String()
}

func paths(b *strings.Builder, layers map[string]*strings.Builder, format string) {
	for _, ink := range slices.Sorted(maps.Keys(layers)) {
		fmt.Fprintf(b, format+"\n", ink, layers[ink].String())
	}
}

func layer(layers map[string]*strings.Builder, ink string) *strings.Builder {
	if layers[ink] == nil {
		layers[ink] = &strings.Builder{}
	}
	return layers[ink]
}

func rect(b *strings.Builder, x, y, w, h int) { fmt.Fprintf(b, "M%d %dh%dv%dh%dz", x, y, w, h, -w) }
