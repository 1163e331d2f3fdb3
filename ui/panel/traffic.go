package panel

import (
	"fmt"
	"slices"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Traffic is panel 4: the split as asked, set, effective and seen, the servers behind it, who changed it, and how far
// the running action has come.
type Traffic struct {
	part.Still
	part.Scroll
}

// Name is the panel's word.
func (*Traffic) Name() string { return "traffic" }

// Title is the panel's heading.
func (*Traffic) Title() string { return "4 traffic" }

// View draws the parts below each other.
func (t *Traffic) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil || f.Traffic.Plane == "" {
		return part.Note(box, f, "no traffic plane is configured for this service: the split cannot be read, R shows what to do by hand")
	}
	page := t.page(f, st, box.W, false)
	if page.H > box.H {
		page = t.page(f, st, box.W, true)
	}
	return t.Draw(page, box)
}

// page stacks the parts. On a screen that has no room for all servers those that are alike share a row, so that both arms
// are seen at once, and stand one by one at the end.
func (*Traffic) page(f *frame.Frame, st part.State, w int, small bool) cell.Grid {
	parts := []cell.Grid{splitPart(f, st, w), part.Gap(w)}
	if len(f.Actions) > 0 {
		parts = append(parts, actionPart(f, st, w), part.Gap(w))
	}
	if small {
		parts = append(parts, fleetPart(f, w))
	} else {
		parts = append(parts, serverPart(f, w))
	}
	if len(f.Traffic.Members) > 1 || anyError(f.Traffic.Members) {
		parts = append(parts, part.Gap(w), memberPart(f, st, w))
	}
	if len(f.Alerting.Alerts)+len(f.Alerting.Silences) > 0 {
		parts = append(parts, part.Gap(w), alertPart(f, st, w))
	}
	parts = append(parts, part.Gap(w), historyPart(f, st, w))
	if small {
		parts = append(parts, part.Gap(w), part.Heading(w, "EACH SERVER", nil), serverPart(f, w))
	}
	return cell.Stack(parts...)
}

// splitPart explains the four readings, each with its age.
func splitPart(f *frame.Frame, st part.State, w int) cell.Grid {
	t := f.Traffic
	says := []struct {
		name, what string
		split      sources.Split
	}{
		{"asked", "what was asked for last", t.Asked},
		{"set", "what " + t.Plane + " says is set", t.Set},
		{"effective", "what the servers that are up amount to", t.Effective},
		{"seen", "what the router's counters show, last minute", t.Seen},
		{"file", "what a reload would return to", t.File},
	}
	table := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "SPLIT", Keep: 9},
		{Head: "CAND %", Keep: 8, Right: true},
		{Head: "", Keep: 3},
		{Head: "AGE", Keep: 7},
		{Head: "MEANS", Keep: 6, Grow: true, Min: 20},
	}}
	for _, s := range says {
		table.Rows = append(table.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Plain, s.name), cell.Say(cell.Candidate, part.Share(s.split)), shareBar(s.split, 30), cell.Say(cell.Dim, st.Recent(s.split.At)), cell.Say(cell.Dim, s.what),
		}})
	}
	g := table.Draw(w, len(says)+1)
	if t.Drained != "" {
		g = cell.Stack(g, part.Paragraph(w, cell.Say(cell.Dim, "candidate: ").And(cell.Warn, sources.Visible(t.Drained))))
	}
	return cell.Stack(g, planeLine(f, st, w))
}

