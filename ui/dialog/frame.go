package dialog

import (
	"fmt"

	"rampart/ui/cell"
)

// widest is as wide as a dialog gets: longer lines are harder to read.
const widest = 100

// inside is the room for text in a dialog on a screen of w columns.
func inside(w int) int { return max(min(w, widest)-4, 1) }

// frameOf is a dialog's parts. Body lines scroll; pinned ones and the keys stay.
type frameOf struct {
	title  string
	stripe cell.Line
	lines  []cell.Line
	pinned []cell.Line
	keys   cell.Line
	top    int // the first body line shown
	bad    bool
}

// framed draws a dialog within w by h. The keys are in its last row whatever the height; where body lines are left out
// it says so.
func framed(w, h int, d frameOf) cell.Grid {
	w = min(w, widest)
	room := max(h-2-len(d.pinned)-1, 1)
	shown := d.lines
	if len(shown) > room {
		top := min(d.top, len(shown)-room)
		hidden := len(shown) - room
		shown = append([]cell.Line(nil), shown[top:top+room]...)
		shown[room-1] = cell.Say(cell.Dim, fmt.Sprintf("↓ ↑ %d more lines", hidden+1-top))
		if top == hidden {
			shown[room-1] = d.lines[len(d.lines)-1]
		}
	}
	inner := cell.New(max(w-4, 0), len(shown)+len(d.pinned)+1)
	for y, l := range append(append(shown, d.pinned...), d.keys) {
		inner.Put(0, y, l.Clip(inner.W))
	}
	body := cell.New(max(w-2, 0), inner.H)
	body.Blit(1, 0, inner)
	tone := cell.Title
	if d.bad {
		tone = cell.Bad
	}
	b := cell.Box{Title: cell.Say(tone, d.title), Legend: d.stripe, Focus: true}
	return b.Around(w, min(inner.H+2, max(h, 1)), body)
}

// keysLine names keys and what they do, in pairs; dim while they are not taken.
func keysLine(open bool, pairs ...string) cell.Line {
	var l cell.Line
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			l = l.And(cell.Dim, " · ")
		}
		key, text := cell.Key, cell.Plain
		if !open {
			key, text = cell.Dim, cell.Dim
		}
		l = l.And(key, pairs[i]).And(text, " "+pairs[i+1])
	}
	return l
}
