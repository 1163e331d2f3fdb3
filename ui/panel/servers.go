package panel

import (
	"strconv"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// serverPart lists the servers of both arms with their weight, state, load and errors by the router's own counters.
func serverPart(f *frame.Frame, w int) cell.Grid {
	t := serverTable()
	for i, s := range f.Traffic.Servers {
		t.Rows = append(t.Rows, serverRow(s, perSecond(rate(f.Traffic.Rates, i))))
	}
	return drawServers(t, w)
}

func serverTable() cell.Table {
	return cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "SERVER", Min: 12, Keep: 9, Grow: true},
		{Head: "ARM", Keep: 7},
		{Head: "STATE", Keep: 8},
		{Head: "WEIGHT", Keep: 6, Right: true},
		{Head: "FILE", Keep: 2, Right: true},
		{Head: "   RQ/S", Keep: 5, Right: true},
		{Head: "   REQUESTS", Keep: 1, Right: true},
		{Head: " 5XX", Keep: 4, Right: true},
		{Head: "CONN/RESP ERR", Keep: 3, Right: true},
		{Head: "RETRIES", Keep: 1, Right: true},
		{Head: "MEMBER", Keep: 0},
	}}
}

func drawServers(t cell.Table, w int) cell.Grid {
	if len(t.Rows) == 0 {
		return cell.Stack(part.Heading(w, "SERVERS", nil), part.Paragraph(w, cell.Say(cell.Unknown, "the plane named no server")))
	}
	return t.Draw(w, len(t.Rows)+1)
}

func rate(rates []analysis.Value, i int) analysis.Value {
	if i < len(rates) {
		return rates[i]
	}
	return analysis.Missing("the router does not say")
}

// perSecond prints a rate without its unit: the head says it.
func perSecond(v analysis.Value) string {
	if !v.Known {
		return cell.None
	}
	return cell.Short(v.V)
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
		cell.Say(cell.Plain, sources.Visible(s.Name)), arm, cell.Say(tone, state), cell.Say(weight, weightOf(s.Weight)), cell.Say(cell.Dim, weightOf(s.Initial)),
		cell.Say(cell.Plain, perSecond), cell.Say(cell.Dim, told(c.Requests)), cell.Say(counted(c.Errors), told(c.Errors)),
		cell.Say(counted(c.ConnectionErrors+c.ResponseErrors), told(c.ConnectionErrors)+" / "+told(c.ResponseErrors)),
		cell.Say(counted(c.Retries), told(c.Retries)), cell.Say(cell.Dim, s.Member),
	}}
}

// weightOf is a weight; planes that know none say so by a negative one.
func weightOf(n int) string {
	if n < 0 {
		return cell.None
	}
	return strconv.Itoa(n)
}

// told is a counter that the plane may not tell.
func told(n int64) string {
	if n < 0 {
		return cell.None
	}
	return cell.Count(n)
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
func memberPart(f *frame.Frame, _ part.State, w int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{{Head: "MEMBER", Keep: 9}, {Head: "SET %", Keep: 8, Right: true}, {Head: "", Keep: 7, Grow: true}}}
	for _, m := range f.Traffic.Members {
		row := cell.TableRow{Cells: []cell.Line{cell.Say(cell.Plain, sources.Visible(m.Name)), cell.Say(cell.Candidate, part.Share(m.Configured)), nil}}
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
