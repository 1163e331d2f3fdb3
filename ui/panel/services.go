package panel

import (
	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Services lists the services of the context, worst first.
type Services struct {
	part.Still
	part.List
}

// Name is the panel's word.
func (*Services) Name() string { return "services" }

// Title is the panel's heading.
func (*Services) Title() string { return "services" }

// View draws one row a service.
func (l *Services) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil || len(f.Services) == 0 {
		return part.Note(box, f, "this context has one service: the one on the screen")
	}
	t := cell.Table{Columns: []cell.Column{
		{Head: "SERVICE", Min: 10, Max: longestName, Keep: 9}, {Head: part.Pad("CALL", 20), Keep: 8, Max: 20, Min: 9}, {Head: "SPLIT", Keep: 6}, {Head: part.Pad("AGE", part.AgeWidth), Keep: 5}, {Head: "WHY", Min: 16, Keep: 7, Grow: true},
	}}
	for _, s := range f.Services {
		mark, call := part.CallMark(s.Call), cell.Say(part.CallMark(s.Call).Tone(), s.Call.Label())
		if s.Call == analysis.CallUnknown {
			call = cell.Say(cell.Unknown, cell.None)
		}
		t.Rows = append(t.Rows, cell.TableRow{Mark: mark, Cells: []cell.Line{
			cell.Say(cell.Plain, cell.Ends(sources.Visible(s.Service), longestName)), call, cell.Say(cell.Candidate, s.Split.String()),
			cell.Say(cell.Dim, st.Recent(s.At)), cell.Say(cell.Plain, s.Sentence),
		}})
	}
	whole := l.whole(f, box)
	h := box.H - whole.H
	l.Fit(len(t.Rows), h-1)
	t.Selected, t.Top = l.Sel, l.Top
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, t.Draw(box.W, h))
	g.Blit(0, h, whole)
	return g
}

// longestName is the most of a service's name that the list shows; the selected one stands below it in full.
const longestName = 30

// whole is the selected service without anything left out, where the list has rows to spare.
func (l *Services) whole(f *frame.Frame, box part.Box) cell.Grid {
	l.Fit(len(f.Services), box.H-1)
	s := f.Services[l.Sel]
	line := cell.Say(cell.Title, sources.Visible(s.Service)).And(cell.Plain, "  "+s.Sentence)
	if g := part.Paragraph(box.W, line); g.H+7 <= box.H {
		return cell.Stack(part.Gap(box.W), g)
	}
	return cell.New(box.W, 0)
}

// Selected is the name of the selected service.
func (l *Services) Selected(f *frame.Frame) string {
	if f == nil || l.Sel >= len(f.Services) {
		return ""
	}
	return f.Services[l.Sel].Service
}

// Hints are the keys that matter most.
func (*Services) Hints() []part.Hint {
	return []part.Hint{{Key: "enter", Does: "turn to it"}, {Key: "j k", Does: "service"}, {Key: "esc", Does: "back"}, {Key: "?", Does: "help"}}
}
