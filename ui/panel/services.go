package panel

import (
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
)

// Services lists the services of the context, worst first.
type Services struct {
	still
	list
}

// Name is the panel's word.
func (*Services) Name() string { return "services" }

// Title is the panel's heading.
func (*Services) Title() string { return "services" }

// View draws one row a service.
func (l *Services) View(f *frame.Frame, st State, box Box) cell.Grid {
	if f == nil || len(f.Services) == 0 {
		return note(box, f, "this context has one service: the one on the screen")
	}
	t := cell.Table{Columns: []cell.Column{
		{Head: "SERVICE", Min: 10, Max: 30, Keep: 9}, {Head: pad("CALL", 20), Keep: 8, Max: 20, Min: 9}, {Head: "SPLIT", Keep: 6}, {Head: pad("AGE", ageWidth), Keep: 5}, {Head: "WHY", Min: 16, Keep: 7, Grow: true},
	}}
	for _, s := range f.Services {
		mark := callMark(s.Call)
		t.Rows = append(t.Rows, cell.TableRow{Mark: mark, Cells: []cell.Line{
			cell.Say(cell.Plain, sources.Visible(s.Service)), cell.Say(mark.Tone(), s.Call.Label()), cell.Say(cell.Candidate, s.Split.String()),
			cell.Say(cell.Dim, st.age(s.At)), cell.Say(cell.Plain, s.Sentence),
		}})
	}
	l.fit(len(t.Rows), box.H-1)
	t.Selected, t.Top = l.sel, l.top
	return t.Draw(box.W, box.H)
}

// Selected is the name of the selected service.
func (l *Services) Selected(f *frame.Frame) string {
	if f == nil || l.sel >= len(f.Services) {
		return ""
	}
	return f.Services[l.sel].Service
}

// Hints are the keys that matter most.
func (*Services) Hints() []Hint {
	return []Hint{{Key: "enter", Does: "turn to it"}, {Key: "j k", Does: "service"}, {Key: "esc", Does: "back"}, {Key: "?", Does: "help"}}
}
