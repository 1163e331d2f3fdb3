package panel

import (
	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
)

// list is the view state of rows of which one is selected.
type list struct {
	sel, top int
	rows     int // how many there were when last drawn
	page     int // how many fitted
}

// Move moves the selection.
func (l *list) Move(m Move) {
	switch m {
	case Up:
		l.sel--
	case Down:
		l.sel++
	case Top:
		l.sel = 0
	case Bottom:
		l.sel = l.rows - 1
	case HalfUp:
		l.sel -= max(1, l.page/2)
	case HalfDown:
		l.sel += max(1, l.page/2)
	case PageUp:
		l.sel -= max(1, l.page)
	case PageDown:
		l.sel += max(1, l.page)
	case Left, Right:
	}
	l.sel = max(0, min(l.sel, l.rows-1))
}

// fit scrolls so that the selected of n rows is seen in h rows, of which the last says how many are left out.
func (l *list) fit(n, h int) {
	l.rows, l.page = n, max(1, h)
	l.sel = max(0, min(l.sel, n-1))
	l.top = max(0, min(l.top, n-h))
	if l.sel < l.top {
		l.top = l.sel
	}
	for l.top < l.sel && l.sel >= l.top+seen(n-l.top, h) {
		l.top++
	}
}

// seen is how many of n rows are drawn in h.
func seen(n, h int) int {
	if n > h {
		return max(1, h-1)
	}
	return n
}

// draw draws a table with the selection, and the marks that a table does not know.
func (l *list) draw(t cell.Table, marks []analysis.Mark, w, h int) cell.Grid {
	l.fit(len(t.Rows), h-1)
	t.Selected, t.Top = l.sel, l.top
	return drawTable(t, marks, w, h)
}

// drawTable draws a table whose rows have the marks of findings.
func drawTable(t cell.Table, marks []analysis.Mark, w, h int) cell.Grid {
	for i := range t.Rows {
		if i < len(marks) {
			t.Rows[i].Mark = markOf(marks[i])
		}
	}
	g := t.Draw(w, h)
	shown := seen(len(t.Rows)-t.Top, h-1)
	for i := range shown {
		if at := t.Top + i; at < len(marks) && marks[at] == analysis.MarkWarn {
			g.Write(1, i+1, "!", cell.Warn)
		}
	}
	return g
}

// scroll is the view state of a page that is longer than the screen.
type scroll struct{ top, rows, page int }

// Move scrolls.
func (s *scroll) Move(m Move) {
	switch m {
	case Up:
		s.top--
	case Down:
		s.top++
	case Top:
		s.top = 0
	case Bottom:
		s.top = s.rows
	case HalfUp:
		s.top -= max(1, s.page/2)
	case HalfDown:
		s.top += max(1, s.page/2)
	case PageUp:
		s.top -= max(1, s.page-1)
	case PageDown:
		s.top += max(1, s.page-1)
	case Left, Right:
	}
	s.top = max(0, min(s.top, s.rows-s.page))
}

// draw shows the part of a page that the box has room for, and says how much is left below.
func (s *scroll) draw(page cell.Grid, box Box) cell.Grid {
	s.rows, s.page = page.H, max(1, box.H)
	s.top = max(0, min(s.top, s.rows-s.page))
	g := cell.New(box.W, box.H)
	g.Blit(0, -s.top, page)
	if left := page.H - s.top - box.H; left > 0 {
		say := cell.Say(cell.Dim, " … "+cell.Count(int64(left+1))+" more ")
		g.Fill(0, box.H-1, box.W, 1, " ", cell.Plain)
		g.Put(max(0, box.W-say.Width()), box.H-1, say)
	}
	return g
}

// still is a panel in which nothing can be opened: all of it is on the screen.
type still struct{}

// Enter opens nothing.
func (still) Enter(*frame.Frame) string { return "" }

// Back has nothing to close.
func (still) Back() bool { return false }
