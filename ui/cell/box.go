package cell

// Box is the frame of a panel. Title stands in the top edge on the left, Legend on the right, Foot in the bottom edge on
// the right. A focused box has heavy lines as well as another tone.
type Box struct {
	Title, Legend, Foot Line
	Focus               bool
}

// Inside returns the size that is left for the content of a box of w by h, never negative.
func (b Box) Inside(w, h int) (int, int) { return max(0, w-2), max(0, h-2) }

// Around draws the box w by h with the content inside it, clipped to it.
func (b Box) Around(w, h int, content Grid) Grid {
	g := New(w, h)
	iw, ih := b.Inside(w, h)
	if w < 2 || h < 2 {
		g.Blit(0, 0, content)
		return g
	}
	b.edges(&g)
	for y := range min(ih, content.H) {
		for x := range min(iw, content.W) {
			c := content.At(x, y)
			if c.half == right || c.half == left && x+1 >= iw {
				continue
			}
			g.set(1+x, 1+y, c)
		}
	}
	return g
}

func (b Box) edges(g *Grid) {
	lines, tone := [6]string{"┌", "┐", "└", "┘", "─", "│"}, Rule
	if b.Focus {
		lines, tone = [6]string{"┏", "┓", "┗", "┛", "━", "┃"}, Accent
	}
	w, h := g.W, g.H
	g.Fill(1, 0, w-2, 1, lines[4], tone)
	g.Fill(1, h-1, w-2, 1, lines[4], tone)
	g.Fill(0, 1, 1, h-2, lines[5], tone)
	g.Fill(w-1, 1, 1, h-2, lines[5], tone)
	for i, at := range [4][2]int{{0, 0}, {w - 1, 0}, {0, h - 1}, {w - 1, h - 1}} {
		g.Mark(at[0], at[1], lines[i], tone)
	}
	left := 1
	if title := b.Title.Clip(w - 4); len(title) > 0 {
		left = g.Put(1, 0, Say(tone, " ").With(title, Say(tone, " ")))
	}
	inset(g, 0, left, b.Legend, tone)
	inset(g, h-1, 1, b.Foot, tone)
}

// inset writes a text into an edge, right aligned and one line short of the corner, where it fits to the right of left.
func inset(g *Grid, y, left int, text Line, tone Tone) {
	n := text.Width()
	x := g.W - 2 - n - 2
	if n == 0 || x < left {
		return
	}
	g.Put(x, y, Say(tone, " ").With(text, Say(tone, " ")))
}
