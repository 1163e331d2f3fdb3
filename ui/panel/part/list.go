package part

import (
	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
)

// List is the view state of rows of which one is selected.
type List struct {
	Sel, Top int
	rows     int // how many there were when last drawn
	page     int // how many fitted
}

// Move moves the selection.
func (l *List) Move(m Move) {
	switch m {
	case Up:
		l.Sel--
	case Down:
		l.Sel++
	case Top:
		l.Sel = 0
	case Bottom:
		l.Sel = l.rows - 1
	case HalfUp:
		l.Sel -= max(1, l.page/2)
	case HalfDown:
		l.Sel += max(1, l.page/2)
	case PageUp:
		l.Sel -= max(1, l.page)
	case PageDown:
		l.Sel += max(1, l.page)
	case Left, Right:
	}
	l.Sel = max(0, min(l.Sel, l.rows-1))
}

// Fit scrolls so that the selected of n rows is seen in h rows, of which the last says how many are left out.
func (l *List) Fit(n, h int) {
	l.rows, l.page = n, max(1, h)
	l.Sel = max(0, min(l.Sel, n-1))
	l.Top = max(0, min(l.Top, n-h))
	if l.Sel < l.Top {
		l.Top = l.Sel
	}
	for l.Top < l.Sel && l.Sel >= l.Top+seen(n-l.Top, h) {
		l.Top++
	}
}

// seen is how many of n rows are drawn in h.
func seen(n, h int) int {
	if n > h {
		return max(1, h-1)
	}
	return n
}

// Draw draws a table with the selection, and the marks that a table does not know.
func (l *List) Draw(t cell.Table, marks []analysis.Mark, w, h int) cell.Grid {
	l.Fit(len(t.Rows), h-1)
	t.Selected, t.Top = l.Sel, l.Top
	return DrawTable(t, marks, w, h)
}

// DrawTable draws a table whose rows have the marks of findings.
func DrawTable(t cell.Table, marks []analysis.Mark, w, h int) cell.Grid {
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

// Scroll is the view state of a page that is longer than the screen.
type Scroll struct{ top, rows, page int }

// Move scrolls.
func (s *Scroll) Move(m Move) {
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

// Draw shows the part of a page that the box has room for, and says how much is left below.
func (s *Scroll) Draw(page cell.Grid, box Box) cell.Grid {
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

// Still is a panel in which nothing can be opened: all of it is on the screen.
type Still struct{}

// Enter opens nothing.
func (Still) Enter(*frame.Frame) string { return "" }

// Back has nothing to close.
func (Still) Back() bool { return false }