// planeLine says whose split it is, whether it can be written, and what the plane itself warns of.
func planeLine(f *frame.Frame, st part.State, w int) cell.Grid {
	t := f.Traffic
	writes := "can be written"
	switch {
	case !t.Writes:
		writes = "can only be watched"
	case slices.ContainsFunc(t.Notes, func(n sources.Note) bool { return n.Kind == sources.NoteDenied }):
		writes = "refuses writes"
	}
	line := cell.Say(cell.Dim, t.Plane+", "+writes+", read ").And(cell.Plain, st.Recent(t.ReadAt)+" ago")
	if !t.By.IsZero() {
		line = line.And(cell.Dim, " · set last by ").And(cell.Plain, t.By.String())
	}
	line = line.And(cell.Dim, " · legacy ").And(cell.Legacy, part.Explained(t.Rate.Legacy)).And(cell.Dim, ", candidate ").And(cell.Candidate, part.Explained(t.Rate.Candidate))
	if t.Held != "" {
		line = line.And(cell.Dim, " · ").And(cell.Warn, "held: "+t.Held)
	}
	if t.Err != "" {
		line = cell.Say(cell.Bad, "! "+t.Err).And(cell.Dim, " · ").With(line)
	}
	for _, n := range t.Notes {
		line = line.And(cell.Dim, " · ").And(cell.Note, n.Text.String())
	}
	return part.Paragraph(w, line)
}

// actionPart draws the newest actions with all of their rungs.
func actionPart(f *frame.Frame, st part.State, w int) cell.Grid {
	g := part.Heading(w, "ACTIONS, newest first", nil)
	st.Away = away(f)
	for _, p := range f.Actions[:min(3, len(f.Actions))] {
		who := cell.Say(cell.Dim, st.Exact(p.Began)+" "+p.Actor)
		if p.Action.Reason != "" {
			who = who.And(cell.Dim, ": ").And(cell.Plain, p.Action.Reason)
		}
		g = cell.Stack(g, Tracker(p, st, w), part.Labelled(w, labelWidth, "", who))
		if p.Next != "" {
			g = cell.Stack(g, part.Labelled(w, labelWidth, "", cell.Say(cell.Dim, "→ ").And(cell.Plain, p.Next)))
		}
		if unnoted(p) {
			g = cell.Stack(g, unfolded(cell.Say(cell.Warn, p.Unnoted), w))
		}
		for _, a := range p.Members {
			g = cell.Stack(g, unfolded(answer(a), w))
		}
	}
	return g
}

// unfolded is all of what a program said, under the labels.
func unfolded(line cell.Line, w int) cell.Grid {
	var g cell.Grid
	for _, l := range cell.Unfold(line, w-labelWidth) {
		g = cell.Stack(g, part.Labelled(w, labelWidth, "", l))
	}
	return g
}

// answer is what one member replied to one write.
func answer(a sources.Answer) cell.Line {
	line := cell.Say(cell.Dim, a.Write.Member+" ").And(cell.Plain, a.Write.Request).And(cell.Dim, " → ")
	switch {
	case a.Err != nil:
		return line.And(cell.Bad, a.Err.Error())
	case a.Text.IsZero():
		return line.And(cell.Good, "✓")
	}
	return line.And(cell.Plain, a.Text.String())
}

// historyPart lists the changes of the split, newest first.
func historyPart(f *frame.Frame, st part.State, w int) cell.Grid {
	g := part.Heading(w, "HISTORY of the set split, newest first", nil)
	all := f.Traffic.History
	if len(all) == 0 {
		return cell.Stack(g, part.Paragraph(w, cell.Say(cell.Dim, "no change seen yet")))
	}
	for i := len(all) - 1; i >= 0; i-- {
		line := cell.Say(cell.Candidate, short(all[i].Split)+" %")
		if i > 0 {
			line = cell.Say(cell.Dim, short(all[i-1].Split)+" → ").With(line)
		}
		g = cell.Stack(g, part.Labelled(w, 13, st.Exact(all[i].At), line))
	}
	return g
}

// Selected is the split in words.
func (*Traffic) Selected(f *frame.Frame) string {
	if f == nil {
		return ""
	}
	t := f.Traffic
	return fmt.Sprintf("split of %s: asked %s, set %s, effective %s, seen %s", f.Service, t.Asked, t.Set, t.Effective, t.Seen)
}

// Hints are the keys that matter most.
func (*Traffic) Hints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "S", Does: "split"},
		{Key: "H", Does: "hold"},
		{Key: "P", Does: "step"},
		{Key: "j k", Does: "scroll"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
}
