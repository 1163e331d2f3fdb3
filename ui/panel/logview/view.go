package logview

import (
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// View draws the patterns, a line that says which lines these are, what they are left in by, and the lines.
func (l *Logs) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	l.mask(st.Now)
	l.folds = nil
	switch {
	case l.opened != nil:
		return l.opened.view(l, st, box)
	case l.diff.shown:
		return l.diff.view(f, st, box)
	case l.pairs.shown:
		return l.pairs.view(f, st, box)
	}
	g := cell.New(box.W, box.H)
	y := 0
	if f != nil && !st.Wide && box.H >= 24 {
		y = min(len(f.Logs.Patterns)+2, box.H/3)
		g.Blit(0, 0, part.PatternTable(nil, f, st, box.W, y))
	}
	g.Blit(0, y, l.status(f, st, box.W, y > 0))
	y++
	if chips, any := l.chips(st, box.W); any {
		g.Blit(0, y, chips)
		y++
	}
	columns := l.columns(box.W)
	if len(columns) > 0 {
		g.Put(0, y, l.pinHead(columns, l.margin(box.W), box.W))
		y++
	}
	l.height = max(0, box.H-y)
	if len(l.lines) == 0 {
		g.Blit(0, y, part.Note(part.Box{W: box.W, H: l.height}, f, l.why(f)))
		return g
	}
	l.draw(&g, y, st, columns)
	return g
}

// draw draws the lines from row y on.
func (l *Logs) draw(g *cell.Grid, y int, st part.State, columns []int) {
	l.width = max(8, g.W-l.margin(g.W)-pinWidth(columns))
	l.place(l.height)
	for i := l.top; i < len(l.lines) && y < g.H; i++ {
		for n, row := range l.rows(i, st, g.W, columns) {
			g.Put(0, y, row)
			if i == l.sel {
				g.Light(0, y, g.W, 1)
				if n == 0 {
					g.Write(0, y, "›", cell.Accent)
				}
			}
			if y++; y >= g.H {
				break
			}
		}
	}
}

// why says why there is no line.
func (l *Logs) why(f *frame.Frame) string {
	switch {
	case l.err != nil:
		return "lines could not be asked for: " + l.err.Error()
	case f != nil && f.Logs.Err != "":
		return "the log source cannot be read: " + f.Logs.Err
	case l.tag == 0 || l.pending:
		return "lines are being asked for"
	case len(l.filter.chips()) > 0:
		if l.page.Index {
			return "no line in the index matches the filter: & changes it, - searches a longer window, backspace drops the newest condition"
		}
		return "no line held matches the filter: & changes it, backspace drops the newest condition"
	}
	return "no line is held yet"
}

// place scrolls so that the selected line is on the screen, at the bottom while the newest is followed.
func (l *Logs) place(h int) {
	l.sel = max(0, min(l.sel, len(l.lines)-1))
	last := l.sel
	if !l.follow {
		l.top = min(l.top, l.sel)
		if l.used(l.top, l.sel, h) <= h && l.used(l.top, len(l.lines)-1, h) >= h {
			return
		}
		if l.used(l.top, l.sel, h) <= h {
			last = len(l.lines) - 1
		}
	}
	l.top = last
	for used := l.tall(last); l.top > 0 && used < h; l.top-- {
		if used += l.tall(l.top - 1); used > h {
			break
		}
	}
}

// used is how many rows the lines from a to b take, counted no further than a little over limit.
func (l *Logs) used(a, b, limit int) int {
	n := 0
	for i := max(0, a); i <= b && n <= limit; i++ {
		n += l.tall(i)
	}
	return n
}

func (l *Logs) tall(i int) int {
	if !l.wrap {
		return 1
	}
	return max(1, len(l.folded(i)))
}

// folded is a line in rows, cut once for one drawing: where it is measured and where it is drawn.
func (l *Logs) folded(i int) []cell.Line {
	if rows, ok := l.folds[i]; ok {
		return rows
	}
	if l.folds == nil {
		l.folds = map[int][]cell.Line{}
	}
	l.folds[i] = l.wrapped(l.lines[i], l.width, l.height)
	return l.folds[i]
}
