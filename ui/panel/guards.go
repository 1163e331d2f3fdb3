package panel

import (
	"fmt"
	"strings"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Guards is panel 6: every rule with its value, limit and n, since when it is breached, and how it went.
type Guards struct {
	part.Still
	part.List
}

// Name is the panel's word.
func (*Guards) Name() string { return "guards" }

// Title is the panel's heading.
func (*Guards) Title() string { return "6 guards" }

// View draws the rules, and under them the selected one in full.
func (l *Guards) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil || len(f.Verdict.Guards) == 0 {
		return part.Note(box, f, "no guard is configured for this service: nothing here can hold or roll back")
	}
	all := f.Verdict.Guards
	last, results := "LAST RESULTS", 30
	if box.W < 100 {
		last, results = "LAST 6", 6
	}
	t := cell.Table{Columns: []cell.Column{
		{Head: "RULE", Min: 18, Max: 34, Keep: 9},
		{Head: "VALUE", Keep: 8},
		{Head: "LIMIT", Keep: 7},
		{Head: "N", Keep: 6, Right: true},
		{Head: "THEN", Keep: 5},
		{Head: "SINCE", Keep: 2},
		{Head: "AGE", Keep: 3},
		{Head: last, Keep: 4},
	}}
	marks := make([]analysis.Mark, len(all))
	for i, r := range all {
		marks[i] = r.Mark
		t.Rows = append(t.Rows, cell.TableRow{Cells: guardCells(f, r, st, results)})
	}
	h := min(len(all)+1, max(3, box.H-5))
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, l.Draw(t, marks, box.W, h))
	if h+2 < box.H {
		g.Blit(0, h, part.Ruled(box.W, cell.Say(cell.Title, guardName(f, all[l.Sel]))))
		words := part.Paragraph(box.W, guardWords(all[l.Sel], st))
		g.Blit(0, h+1, words)
		y := h + 1 + words.H
		g.Blit(0, y, guardChart(f, all[l.Sel], st, box.W, box.H-y))
	}
	return g
}

// guardChart is the selected guard's measure over time, where there is one and room for it.
func guardChart(f *frame.Frame, r analysis.GuardResult, st part.State, w, h int) cell.Grid {
	for _, c := range f.Charts {
		if c.Key == r.Guard.Measure && h >= 8 {
			return part.ChartBox(f, c, st, w, h)
		}
	}
	return cell.New(0, 0)
}

func guardCells(f *frame.Frame, r analysis.GuardResult, st part.State, results int) []cell.Line {
	since := cell.Say(cell.Dim, cell.None)
	if r.Breached && !r.Since.IsZero() {
		since = cell.Say(cell.Warn, st.Clock(r.Since))
	}
	value := cell.Say(part.ToneOf(r.Mark), part.Value(r.Value))
	if !r.Value.Known {
		value = cell.Say(cell.Unknown, cell.None)
	}
	return []cell.Line{
		cell.Say(cell.Plain, rule(f, r)), value, cell.Say(cell.Limit, part.Number(r.Limit)), cell.Say(cell.Dim, enough(r)),
		cell.Say(cell.Plain, then(r.Guard)), since, cell.Say(cell.Dim, st.Recent(r.Value.At)), strip(r.Last, results),
	}
}

// enough says on how many requests the value rests, out of those that the guard needs to speak.
func enough(r analysis.GuardResult) string {
	switch {
	case !r.Value.Known || r.Value.N == 0:
		return cell.None
	case r.Guard.MinN > 0 && r.Value.N < r.Guard.MinN:
		return part.Count(r.Value.N) + " of " + part.Count(r.Guard.MinN)
	}
	return part.Count(r.Value.N)
}

// guardName is the guard's own name, or its rule.
func guardName(f *frame.Frame, r analysis.GuardResult) string {
	if r.Guard.Name != "" {
		return sources.Visible(r.Guard.Name)
	}
	return rule(f, r)
}

// rule is a guard as a person would say it.
func rule(f *frame.Frame, r analysis.GuardResult) string {
	g, name := r.Guard, part.Said(f, r.Guard.Measure)
	switch {
	case g.MaxRatio > 0:
		return name + " within " + cell.Times(g.MaxRatio) + " of legacy"
	case g.MaxPSI > 0:
		return name + " PSI up to " + cell.Bare(g.MaxPSI, 2)
	}
	arm := g.Arm
	if arm == 0 {
		arm = sources.Candidate
	}
	return arm.String() + " " + name + " up to " + part.Number(r.Limit)
}

// then is what follows a breach.
func then(g analysis.Guard) string {
	if g.NotTheCandidate {
		return "not the candidate"
	}
	return g.OnWorse.String()
}

// strip shows the last results, the newest on the right.
func strip(last []analysis.Mark, n int) cell.Line {
	var line cell.Line
	for _, m := range last[max(0, len(last)-n):] {
		line = line.With(part.GlyphOf(m))
	}
	return line
}

// guardWords says a guard's result in full.
func guardWords(r analysis.GuardResult, st part.State) cell.Line {
	line := cell.Say(cell.Dim, "value ").And(part.ToneOf(r.Mark), part.Explained(r.Value)).And(cell.Dim, ", limit ").And(cell.Limit, part.Number(r.Limit))
	if r.Text != "" {
		line = line.And(cell.Dim, ": ").And(cell.Plain, r.Text)
	}
	if r.Breached {
		line = line.And(cell.Dim, " · ").And(cell.Bad, "breached since "+st.Clock(r.Since)).And(cell.Dim, ", then "+then(r.Guard))
	}
	if r.Guard.SafeMargin > 0 {
		line = line.And(cell.Dim, " · called safe below "+cell.Times(1+r.Guard.SafeMargin))
	}
	if r.Guard.MinN > 0 {
		line = line.And(cell.Dim, " · speaks from "+part.Count(r.Guard.MinN)+" requests on")
	}
	if !r.Guard.Relative() {
		line = line.And(cell.Dim, " · a limit, not evidence")
	}
	return line
}

// Selected is the selected rule in words.
func (l *Guards) Selected(f *frame.Frame) string {
	if f == nil || l.Sel >= len(f.Verdict.Guards) {
		return ""
	}
	r := f.Verdict.Guards[l.Sel]
	return strings.TrimSpace(fmt.Sprintf("%s: value %s, limit %s, then %s. %s", rule(f, r), part.Explained(r.Value), part.Number(r.Limit), then(r.Guard), r.Text))
}

// Hints are the keys that matter most.
func (*Guards) Hints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "j k", Does: "rule"},
		{Key: "y", Does: "copy"},
		{Key: "i", Does: "query"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
}
