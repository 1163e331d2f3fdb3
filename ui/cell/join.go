package cell

// Beside joins grids from left to right; the shorter ones are blank below.
func Beside(grids ...Grid) Grid {
	w, h := 0, 0
	for _, g := range grids {
		w, h = w+g.W, max(h, g.H)
	}
	out, x := New(w, h), 0
	for _, g := range grids {
		out.Blit(x, 0, g)
		x += g.W
	}
	return out
}

// Stack joins grids from top to bottom; the narrower ones are blank on the right.
func Stack(grids ...Grid) Grid {
	w, h := 0, 0
	for _, g := range grids {
		w, h = max(w, g.W), h+g.H
	}
	out, y := New(w, h), 0
	for _, g := range grids {
		out.Blit(0, y, g)
		y += g.H
	}
	return out
}

// Lines draws lines below each other in w columns and at most h rows; where rows are left out the last one says how many.
func Lines(w, h int, lines ...Line) Grid {
	g := New(w, min(max(0, h), len(lines)))
	for y := range g.H {
		line := lines[y]
		if hidden := len(lines) - y; y == g.H-1 && hidden > 1 {
			line = Say(Dim, "… "+Count(int64(hidden))+" more lines")
		}
		g.Put(0, y, line.Clip(w))
	}
	return g
}
