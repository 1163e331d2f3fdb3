package logview

import (
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// opened is a line with all its fields, one of which is selected; the message is the first. Long values (a stack trace,
// an object) are folded.
type opened struct {
	line     frame.LogLine
	picks    bool // it was opened to choose columns: each field is one row
	sel, top int
	rows     []int // of each entry when last drawn
	height   int
	unfolded map[int]bool
}

// Open returns the id of the selected line, whose fields the model asks for and hands to SetLine.
func (l *Logs) Open() (id string, ok bool) {
	if l.sel >= len(l.lines) || l.opened != nil || l.diff.shown || l.pairs.shown {
		return "", false
	}
	return l.lines[l.sel].ID, true
}

// SetLine shows an opened line with its fields; Back closes it.
func (l *Logs) SetLine(line frame.LogLine) {
	l.opened = &opened{line: line, unfolded: map[int]bool{}}
}

// SetFields shows the fields of a line to choose columns from.
func (l *Logs) SetFields(line frame.LogLine) {
	l.SetLine(line)
	l.opened.picks, l.opened.sel = true, min(1, len(line.Fields))
}

// Enter unfolds or folds the selected value of an opened line, or pins it where columns are chosen. Open names the line
// whose fields have to be asked for.
func (l *Logs) Enter(*frame.Frame) string {
	switch {
	case l.opened != nil && l.opened.picks:
		l.PinSelected()
	case l.opened != nil:
		l.opened.unfolded[l.opened.sel] = !l.opened.unfolded[l.opened.sel]
	}
	return ""
}

// Back closes an opened line, or the comparison.
func (l *Logs) Back() bool {
	was := l.opened != nil || l.diff.shown || l.pairs.shown
	if l.opened != nil {
		l.opened = nil
	} else {
		l.diff.shown, l.pairs.shown = false, false
	}
	return was
}

// field is the selected field; false on the message.
func (o *opened) field() (frame.Field, bool) {
	if o.sel < 1 || o.sel > len(o.line.Fields) {
		return frame.Field{}, false
	}
	return o.line.Fields[o.sel-1], true
}

// move selects another field; within one that is taller than the screen it scrolls first.
func (o *opened) move(m part.Move) {
	last := len(o.line.Fields)
	switch m {
	case part.Up:
		if o.begins(o.sel) < o.top {
			o.top--
			return
		}
		o.sel--
	case part.Down:
		if o.begins(o.sel+1) > o.top+o.height {
			o.top++
			return
		}
		o.sel++
	case part.Top:
		o.sel, o.top = 0, 0
	case part.Bottom:
		o.sel = last
	case part.HalfUp, part.PageUp:
		o.sel -= max(1, o.height/2)
	case part.HalfDown, part.PageDown:
		o.sel += max(1, o.height/2)
	case part.Left, part.Right:
	}
	o.sel = max(0, min(o.sel, last))
}

// begins is the row at which an entry begins, as it was last drawn.
func (o *opened) begins(i int) (row int) {
	for _, n := range o.rows[:max(0, min(i, len(o.rows)))] {
		row += n
	}
	return row
}

// view draws the line with its fields, the selected one lit.
func (o *opened) view(l *Logs, st part.State, box part.Box) cell.Grid {
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, part.Ruled(box.W, o.title(st)))
	o.height = max(1, box.H-1)
	body := cell.New(box.W, o.height)
	name := o.names()
	o.rows = o.rows[:0]
	var grids []cell.Grid
	for i := range len(o.line.Fields) + 1 {
		entry := o.entry(i, name, box.W, l)
		grids, o.rows = append(grids, entry), append(o.rows, entry.H)
	}
	o.scroll()
	y := -o.top
	for i, entry := range grids {
		if y+entry.H > 0 && y < body.H {
			body.Blit(0, y, entry)
			if i == o.sel {
				body.Light(0, y, box.W, entry.H-o.gap(i))
				body.Write(0, y, "›", cell.Accent)
			}
		}
		y += entry.H
	}
	if len(o.line.Fields) == 0 {
		body.Blit(0, y+1, part.Paragraph(box.W, cell.Say(cell.Dim, "the source gave no field but the message")))
	}
	g.Blit(0, 1, body)
	return g
}

func (o *opened) title(st part.State) cell.Line {
	line := o.line
	if o.picks {
		return cell.Say(cell.Title, "fields").And(cell.Dim, " · p or enter pins one as a column, esc goes back")
	}
	return levelMark(line.Level).And(cell.Title, " "+line.Level.String()).And(cell.Dim, " · ").And(cell.Plain, line.Arm.String()).
		And(cell.Dim, " · ").And(cell.Plain, line.At.In(st.Location()).Format("2006-01-02 15:04:05.000 MST"))
}

// names is the width of the column of names.
func (o *opened) names() int {
	name := 8
	for _, f := range o.line.Fields {
		name = min(28, max(name, cell.Width(head(f.Name, 28))))
	}
	return name
}

// scroll brings the selected entry onto the screen, its beginning first where it is taller than that.
func (o *opened) scroll() {
	from, to := o.begins(o.sel), o.begins(o.sel+1)
	if to > o.top+o.height && to-from <= o.height {
		o.top = to - o.height
	}
	if from < o.top && to <= o.top || from >= o.top+o.height {
		o.top = from
	}
	o.top = max(0, min(o.top, o.begins(len(o.rows))-1))
}

// entry draws the message or one field.
func (o *opened) entry(i, name, w int, l *Logs) cell.Grid {
	at, label, value := 2, "", o.line.Message
	if i > 0 {
		at, label, value = name+5, head(o.line.Fields[i-1].Name, name), o.line.Fields[i-1].Value
	}
	rows := o.folded(i, value, max(8, w-at-1))
	g := cell.New(w, max(1, len(rows))+o.gap(i))
	if i > 0 {
		g.Put(3, 0, cell.Say(cell.Dim, label).Clip(name))
	}
	if i > 0 && l.hasPin(label) {
		g.Write(1, 0, "◆", cell.Accent)
	}
	for y, row := range rows {
		g.Put(at, y, row)
	}
	return g
}

// gap is the blank row below the message, which is not part of it.
func (o *opened) gap(i int) int {
	if i == 0 && !o.picks {
		return 1
	}
	return 0
}

func (l *Logs) hasPin(name string) bool {
	for _, p := range l.pins {
		if sources.Visible(p) == name {
			return true
		}
	}
	return false
}
