package style

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rampart/ui/cell"
)

// bridge is over how many equal cells a run goes on: a new place on the screen costs more bytes than they do.
const bridge = 5

// Patch returns the sequences that make now of a terminal that shows old: the cells that differ, each at its own place,
// with the cursor and its ink left as they were. Both grids stand at the top left. It is "" where nothing differs. It is
// not ok for grids of two sizes, and where a row that differs holds a wide grapheme, of which no half can be written.
func (s *Styles) Patch(old, now cell.Grid) (text string, ok bool) {
	if old.W != now.W || old.H != now.H {
		return "", false
	}
	var b strings.Builder
	for y := range now.H {
		was, is := old.Row(y), now.Row(y)
		if slices.Equal(was, is) {
			continue
		}
		if slices.ContainsFunc(was, cell.Cell.Wide) || slices.ContainsFunc(is, cell.Cell.Wide) {
			return "", false
		}
		if b.Len() == 0 {
			b.WriteString(ansi.SaveCursor + reset)
		}
		s.patchRow(&b, y, was, is)
	}
	if b.Len() > 0 {
		b.WriteString(ansi.RestoreCursor)
	}
	return b.String(), true
}

// patchRow writes the runs in which a row differs.
func (s *Styles) patchRow(b *strings.Builder, y int, was, is []cell.Cell) {
	for from := 0; from < len(is); {
		if was[from] == is[from] {
			from++
			continue
		}
		to := from + 1 // behind the last that differs
		for x := to; x < len(is) && x < to+bridge; x++ {
			if was[x] != is[x] {
				to = x + 1
			}
		}
		fmt.Fprintf(b, "\x1b[%d;%dH", y+1, from+1)
		s.row(b, is[from:to])
		from = to
	}
}
