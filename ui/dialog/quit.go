package dialog

import (
	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/ui/cell"
)

// Quit asks once before leaving while an action is under way.
type Quit struct {
	Gate Gate
	// Pending is the action that is half-way.
	Pending sources.Progress
}

// Key takes a key.
func (q *Quit) Key(k tea.Key) Answer {
	switch k.Keystroke() {
	case "enter":
		return Go
	case "esc":
		return Leave
	}
	return Stay
}

// View draws the question in at most w by h.
func (q *Quit) View(w, h int, open bool) cell.Grid {
	p := q.Pending
	body := cell.Say(cell.Warn, sources.Visible(p.Actor)+"'s "+p.Action.Verb.String())
	switch {
	case p.Rung >= sources.Observed || p.Done:
		body = body.And(cell.Good, " is settled: "+p.Rung.String()+".")
	case p.Rung == sources.RungNone:
		body = body.And(cell.Plain, " is not sent yet.")
	default:
		body = body.And(cell.Plain, " is "+p.Rung.String()+" and not yet observed.")
	}
	lines := append(cell.Wrap(body, inside(w)), cell.Wrap(cell.Say(cell.Plain, "It goes on without this screen; the program ends when it is settled, or after half a minute."), inside(w))...)
	return framed(w, h, frameOf{title: "leave", lines: lines, keys: keysLine(open, "enter", "quit", "esc", "stay")})
}
