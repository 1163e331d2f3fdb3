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

// View draws the keys by the place where they work, in two columns where there is room, and what the signs mean.
func (p *Help) View(_ *frame.Frame, _ part.State, box part.Box) cell.Grid {
	w := box.W
	if w >= 140 {
		half := w / 2
		return p.Draw(cell.Beside(p.keys(half), signs(w-half)), box)
	}
	return p.Draw(cell.Stack(p.keys(w), part.Gap(w), signs(w)), box)
}

func (p *Help) keys(w int) cell.Grid {
	if len(p.Rows) == 0 {
		return part.Paragraph(w, cell.Say(cell.Dim, "no key table"))
	}
	g, where := cell.New(w, 0), ""
	for _, r := range p.Rows {
		if r.Where != where {
			if where != "" {
				g = cell.Stack(g, part.Gap(w))
			}
			where = r.Where
			g = cell.Stack(g, part.Heading(w, where, nil))
		}
		row := cell.New(w, 1)
		row.Put(3, 0, cell.Say(cell.Key, r.Keys).Clip(20))
		row.Put(24, 0, cell.Say(cell.Plain, r.Does).Clip(w-24))
		g = cell.Stack(g, row)
	}
	return g
}

// signs explains the marks, the splits and the calls.
func signs(w int) cell.Grid {
	g := part.Heading(w, "signs", nil)
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
		row := cell.New(w, 1)
		row.Put(3, 0, s.sign)
		row.Put(24, 0, cell.Say(cell.Plain, s.says).Clip(w-24))
		g = cell.Stack(g, row)
	}
	return g
}

// Selected has nothing to copy.
func (*Help) Selected(*frame.Frame) string { return "" }

// Hints are the keys that matter most.
func (*Help) Hints() []part.Hint {
	return []part.Hint{{Key: "esc", Does: "back"}, {Key: "j k", Does: "scroll"}, {Key: ":", Does: "command"}}
}
