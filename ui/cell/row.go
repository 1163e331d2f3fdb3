package cell

import (
	"cmp"
	"slices"
)

// Item is a part of a row that has to fit. Keep says how long it stays: where the room is short, the item with the
// smallest Keep goes first, and of equals the last one.
type Item struct {
	Line  Line
	Keep  int
	Right bool // pushed to the right edge, with the other such items
}

// Row lays items out in one row of w columns, gap blanks between them, dropping whole items until the rest fits. The
// last item left is clipped.
func Row(w, gap int, items ...Item) Grid {
	kept := slices.DeleteFunc(slices.Clone(items), func(it Item) bool { return it.Line.Width() == 0 })
	for len(kept) > 1 && need(kept, gap) > w {
		kept = slices.Delete(kept, least(kept), least(kept)+1)
	}
	g := New(w, 1)
	x := 0
	for _, it := range kept {
		if !it.Right {
			x = g.Put(x, 0, it.Line.Clip(w-x)) + gap
		}
	}
	x = w
	for _, it := range slices.Backward(kept) {
		if it.Right {
			x -= it.Line.Width()
			g.Put(max(0, x), 0, it.Line.Clip(w))
			x -= gap
		}
	}
	return g
}

// least finds the item to drop first.
func least(items []Item) int {
	at := 0
	for i, it := range items {
		if cmp.Compare(it.Keep, items[at].Keep) <= 0 {
			at = i
		}
	}
	return at
}

func need(items []Item, gap int) int {
	n := gap * (len(items) - 1)
	for _, it := range items {
		n += it.Line.Width()
	}
	return n
}
