package panel

import (
	"fmt"

	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Footer draws the last row: the status where there is one, the keys otherwise. Help is there always.
func Footer(hints []part.Hint, status cell.Line, w int) cell.Grid {
	if status.Width() > 0 {
		help := hintLine(part.Hint{Key: "?", Does: "help"})
		return cell.Row(w, 2, cell.Item{Line: cell.Say(cell.Plain, " ").With(status).Clip(w), Keep: 2}, cell.Item{Line: help.And(cell.Plain, " "), Right: true, Keep: 1})
	}
	items := make([]cell.Item, 0, len(hints)+1)
	items = append(items, cell.Item{Line: cell.Say(cell.Plain, ""), Keep: 99})
	for i, h := range hints {
		keep := len(hints) - i
		if h.Key == "?" || h.Key == "R" {
			keep = 50
		}
		items = append(items, cell.Item{Line: hintLine(h), Keep: keep})
	}
	g := cell.New(w, 1)
	g.Blit(1, 0, cell.Row(w-1, 2, items...))
	return g
}

func hintLine(h part.Hint) cell.Line {
	if h.Off != "" {
		return cell.Say(cell.Dim, h.Key+" "+h.Does)
	}
	return cell.Say(cell.Key, h.Key).And(cell.Plain, " "+h.Does)
}

// TooSmall says which size is needed, and keeps the call on the screen where there is any room for it.
func TooSmall(f *frame.Frame, box part.Box) cell.Grid {
	g := cell.New(box.W, box.H)
	line := cell.Say(cell.Warn, fmt.Sprintf("needs %d×%d, this is %d×%d", part.LeastWidth, part.LeastHeight, box.W, box.H))
	if f == nil || box.H < 2 {
		g.Put(0, 0, line.Clip(box.W))
		return g
	}
	mark := part.CallMark(f.Verdict.Call)
	g.Put(0, 0, environment(f).And(cell.Plain, " "+f.Service+" ").And(mark.Badge(), " "+f.Verdict.Call.Label()+" "+mark.Glyph()+" ").Clip(box.W))
	g.Put(0, 1, line.Clip(box.W))
	return g
}

// Fits tells whether a screen is large enough to be used.
func Fits(box part.Box) bool { return box.W >= part.LeastWidth && box.H >= part.LeastHeight }

// BodyBox is the room that a panel has on a screen.
func BodyBox(box part.Box) part.Box { return part.Box{W: box.W, H: max(0, box.H-HeaderHeight-1)} }

// Screen puts a whole screen together: header, panel, footer. A screen that is too small says the size it needs.
func Screen(f *frame.Frame, st part.State, p Panel, hints []part.Hint, status cell.Line, box part.Box) cell.Grid {
	if !Fits(box) {
		return TooSmall(f, box)
	}
	body := p.View(f, st, BodyBox(box))
	return cell.Stack(Header(f, st, box.W), body, Footer(hints, status, box.W))
}
