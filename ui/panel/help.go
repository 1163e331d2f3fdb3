package panel

import (
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Help lists the keys. Its rows come from the model's one key table.
type Help struct {
	part.Still
	part.Scroll
	Rows []part.KeyRow
}

// Name is the panel's word.
func (*Help) Name() string { return "help" }

// Title is the panel's heading.
func (*Help) Title() string { return "help" }

// helpWidth is what a column of keys and what they do needs at least, helpAt where the words begin.
const (
	helpWidth = 56
	helpAt    = 22
)

// View draws the keys by the place where they work, and what the signs mean, in as many columns as there is room for.
func (p *Help) View(_ *frame.Frame, _ part.State, box part.Box) cell.Grid {
	n := max(1, box.W/helpWidth)
	w := box.W / n
	return p.Draw(inColumns(append(p.keys(w), signs(w)...), n, w, box.H), box)
}

// helpRow is a key, or a sign, with what it says, and the place under which it stands.
type helpRow struct {
	where string
	cells cell.Grid
}

// keys are the rows of the key table.
func (p *Help) keys(w int) []helpRow {
	if len(p.Rows) == 0 {
		return []helpRow{{"keys", part.Paragraph(w, cell.Say(cell.Dim, "no key table"))}}
	}
	var out []helpRow
	for _, r := range p.Rows {
		out = append(out, helpRow{r.Where, explained(w, cell.Say(cell.Key, r.Keys), r.Does)})
	}
	return out
}

// explained is a sign and what it says, on as many lines as that takes.
func explained(w int, sign cell.Line, says string) cell.Grid {
	lines := cell.Wrap(cell.Say(cell.Plain, says), max(w-helpAt-1, 1))
	g := cell.New(w, max(1, len(lines)))
	g.Put(3, 0, sign.Clip(helpAt-4))
	for i, l := range lines {
		g.Put(helpAt, i, l)
	}
	return g
}

// inColumns lays rows out in at most n columns of w: as high as the screen, or higher where that is not enough, so that
// they scroll together.
func inColumns(rows []helpRow, n, w, h int) cell.Grid {
	total := 0
	for i, r := range rows {
		if total += r.cells.H; i == 0 || rows[i-1].where != r.where {
			total += 2
		}
	}
	for h = max(h, total/n); ; h++ {
		if columns := columnsOf(rows, w, h); len(columns) <= n {
			return cell.Beside(columns...)
		}
		if n == 1 {
			h = total
		}
	}
}

// columnsOf fills columns of w by h, each of which begins with the name of the place that its first row belongs to.
func columnsOf(rows []helpRow, w, h int) []cell.Grid {
	var columns []cell.Grid
	var column []cell.Grid
	used, where := 0, ""
	for _, r := range rows {
		adds := []cell.Grid{r.cells}
		if r.where != where {
			adds = []cell.Grid{part.Gap(w), part.Heading(w, r.where, nil), r.cells}
		}
		height := r.cells.H + len(adds) - 1
		if len(column) == 0 || used+height > h {
			if len(column) > 0 {
				columns = append(columns, cell.Stack(column...))
			}
			column, used = nil, 0
			adds, height = []cell.Grid{part.Heading(w, r.where, nil), r.cells}, r.cells.H+1
		}
		column, used, where = append(column, adds...), used+height, r.where
	}
	return append(columns, cell.Stack(column...))
}

// signs explains the marks, the splits and the calls.
func signs(w int) []helpRow {
	var out []helpRow
	for _, s := range []struct {
		sign cell.Line
		says string
	}{
		{cell.Worse.Line(), "worse than the limit allows"},
		{cell.Better.Line(), "better"},
		{cell.Safe.Line(), "shown to be within the safe margin"},
		{cell.Undecided.Line(), "not enough evidence yet, either way"},
		{cell.Report.Line(), "shown, not judged"},
		{cell.Missing.Line(), "nothing to show; why is said beside it"},
		{cell.Say(cell.Warn, "!"), "over a static limit, which is not evidence"},
		{cell.OldMark.Line(), "too old to act on"},
		{cell.Say(cell.Tick, "◆ ● ▲"), "on charts: the split changed, an action, the call changed"},
		{cell.Say(cell.Tick, "! ○ ◇"), "on charts: an alert, a restart or reload, a new version"},
		{cell.Say(cell.Legacy, "┈").And(cell.Candidate, " ─"), "legacy dotted, candidate solid"},
		{cell.Say(cell.Plain, "E"), "evidence: so many times likelier than by chance; 20× is needed at alpha 0.05"},
		{cell.Say(cell.Plain, "asked"), "split asked for; set by the plane; effective with the servers up; seen in traffic"},
	} {
		out = append(out, helpRow{"signs", explained(w, s.sign, s.says)})
	}
	return out
}

// Selected has nothing to copy.
func (*Help) Selected(*frame.Frame) string { return "" }

// Hints are the keys that matter most.
func (*Help) Hints() []part.Hint {
	return []part.Hint{{Key: "esc", Does: "back"}, {Key: "j k", Does: "scroll"}, {Key: ":", Does: "command"}}
}
