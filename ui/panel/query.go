package panel

import (
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Query shows the expanded queries behind the numbers, so that each can be asked again elsewhere.
type Query struct {
	part.Still
	part.List
	panel string
}

// Name is the panel's word.
func (*Query) Name() string { return "query" }

// Title is the panel's heading.
func (*Query) Title() string { return "queries" }

// For puts the queries of a measure or panel first; "" leaves the frame's order.
func (q *Query) For(panel string) { q.panel, q.Sel, q.Top = panel, 0, 0 }

// View lists the queries and writes the selected one out.
func (q *Query) View(f *frame.Frame, _ part.State, box part.Box) cell.Grid {
	all := q.queries(f)
	if len(all) == 0 {
		return part.Note(box, f, "no query has been asked yet")
	}
	t := cell.Table{Columns: []cell.Column{{Head: part.Pad("PANEL", part.MeasureWidth), Max: 24, Min: 8, Keep: 2}, {Head: "MEASURE", Max: 24, Min: 8, Keep: 1}, {Head: "QUERY", Min: 20, Keep: 3, Grow: true}}}
	for _, x := range all {
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{cell.Say(cell.Plain, x.Panel), cell.Say(cell.Dim, x.Measure), cell.Say(cell.Dim, x.Text)}})
	}
	h := min(len(all)+1, max(3, box.H/2))
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, q.Draw(t, nil, box.W, h))
	x := all[q.Sel]
	g.Blit(0, h, part.Ruled(box.W, cell.Say(cell.Title, x.Panel).And(cell.Dim, " · y copies it")))
	text := x.Text
	if text == "" {
		text = "not asked yet"
	}
	full := part.Paragraph(box.W, cell.Say(cell.Plain, text))
	g.Blit(0, h+1, full)
	if x.Note != "" {
		g.Blit(0, h+1+full.H, part.Paragraph(box.W, cell.Say(cell.Note, x.Note)))
	}
	return g
}

// queries are the frame's, those that were asked for first.
func (q *Query) queries(f *frame.Frame) []frame.Query {
	if f == nil {
		return nil
	}
	var first, rest []frame.Query
	for _, x := range f.Queries {
		if q.panel != "" && (x.Panel == q.panel || x.Measure == q.panel) {
			first = append(first, x)
		} else {
			rest = append(rest, x)
		}
	}
	return append(first, rest...)
}

// Selected is the selected query's text.
func (q *Query) Selected(f *frame.Frame) string {
	all := q.queries(f)
	if q.Sel >= len(all) {
		return ""
	}
	return sources.Visible(all[q.Sel].Text)
}

// Hints are the keys that matter most.
func (*Query) Hints() []part.Hint {
	return []part.Hint{{Key: "y", Does: "copy"}, {Key: "j k", Does: "query"}, {Key: "esc", Does: "back"}, {Key: "?", Does: "help"}}
}
