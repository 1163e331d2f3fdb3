package panel

import (
	"fmt"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
)

// Traffic is panel 4: the split as asked, set, effective and seen, the servers behind it, who changed it, and how far
// the running action has come.
type Traffic struct {
	still
	scroll
}

// Name is the panel's word.
func (*Traffic) Name() string { return "traffic" }

// Title is the panel's heading.
func (*Traffic) Title() string { return "4 traffic" }

// View draws the parts below each other.
func (t *Traffic) View(f *frame.Frame, st State, box Box) cell.Grid {
	if f == nil || f.Traffic.Plane == "" {
		return note(box, f, "no traffic plane is configured for this service: the split cannot be read, R shows what to do by hand")
	}
	w := box.W
	parts := []cell.Grid{splitPart(f, st, w), gap(w)}
	if len(f.Actions) > 0 {
		parts = append(parts, actionPart(f, st, w), gap(w))
	}
	parts = append(parts, serverPart(f, st, w))
	if len(f.Traffic.Members) > 1 || anyError(f.Traffic.Members) {
		parts = append(parts, gap(w), memberPart(f, st, w))
	}
	parts = append(parts, gap(w), historyPart(f, st, w))
	return t.draw(cell.Stack(parts...), box)
}

// splitPart explains the four readings, each with its age.
func splitPart(f *frame.Frame, st State, w int) cell.Grid {
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
			cell.Say(cell.Plain, s.name), cell.Say(cell.Candidate, share(s.split)), shareBar(s.split, 30), cell.Say(cell.Dim, st.age(s.split.At)), cell.Say(cell.Dim, s.what),
		}})
	}
	g := table.Draw(w, len(says)+1)
	return cell.Stack(g, planeLine(f, st, w))
}

// planeLine says whose split it is, whether it can be written, and what the plane itself warns of.
func planeLine(f *frame.Frame, st State, w int) cell.Grid {
	t := f.Traffic
	writes := "can be written"
	if !t.Writes {
		writes = "can only be watched"
	}
	line := cell.Say(cell.Dim, t.Plane+", "+writes+", read ").And(cell.Plain, st.age(t.ReadAt)+" ago")
	if !t.By.IsZero() {
		line = line.And(cell.Dim, " · set last by ").And(cell.Plain, t.By.String())
	}
	line = line.And(cell.Dim, " · requests/s legacy ").And(cell.Legacy, Explained(t.Rate.Legacy)).And(cell.Dim, ", candidate ").And(cell.Candidate, Explained(t.Rate.Candidate))
	if t.Held != "" {
		line = line.And(cell.Dim, " · ").And(cell.Warn, "held: "+t.Held)
	}
	if t.Err != "" {
		line = cell.Say(cell.Bad, "! "+t.Err).And(cell.Dim, " · ").With(line)
	}
	for _, n := range t.Notes {
		line = line.And(cell.Dim, " · ").And(cell.Note, n.Text.String())
	}
	return paragraph(w, line)
}

// actionPart draws the newest actions with all of their rungs.
func actionPart(f *frame.Frame, st State, w int) cell.Grid {
	g := heading(w, "ACTIONS, newest first", nil)
	for _, p := range f.Actions[:min(3, len(f.Actions))] {
		who := cell.Say(cell.Dim, st.exact(p.Began)+" "+p.Actor)
		if p.Action.Reason != "" {
			who = who.And(cell.Dim, ": ").And(cell.Plain, p.Action.Reason)
		}
		g = cell.Stack(g, Tracker(p, st, w), pair(w, labelWidth, "", who))
		if p.Next != "" {
			g = cell.Stack(g, pair(w, labelWidth, "", cell.Say(cell.Dim, "→ ").And(cell.Plain, p.Next)))
		}
		for _, a := range p.Members {
			g = cell.Stack(g, pair(w, labelWidth, "", answer(a)))
		}
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

// serverPart lists the servers of both arms with their weight, state, load and errors by the router's own counters.
func serverPart(f *frame.Frame, st State, w int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "SERVER", Min: 12, Keep: 9, Grow: true},
		{Head: "ARM", Keep: 7},
		{Head: "STATE", Keep: 8},
		{Head: "WEIGHT", Keep: 6, Right: true},
		{Head: "FILE", Keep: 2, Right: true},
		{Head: "  REQUESTS/S", Keep: 5, Right: true},
		{Head: "   REQUESTS", Keep: 1, Right: true},
		{Head: " 5XX", Keep: 4, Right: true},
		{Head: "CONN/RESP ERR", Keep: 3, Right: true},
		{Head: "RETRIES", Keep: 1, Right: true},
		{Head: "MEMBER", Keep: 0},
	}}
	for i, s := range f.Traffic.Servers {
		t.Rows = append(t.Rows, serverRow(s, rate(f.Traffic.Rates, i)))
	}
	if len(t.Rows) == 0 {
		return cell.Stack(heading(w, "SERVERS", nil), paragraph(w, cell.Say(cell.Unknown, "the plane named no server")))
	}
	return t.Draw(w, len(t.Rows)+1)
}

