package part

import (
	"strings"

	"rampart/analysis/frame"
	"rampart/ui/cell"
)

// Heading starts a part of a page: its name, and what goes with it on the right.
func Heading(w int, title string, right cell.Line) cell.Grid {
	return cell.Row(w, 2, cell.Item{Line: cell.Say(cell.Title, " "+title), Keep: 2}, cell.Item{Line: right, Keep: 1, Right: true})
}

// Ruled is a thin line across, with a text in it where there is something to say.
func Ruled(w int, text cell.Line) cell.Grid {
	g := cell.New(w, 1)
	g.Fill(0, 0, w, 1, "─", cell.Rule)
	if len(text) > 0 {
		g.Put(2, 0, cell.Say(cell.Rule, " ").With(text.Clip(max(0, w-6))).And(cell.Rule, " "))
	}
	return g
}

// Paragraph wraps a line behind a margin.
func Paragraph(w int, line cell.Line) cell.Grid {
	lines := cell.Wrap(line, w-3)
	g := cell.New(w, len(lines))
	for i, l := range lines {
		g.Put(2, i, l)
	}
	return g
}

// Gap is an empty row.
func Gap(w int) cell.Grid { return cell.New(w, 1) }

// Note says in an otherwise empty panel why it is empty.
func Note(box Box, f *frame.Frame, why string) cell.Grid {
	if f == nil {
		why = "nothing has answered yet"
	} else if len(f.Waiting) > 0 {
		why = "waiting for the first answer of " + strings.Join(f.Waiting, " and ")
	}
	g := cell.New(box.W, box.H)
	g.Blit(0, min(1, max(0, box.H-1)), Paragraph(box.W, cell.Say(cell.Unknown, why)))
	return g
}

// Labelled is a label and what stands behind it, at a fixed column.
func Labelled(w, at int, label string, line cell.Line) cell.Grid {
	g := cell.New(w, 1)
	g.Write(2, 0, label, cell.Dim)
	g.Put(at, 0, line.Clip(w-at))
	return g
}

// Pad fills a text up to n columns on the right.
func Pad(s string, n int) string {
	if d := n - cell.Width(s); d > 0 {
		return s + strings.Repeat(" ", d)
	}
	return s
}
