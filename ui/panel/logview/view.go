package logview

import (
	"fmt"

	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// View draws the patterns, a line that says which lines these are, and the lines.
func (l *Logs) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if l.opened != nil {
		return l.openedView(st, box)
	}
	g := cell.New(box.W, box.H)
	y := 0
	if f != nil && !st.Wide && box.H >= 24 {
		y = min(len(f.Logs.Patterns)+2, box.H/3)
		g.Blit(0, 0, part.PatternTable(nil, f, st, box.W, y))
	}
	g.Blit(0, y, l.status(f, st, box.W, y > 0))
	y++
	room := box.H - y
	l.height = room
	if len(l.lines) == 0 {
		g.Blit(0, y, part.Note(part.Box{W: box.W, H: room}, f, l.why(f)))
		return g
	}
	l.place(box.W, room)
	for i := l.top; i < len(l.lines) && y < box.H; i++ {
		for n, row := range l.rows(i, st, box.W) {
			g.Put(0, y, row)
			if i == l.sel {
				g.Light(0, y, box.W, 1)
				if n == 0 {
					g.Write(0, y, "›", cell.Accent)
				}
			}
			if y++; y >= box.H {
				break
			}
		}
	}
	return g
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
	case l.filter.text != "" || l.filter.query.Pattern != 0:
		return "no line held matches the filter: & changes it"
	}
	return "no line is held yet"
}

// status says which lines these are: followed or not, filtered, found, and how whole they are.
func (l *Logs) status(f *frame.Frame, st part.State, w int, patterns bool) cell.Grid {
	mode := cell.Say(cell.Good, "● following")
	switch {
	case !l.cursor.IsZero():
		mode = cell.Say(cell.Cursor, "around "+st.Exact(l.cursor)+" ±30 s")
	case !l.follow && l.fresh > 0:
		mode = cell.Say(cell.Warn, fmt.Sprintf("paused, %s newer: f", cell.Count(int64(l.fresh))))
	case !l.follow:
		mode = cell.Say(cell.Unknown, "paused: f follows")
	}
	var filter, search, whole cell.Line
	if l.filter.text != "" {
		filter = cell.Say(cell.Dim, "filter ").And(cell.Accent, l.filter.text).And(cell.Dim, fmt.Sprintf(" %s of %s", cell.Count(l.page.Matched), cell.Count(l.page.Held)))
	}
	if l.search.re != nil {
		search = cell.Say(cell.Dim, "search ").And(cell.Match, l.search.text).And(cell.Dim, fmt.Sprintf(" %d hits", l.search.hits(l.lines)))
	}
	if f != nil && !patterns {
		whole = part.Wholeness(f, st)
	}
	if l.err != nil {
		whole = cell.Say(cell.Bad, "! "+l.err.Error())
	}
	row := cell.Row(w-4, 3, cell.Item{Line: mode, Keep: 5}, cell.Item{Line: filter.Clip(w / 2), Keep: 4}, cell.Item{Line: search.Clip(w / 3), Keep: 3},
		cell.Item{Line: whole, Keep: 1, Right: true})
	g := part.Ruled(w, nil)
	g.Blit(3, 0, threaded(row))
	g.Write(2, 0, " ", cell.Plain)
	return g
}

// threaded draws a rule through the room between the parts of a row.
func threaded(row cell.Grid) cell.Grid {
	out := cell.New(row.W, 1)
	out.Blit(0, 0, row)
	for x := 1; x < row.W; x++ {
		if row.At(x-1, 0).Blank() && row.At(x, 0).Blank() && row.At(x+1, 0).Blank() {
			out.Mark(x, 0, "─", cell.Rule)
		}
	}
	return out
}

// place scrolls so that the selected line is on the screen, at the bottom while the newest is followed.
func (l *Logs) place(w, h int) {
	l.sel = max(0, min(l.sel, len(l.lines)-1))
	last := l.sel
	if !l.follow {
		l.top = min(l.top, l.sel)
		if l.used(l.top, l.sel, w, h) <= h && l.used(l.top, len(l.lines)-1, w, h) >= h {
			return
		}
		if l.used(l.top, l.sel, w, h) <= h {
			last = len(l.lines) - 1
		}
	}
	l.top = last
	for used := l.tall(last, w); l.top > 0; l.top-- {
		if used += l.tall(l.top-1, w); used > h {
			break
		}
	}
}

// used is how many rows the lines from a to b take, counted no further than a little over limit.
func (l *Logs) used(a, b, w, limit int) int {
	n := 0
	for i := max(0, a); i <= b && n <= limit; i++ {
		n += l.tall(i, w)
	}
	return n
}

func (l *Logs) tall(i, w int) int {
	if !l.wrap {
		return 1
	}
	return max(1, len(cell.Wrap(cell.Say(cell.Plain, l.lines[i].Message.String()), max(8, w-l.margin(w)))))
}

// openedView is one line with all of its fields.
func (l *Logs) openedView(st part.State, box part.Box) cell.Grid {
	line := *l.opened
	w := box.W
	head := levelMark(line.Level).And(cell.Title, " "+line.Level.String()).And(cell.Dim, " · ").And(cell.Plain, line.Arm.String()).
		And(cell.Dim, " · ").And(cell.Plain, line.At.In(st.Location()).Format("2006-01-02 15:04:05.000 MST"))
	parts := []cell.Grid{part.Ruled(w, head), part.Paragraph(w, cell.Say(cell.Plain, line.Message.String())), part.Gap(w)}
	name := 8
	for _, f := range line.Fields {
		name = min(28, max(name, cell.Width(f.Name.String())))
	}
	for _, f := range line.Fields {
		value := cell.Wrap(cell.Say(cell.Plain, f.Value.String()), max(8, w-name-5))
		row := cell.New(w, max(1, len(value)))
		row.Put(2, 0, cell.Say(cell.Dim, f.Name.String()).Clip(name))
		for i, v := range value {
			row.Put(name+4, i, v)
		}
		parts = append(parts, row)
	}
	if len(line.Fields) == 0 {
		parts = append(parts, part.Paragraph(w, cell.Say(cell.Dim, "the source gave no field but the message")))
	}
	return l.fields.Draw(cell.Stack(parts...), box)
}