func rate(rates []analysis.Value, i int) string {
	if i < len(rates) {
		return Value(rates[i])
	}
	return cell.None
}

func serverRow(s sources.Server, perSecond string) cell.TableRow {
	tone, mark, state := cell.Good, cell.Safe, s.State.String()
	if !s.Up {
		tone, mark = cell.Bad, cell.Worse
	}
	if state == "" {
		state = map[bool]string{true: "up", false: "down"}[s.Up]
	}
	arm := cell.Say(cell.Dim, s.Arm.String())
	switch s.Arm {
	case sources.Legacy:
		arm = arm.In(cell.Legacy)
	case sources.Candidate:
		arm = arm.In(cell.Candidate)
	}
	weight := cell.Plain
	if s.Weight != s.Initial {
		weight = cell.Warn
	}
	c := s.Counters
	return cell.TableRow{Mark: mark, Cells: []cell.Line{
		cell.Say(cell.Plain, sources.Visible(s.Name)), arm, cell.Say(tone, state), cell.Say(weight, fmt.Sprint(s.Weight)), cell.Say(cell.Dim, fmt.Sprint(s.Initial)),
		cell.Say(cell.Plain, perSecond), cell.Say(cell.Dim, cell.Count(c.Requests)), cell.Say(counted(c.Errors), cell.Count(c.Errors)),
		cell.Say(counted(c.ConnectionErrors+c.ResponseErrors), cell.Count(c.ConnectionErrors)+" / "+cell.Count(c.ResponseErrors)),
		cell.Say(counted(c.Retries), cell.Count(c.Retries)), cell.Say(cell.Dim, s.Member),
	}}
}

// counted is the tone of a count that should be zero.
func counted(n int64) cell.Tone {
	if n > 0 {
		return cell.Plain
	}
	return cell.Dim
}

func anyError(members []frame.Member) bool {
	for _, m := range members {
		if m.Err != "" {
			return true
		}
	}
	return false
}

// memberPart lists the instances of the plane, which must agree.
func memberPart(f *frame.Frame, _ State, w int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{{Head: "MEMBER", Keep: 9}, {Head: "SET %", Keep: 8, Right: true}, {Head: "", Keep: 7, Grow: true}}}
	for _, m := range f.Traffic.Members {
		row := cell.TableRow{Cells: []cell.Line{cell.Say(cell.Plain, sources.Visible(m.Name)), cell.Say(cell.Candidate, share(m.Configured)), nil}}
		switch {
		case m.Err != "":
			row.Mark, row.Cells[2] = cell.Worse, cell.Say(cell.Bad, m.Err)
		case !m.Configured.Equal(f.Traffic.Set):
			row.Mark, row.Cells[2] = cell.Undecided, cell.Say(cell.Warn, "set otherwise than the others")
		}
		t.Rows = append(t.Rows, row)
	}
	return t.Draw(w, len(t.Rows)+1)
}

// historyPart lists the changes of the split, newest first.
func historyPart(f *frame.Frame, st State, w int) cell.Grid {
	g := heading(w, "HISTORY of the set split, newest first", nil)
	all := f.Traffic.History
	if len(all) == 0 {
		return cell.Stack(g, paragraph(w, cell.Say(cell.Dim, "no change seen yet")))
	}
	for i := len(all) - 1; i >= 0; i-- {
		line := cell.Say(cell.Candidate, short(all[i].Split)+" %")
		if i > 0 {
			line = cell.Say(cell.Dim, short(all[i-1].Split)+" → ").With(line)
		}
		g = cell.Stack(g, pair(w, 13, st.exact(all[i].At), line))
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
func (*Traffic) Hints() []Hint {
	return []Hint{
		{Key: "R", Does: "roll back"},
		{Key: "S", Does: "split"},
		{Key: "H", Does: "hold"},
		{Key: "P", Does: "step"},
		{Key: "j k", Does: "scroll"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
}
