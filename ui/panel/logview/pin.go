package logview

import (
	"slices"
	"strings"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// The bounds of pinned columns: how many there are, and how wide one is.
const (
	mostPins  = 8
	widestPin = 24
	slimmest  = 4
)

// Pin pins a field as a column before the message, or takes the column away; it tells whether it is there now. More than
// eight columns are not taken.
func (l *Logs) Pin(name string) bool {
	if i := slices.Index(l.pins, name); i >= 0 {
		l.pins = slices.Delete(slices.Clone(l.pins), i, i+1)
		return false
	}
	if name == "" || len(l.pins) >= mostPins {
		return false
	}
	l.pins = append(slices.Clip(l.pins), name)
	return true
}

// Pins are the pinned fields in the order of their columns.
func (l *Logs) Pins() []string { return slices.Clone(l.pins) }

// PinSelected pins the field that is selected in an opened line; false when none is.
func (l *Logs) PinSelected() (name string, pinned, ok bool) {
	if l.opened == nil {
		return "", false, false
	}
	f, ok := l.opened.field()
	if !ok {
		return "", false, false
	}
	name = f.Name.String()
	return sources.Visible(name), l.Pin(name), true
}

// columns are the widths of the pinned columns that fit into w: each as wide as its widest value among the lines on the
// screen and the last part of its name, together at most half of the room.
func (l *Logs) columns(w int) []int {
	room := w / 2
	var out []int
	for i, name := range l.pins {
		width := max(slimmest, cell.Width(name[strings.LastIndexByte(name, '.')+1:]))
		for _, line := range l.lines[min(l.top, len(l.lines)):min(l.top+max(l.height, 1), len(l.lines))] {
			width = max(width, cell.Width(fieldAt(line, i)))
		}
		width = min(width, widestPin)
		if room -= width + 1; room < 0 {
			break
		}
		out = append(out, width)
	}
	return out
}

// pinned are the values of the pinned columns of a line.
func (l *Logs) pinned(line frame.LogLine, columns []int) cell.Line {
	var out cell.Line
	for i, w := range columns {
		value := fieldAt(line, i)
		if value == "" {
			value = cell.None
		}
		out = out.And(cell.Note, part.Pad(clip(value, w), w)+" ")
	}
	return out
}

// pinHead names the pinned columns, over where their values stand.
func (l *Logs) pinHead(columns []int, margin, w int) cell.Line {
	out := cell.Say(cell.Head, part.Pad("   TIME", margin))
	for i, width := range columns {
		out = out.And(cell.Head, part.Pad(clip(lastOf(l.pins[i], width), width), width)+" ")
	}
	out = out.And(cell.Head, "MESSAGE")
	if left := len(l.pins) - len(columns); left > 0 {
		out = out.And(cell.Dim, "  "+cell.Count(int64(left))+" more pinned: no room")
	}
	return out.Clip(w)
}

// fieldAt is what a line says in the pinned column i, one row of it.
func fieldAt(line frame.LogLine, i int) string {
	if i >= len(line.Fields) {
		return ""
	}
	return head(line.Fields[i].Value, widestPin+1)
}

// lastOf is a field's name, or its last part where the whole one does not fit.
func lastOf(name string, w int) string {
	if cell.Width(name) <= w {
		return name
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

func clip(s string, w int) string { return cell.Say(cell.Plain, s).Clip(w).String() }
