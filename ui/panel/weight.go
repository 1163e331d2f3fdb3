package panel

import (
	"fmt"
	"math"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// weightPart says what the evidence for worse is from: which blocks, which edges of a histogram, which strata. rows bounds
// each list.
func weightPart(f *frame.Frame, st part.State, w, rows int) cell.Grid {
	v := f.Verdict
	g := part.Heading(w, "WHAT WEIGHED MOST FOR WORSE", nil)
	if len(v.Explanation.Top) == 0 {
		return cell.Stack(g, part.Paragraph(w, cell.Say(cell.Dim, "no block has spoken for worse yet")))
	}
	g = cell.Stack(g, part.Paragraph(w, topLine(v, st)), topTable(f, st, w, rows))
	for _, m := range v.Measures {
		if len(m.Edges) > 1 {
			g = cell.Stack(g, part.Gap(w), edgeTable(m, v.Evidence.Alpha, w, rows))
		}
		if len(m.Strata) > 0 {
			g = cell.Stack(g, part.Gap(w), stratumTable(m, w, rows))
		}
	}
	return g
}

// topLine weighs the greatest blocks against all others, in words and then in logarithms; both add up to the evidence.
func topLine(v analysis.Verdict, st part.State) cell.Line {
	first, last, sum := v.Explanation.Top[0].At, v.Explanation.Top[0].At, 0.0
	for _, b := range v.Explanation.Top {
		sum += b.LogE
		if b.At.Before(first) {
			first = b.At
		}
		if b.At.After(last) {
			last = b.At
		}
	}
	n := len(v.Explanation.Top)
	when := "at " + st.Exact(first)
	if n > 1 {
		when = fmt.Sprintf("%s to %s", st.Exact(first), st.Exact(last))
	}
	rest := v.Evidence.LogHarm - sum
	return cell.Say(cell.Plain, fmt.Sprintf("%d of %s blocks, %s, made it %s; all others %s", n, cell.Count(int64(v.Blocks)), when, moved(sum), moved(rest))).
		And(cell.Dim, fmt.Sprintf("  log E %+.2f %+.2f = %.2f", sum, rest, v.Evidence.LogHarm))
}

// topTable lists the greatest blocks with the measure that spoke loudest in each.
func topTable(f *frame.Frame, st part.State, w, rows int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "BLOCK ENDS", Keep: 9},
		{Head: "FOR WORSE", Keep: 8, Right: true},
		{Head: "LOG E", Keep: 4, Right: true},
		{Head: part.Pad("MOST BY", part.MeasureWidth), Max: 20, Keep: 6},
		{Head: part.Pad("CANDIDATE", 11), Keep: 7},
		{Head: part.Pad("LEGACY", 12), Keep: 5},
		{Head: "", Keep: 1, Grow: true},
	}}
	for _, b := range f.Verdict.Explanation.Top {
		row := []cell.Line{cell.Say(cell.Plain, st.Exact(b.At)), grown(b.LogE, cell.Bad), cell.Say(cell.Dim, fmt.Sprintf("%+.2f", b.LogE))}
		if p, ok := loudest(b); ok {
			row = append(row, cell.Say(cell.Plain, part.Said(f, p.Measure)), tally(p, sources.Candidate, cell.Candidate), tally(p, sources.Legacy, cell.Legacy))
		}
		t.Rows = append(t.Rows, cell.TableRow{Cells: row})
	}
	return t.Draw(w, min(len(t.Rows), rows)+1)
}

func loudest(b analysis.Contribution) (p analysis.Part, ok bool) {
	for _, q := range b.Parts {
		if !ok || q.LogHarm > p.LogHarm {
			p, ok = q, true
		}
	}
	return p, ok
}

// edgeTable says at which edges the candidate is slower. To name edges so that the chance of one wrong name stays alpha
// takes their number over alpha.
func edgeTable(m analysis.Finding, alpha float64, w, rows int) cell.Grid {
	need := ""
	if alpha > 0 {
		need = fmt.Sprintf("named by itself from %s× on", cell.Count(int64(math.Ceil(float64(len(m.Edges))/alpha))))
	}
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: part.Pad(m.Measure.Name+", ABOVE", 16), Max: 26, Keep: 9},
		{Head: "FOR WORSE", Keep: 8, Right: true},
		{Head: "LOG E", Keep: 4, Right: true},
		{Head: part.Pad("RATIO", 8), Keep: 7},
		{Head: need, Keep: 1, Grow: true},
	}}
	for _, e := range m.Edges {
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Plain, edgeText(e.Seconds)), cell.Say(cell.Plain, times(e.LogHarm)), cell.Say(cell.Dim, fmt.Sprintf("%.2f", e.LogHarm)), cell.Say(cell.Plain, part.Value(e.Ratio)),
		}})
	}
	return t.Draw(w, min(len(t.Rows), max(rows, 4))+1)
}

// stratumTable says in which strata harm is: is it the model or the traffic?
func stratumTable(m analysis.Finding, w, rows int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: part.Pad(m.Measure.Said()+", BY STRATUM", 18), Max: 30, Min: 18, Keep: 9},
		{Head: "FOR WORSE", Keep: 8, Right: true},
		{Head: "LOG E", Keep: 4, Right: true},
		{Head: part.Pad("RATIO", 8), Keep: 7},
		{Head: part.Pad("BEYOND LEGACY'S RATE", 36), Max: 36, Keep: 3},
		{Head: "each by itself since the first block", Keep: 1, Grow: true},
	}}
	for _, s := range m.Strata {
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Plain, s.Key.String()), cell.Say(cell.Plain, times(s.LogHarm)), cell.Say(cell.Dim, fmt.Sprintf("%.2f", s.LogHarm)),
			cell.Say(cell.Plain, part.Value(s.Ratio)), cell.Say(cell.Plain, part.Explained(s.Excess)),
		}})
	}
	return t.Draw(w, min(len(t.Rows), rows)+1)
}
