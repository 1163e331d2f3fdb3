package panel

import (
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// stepTable draws a plan's steps, the first on top, with a pointer at the one in hand. Without a ramp none is in hand.
func stepTable(steps []frame.Step, r *frame.Ramp, st part.State, w int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "", Keep: 9},
		{Head: "STEP", Min: 25, Max: 60, Keep: 8},
		{Head: "WATCHED", Keep: 6, Right: true},
		{Head: "OF", Keep: 5}, // the step's own words say it, too
		{Head: "", Min: 27, Keep: 7, Grow: true},
	}}
	for _, s := range steps {
		t.Rows = append(t.Rows, cell.TableRow{Cells: stepRow(s, r, st)})
	}
	return t.Draw(w, len(steps)+1)
}

// stepRow is one step as a row.
func stepRow(s frame.Step, r *frame.Ramp, st part.State) []cell.Line {
	glyph, tone := "·", cell.Dim
	if r == nil {
		tone = cell.Plain
	}
	watched, state := cell.Say(cell.Dim, cell.None), cell.Line(nil)
	switch s.State {
	case frame.StepDone:
		glyph, state = "✓", cell.Say(cell.Dim, "done")
	case frame.StepAsked:
		glyph, tone, state = "→", cell.Title, cell.Say(cell.Warn, "asked for, not read back yet")
	case frame.StepHere:
		glyph, tone = "→", cell.Title
		watched, state = cell.Say(cell.Plain, cell.Countdown(s.Watched)), hereWords(s, r, st)
	case frame.StepAhead:
		state = aheadWords(s)
	}
	return []cell.Line{cell.Say(tone, glyph), cell.Say(tone, sources.Visible(s.Text)), watched, cell.Say(cell.Dim, ofWords(s)), state}
}

// aheadWords says what a step will need beside its time.
func aheadWords(s frame.Step) cell.Line {
	switch {
	case s.To == sources.Whole:
		return cell.Say(cell.Dim, "the end: all of the traffic")
	case s.Gate != "":
		return cell.Say(cell.Dim, "needs "+s.Gate)
	}
	return cell.Say(cell.Dim, "goes on when its time is over")
}

// ofWords is how long a step is watched, at least and at most.
func ofWords(s frame.Step) string {
	switch {
	case s.Bake > 0 && s.Max > 0:
		return cell.Took(s.Bake) + " to " + cell.Took(s.Max)
	case s.Bake > 0:
		return cell.Took(s.Bake)
	case s.Max > 0:
		return "≤ " + cell.Took(s.Max)
	}
	return cell.None
}

// hereWords says since when a step is in hand and what it still needs.
func hereWords(s frame.Step, r *frame.Ramp, st part.State) cell.Line {
	line := cell.Say(cell.Plain, "here since "+st.Clock(r.Since))
	if left := s.Bake - s.Watched; left > 0 {
		line = line.And(cell.Dim, ", ").And(cell.Plain, cell.Countdown(left)+" left")
	} else if s.Gate != "" {
		line = line.And(cell.Dim, ", needs ").And(cell.Plain, s.Gate)
	}
	if s.Max > 0 {
		line = line.And(cell.Dim, ", gives up in "+cell.Countdown(max(0, s.Max-s.Watched)))
	}
	return line
}

// wouldPart says what the plan does by itself.
func wouldPart(p *frame.Plan, w int) cell.Grid {
	g := part.Heading(w, "WHAT IT DOES BY ITSELF", nil)
	for _, row := range p.Would {
		g = cell.Stack(g, part.Labelled(w, 18, row.When, cell.Say(cell.Plain, sources.Visible(row.Then))))
	}
	for _, f := range p.Freezes {
		g = cell.Stack(g, part.Labelled(w, 18, "freeze", cell.Say(cell.Plain, f).And(cell.Dim, " raises nothing; a rollback knows no freeze")))
	}
	if p.Samples > 0 {
		g = cell.Stack(g, part.Labelled(w, 18, "requests", cell.Say(cell.Plain, cell.Count(p.Samples)).And(cell.Dim, " of each arm before a step is left")))
	}
	if p.Confirm > 0 {
		g = cell.Stack(g, part.Labelled(w, 18, "confirm", cell.Say(cell.Plain, "each step reverts after "+cell.Took(p.Confirm)).And(cell.Dim, " unless confirmed")))
	}
	if p.Watchdog > 0 {
		g = cell.Stack(g, part.Labelled(w, 18, "watchdog", cell.Say(cell.Plain, "sets 0 % when the runner is silent for "+cell.Took(p.Watchdog))))
	}
	return g
}
