package cell

// Column is a column of a table.
type Column struct {
	Head  string
	Min   int  // columns it may be squeezed to; 0 means that it is never cut
	Max   int  // columns it never passes; 0 means no bound
	Keep  int  // the column with the smallest Keep is dropped first; the one with the greatest stays to the end
	Right bool // numbers: aligned on the right
	Grow  bool // takes what room is left
}

// TableRow is a row: a mark, then one line a column. Missing lines are blank. A line aligned on the left runs on over
// empty cells after it, so that a sentence can stand where there are no numbers.
type TableRow struct {
	Mark  Mark
	Cells []Line
}

// Table is a table with a head. Selected is the row that stands on the selection's ground, behind a pointer that reads
// without colour; -1 selects none. Top is the first row shown.
type Table struct {
	Columns  []Column
	Rows     []TableRow
	Selected int
	Top      int
	NoHead   bool
}

// tableGap is the room between columns, markWidth that of the pointer and the mark in front of them.
const (
	tableGap  = 2
	markWidth = 3
)

// Draw lays the table out in w columns and h rows. Columns that do not fit are squeezed as far as their Min allows, then
// dropped, smallest Keep first. Where rows are left out, the last row says how many; the first row is always shown.
func (t Table) Draw(w, h int) Grid {
	g := New(w, h)
	widths := t.widths(w - markWidth)
	y := 0
	if !t.NoHead && h > 0 {
		t.head(&g, widths)
		y = 1
	}
	room, rows := h-y, t.Rows[min(max(0, t.Top), len(t.Rows)):]
	for i, row := range rows {
		if i >= room {
			break
		}
		if hidden := len(rows) - i; i == room-1 && i > 0 && hidden > 1 {
			g.Write(markWidth, y+i, "… "+Count(int64(hidden))+" more", Dim)
			break
		}
		t.row(&g, y+i, row, widths, t.Top+i == t.Selected)
	}
	return g
}

func (t Table) head(g *Grid, widths []int) {
	x := markWidth
	for i, c := range t.Columns {
		if widths[i] == 0 {
			continue
		}
		place(g, x, 0, widths[i], Say(Head, c.Head), c.Right)
		x += widths[i] + tableGap
	}
}

func (t Table) row(g *Grid, y int, row TableRow, widths []int, selected bool) {
	if selected {
		g.Write(0, y, "›", Accent)
		g.Light(0, y, g.W, 1)
	}
	g.Write(1, y, row.Mark.Glyph(), row.Mark.Tone())
	x := markWidth
	for i, c := range t.Columns {
		if widths[i] == 0 {
			continue
		}
		if line := row.cell(i); len(line) > 0 {
			place(g, x, y, t.room(row, i, widths), line, c.Right)
		}
		x += widths[i] + tableGap
	}
}

// cell returns the line of column i.
func (r TableRow) cell(i int) Line {
	if i >= len(r.Cells) {
		return nil
	}
	return r.Cells[i]
}

// spills tells whether the line of column i may run on over an empty cell after it.
func (t Table) spills(row TableRow, i int) bool {
	return !t.Columns[i].Right && i+1 < len(t.Columns) && row.cell(i+1).Width() == 0
}

// room is what the line of column i may take: its column, and the empty ones after it.
func (t Table) room(row TableRow, i int, widths []int) int {
	room := widths[i]
	for t.spills(row, i) {
		if i++; widths[i] > 0 {
			room += tableGap + widths[i]
		}
		if t.Columns[i].Right {
			break
		}
	}
	return room
}

// place writes a line into w columns at x, on the right side of them for numbers.
func place(g *Grid, x, y, w int, line Line, right bool) {
	line = line.Clip(w)
	if right {
		x += w - line.Width()
	}
	g.Put(x, y, line)
}
