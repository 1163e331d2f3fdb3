package logview

import (
	"fmt"
	"strings"

	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// status says which lines these are: followed or not, searched, and how whole they are.
func (l *Logs) status(f *frame.Frame, st part.State, w int, patterns bool) cell.Grid {
	var search, marked, whole cell.Line
	if l.search.re != nil {
		hits, all := l.count(l.search)
		search = cell.Say(cell.Dim, "search ").And(cell.Match, l.search.text).And(cell.Dim, " "+cell.Count(int64(hits))+map[bool]string{false: "+"}[all]+" of these")
	}
	if n := len(l.marks.lines); n > 0 {
		marked = cell.Say(cell.Accent, "◆ ").And(cell.Plain, cell.Count(int64(n))+" marked")
	}
	if f != nil && !patterns {
		whole = part.Wholeness(f, st)
	}
	if l.err != nil {
		whole = cell.Say(cell.Bad, "! "+l.err.Error())
	}
	row := cell.Row(w-4, 3, cell.Item{Line: l.unmasked(st), Keep: 9}, cell.Item{Line: l.mode(st), Keep: 5}, cell.Item{Line: search.Clip(w / 3), Keep: 4},
		cell.Item{Line: marked, Keep: 3}, cell.Item{Line: whole, Keep: 1, Right: true})
	g := part.Ruled(w, nil)
	g.Blit(3, 0, threaded(row))
	g.Write(2, 0, " ", cell.Plain)
	return g
}

// unmasked warns while secrets stand on the screen, and says for how long.
func (l *Logs) unmasked(st part.State) cell.Line {
	if l.bare.IsZero() {
		return nil
	}
	return cell.Say(cell.BadBadge, " UNMASKED "+cell.Countdown(l.bare.Sub(st.Now))+" ")
}

// mode says whether the newest line is followed, and what waits where it is not.
func (l *Logs) mode(st part.State) cell.Line {
	switch {
	case !l.cursor.IsZero() && !l.leads:
		return cell.Say(cell.Cursor, "around "+st.Exact(l.cursor)+" ±30 s")
	case l.follow:
		return cell.Say(cell.Good, "● following")
	case l.fresh > 0 && l.newer:
		return cell.Say(cell.Warn, fmt.Sprintf("paused, %s+ newer: f", cell.Count(int64(l.fresh))))
	case l.fresh > 0:
		return cell.Say(cell.Warn, fmt.Sprintf("paused, %s newer: f", cell.Count(int64(l.fresh))))
	case l.newer:
		return cell.Say(cell.Unknown, "paused in the past: f follows")
	}
	return cell.Say(cell.Unknown, "paused: f follows")
}

// chips are the conditions that leave lines out, and what they were compared with: the index over the window, or the held
// lines alone, and then why. What was never read or is no longer held is not among those.
func (l *Logs) chips(st part.State, w int) (row cell.Grid, any bool) {
	all := l.filter.chips()
	if len(all) == 0 {
		return row, false
	}
	right := cell.Say(cell.Plain, l.counted(st))
	if l.page.Why != "" && !l.pending {
		right = right.And(cell.Warn, " · "+cut(l.page.Why, w/2))
	}
	left, fits := chipLine(all, w-right.Width()-4)
	if more := right.And(cell.Dim, " · ").And(cell.Key, "backspace").And(cell.Dim, " drops the last"); fits && left.Width()+more.Width()+4 <= w {
		right = more
	}
	return cell.Row(w, 1, cell.Item{Line: left, Keep: 2}, cell.Item{Line: right, Keep: 1, Right: true}), true
}

// counted says how many lines the conditions leave in, and of which.
func (l *Logs) counted(st part.State) string {
	switch {
	case l.pending && !l.page.Index:
		return "counting"
	case !l.page.Index:
		return cell.Count(l.page.Matched) + " of " + cell.Count(l.page.Held) + " held lines"
	}
	more := ""
	if l.older {
		more = "+"
	}
	return cell.Count(int64(len(l.lines))) + more + " in the index since " + st.Clock(l.page.Since)
}

// cut shortens a sentence by whole words.
func cut(text string, w int) string {
	if cell.Width(text) <= w {
		return text
	}
	at := strings.LastIndexByte(clip(text, max(w, 1)), ' ')
	if at < 1 {
		return clip(text, max(w, 1))
	}
	return text[:at] + "…"
}

// chipLine draws as many conditions as there is room for, and says how many are left.
func chipLine(all []string, room int) (line cell.Line, fits bool) {
	line = cell.Say(cell.Dim, " &")
	const rest = 4 // for how many are left
	most := max(8, room/2)
	if len(all) == 1 {
		most = max(8, room-line.Width()-3)
	}
	for i, c := range all {
		chip := cell.Say(cell.Plain, " ").And(cell.Accent, "▐"+clip(c, most)+"▌")
		last := i == len(all)-1
		if used := line.Width() + chip.Width(); i > 0 && (used > room || used > room-rest && !last) {
			return line.And(cell.Dim, fmt.Sprintf(" +%d", len(all)-i)), false
		}
		line = line.With(chip)
	}
	return line, true
}

// threaded draws a rule through the room between the parts of a row.
func threaded(row cell.Grid) cell.Grid {
	out := cell.New(row.W, 1)
	out.Blit(0, 0, row)
	for x := 1; x < row.W; x++ {
		if row.At(x-1, 0).Blank() && row.At(x, 0).Blank() && row.At(x+1, 0).Blank() && row.At(x, 0).Tone == cell.Plain {
			out.Mark(x, 0, "─", cell.Rule)
		}
	}
	return out
}

// Hints are the keys that matter most.
func (l *Logs) Hints() []part.Hint {
	switch {
	case l.opened != nil && l.opened.picks:
		return []part.Hint{{Key: "p", Does: "pin as a column"}, {Key: "j k", Does: "move"}, {Key: "esc", Does: "back"}, {Key: "?", Does: "help"}}
	case l.opened != nil:
		return []part.Hint{
			{Key: "enter", Does: "fold"},
			{Key: "p", Does: "pin as a column"},
			{Key: "&", Does: "filter by it"},
			{Key: "y", Does: "copy"},
			{Key: "esc", Does: "close"},
			{Key: "?", Does: "help"},
		}
	case l.pairs.shown:
		return []part.Hint{{Key: "R", Does: "roll back"}, {Key: "j k", Does: "move"}, {Key: "y", Does: "copy"}, {Key: "c", Does: "lines"}, {Key: "esc", Does: "back"}, {Key: "?", Does: "help"}}
	case l.diff.shown:
		return []part.Hint{
			{Key: "R", Does: "roll back"},
			{Key: "enter", Does: "its lines"},
			{Key: "j k", Does: "move"},
			{Key: "y", Does: "copy"},
			{Key: "D", Does: "lines"},
			{Key: "esc", Does: "back"},
			{Key: "?", Does: "help"},
		}
	}
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "/", Does: "search"},
		{Key: "&", Does: "filter"},
		{Key: "D", Does: "diff"},
		{Key: "enter", Does: "open"},
		{Key: "e", Does: "errors"},
		{Key: "f", Does: "follow"},
		{Key: "m", Does: "mark"},
		{Key: "F", Does: "fields"},
		{Key: "x", Does: "export"},
		{Key: "w", Does: "wrap"},
		{Key: "t", Does: "time"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
}
