package logview

import (
	"fmt"
	"math"
	"strings"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
	"rampart/ui/panel/part"
)

// diff is the comparison of what both arms write: templates that the candidate writes more often per request, or alone.
type diff struct {
	shown bool
	list  part.List
}

// ToggleDiff shows the comparison of the arms' templates, or the lines again.
func (l *Logs) ToggleDiff() { l.diff.shown, l.pairs.shown, l.opened = !l.diff.shown, false, nil }

// ByPattern leaves only the lines of the template that is selected in the comparison, and shows them; false where the
// comparison is not shown or has no row.
func (l *Logs) ByPattern(f *frame.Frame) bool {
	row, ok := l.diff.row(f)
	if !l.diff.shown || !ok || l.opened != nil {
		return false
	}
	l.SetPattern(row.ID, row.Text.String())
	l.diff.shown = false
	l.live()
	return true
}

func (d *diff) row(f *frame.Frame) (frame.DiffRow, bool) {
	if f == nil || d.list.Sel >= len(f.Logs.Diff) {
		return frame.DiffRow{}, false
	}
	return f.Logs.Diff[max(0, d.list.Sel)], true
}

// view draws the ranked templates, and under them what stands behind the selected one.
func (d *diff) view(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, part.Ruled(box.W, cell.Say(cell.Title, "LOG DIFF").And(cell.Dim, " · what the candidate says that legacy does not")))
	if f == nil || len(f.Logs.Diff) == 0 {
		g.Blit(0, 1, part.Note(part.Box{W: box.W, H: max(0, box.H-1)}, f, whyNoDiff(f)))
		return g
	}
	g.Blit(0, 1, part.Paragraph(box.W, basis(f, st)))
	y := 1 + part.Paragraph(box.W, basis(f, st)).H
	below := 0
	if box.H >= 16 {
		below = detailRows
	}
	room := max(2, box.H-y-below)
	t := table(box.W)
	marks := make([]analysis.Mark, len(f.Logs.Diff))
	for i, r := range f.Logs.Diff {
		marks[i] = r.Mark
		t.Rows = append(t.Rows, diffRow(r, st, box.W))
	}
	g.Blit(0, y, d.list.Draw(t, marks, box.W, room))
	if row, ok := d.row(f); ok && below > 0 {
		g.Fill(0, box.H-below, box.W, below, " ", cell.Plain)
		g.Blit(0, box.H-below, detail(row, st, box.W))
	}
	return g
}

func table(w int) cell.Table {
	return cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "TEMPLATE", Min: 30, Keep: 9, Grow: true},
		{Head: "CAND/1k", Keep: 6, Right: true},
		{Head: " LEG/1k", Keep: 5, Right: true},
		{Head: part.Pad("RATIO", part.DifferenceWidth-2), Max: part.DifferenceWidth, Keep: 7},
		{Head: "EVIDENCE", Max: 16, Keep: 8}, // by which the rows are ranked
		{Head: "FIRST", Keep: 4},
		{Head: part.Pad("CANDIDATE", sparkWidth), Max: sparkWidth, Keep: 3},
		{Head: wideOnly(w, "LINES LEG / CAND"), Keep: 2},
	}}
}

func wideOnly(w int, head string) string {
	if w < 140 {
		return ""
	}
	return head
}

func diffRow(r frame.DiffRow, st part.State, w int) cell.TableRow {
	tone := part.ToneOf(r.Mark)
	ratio := cell.Say(tone, part.Value(r.Ratio))
	if r.New {
		ratio = cell.Say(tone, "new")
	}
	cells := []cell.Line{
		cell.Say(cell.Plain, head(r.Text, 400)), cell.Say(tone, rate(r.Candidate)), cell.Say(cell.Plain, rate(r.Legacy)), ratio,
		evidence(r.Pattern), cell.Say(cell.Dim, st.Clock(r.First)), sparks(r, sources.Candidate),
	}
	if wideOnly(w, "lines") != "" {
		cells = append(cells, cell.Say(cell.Dim, part.Counts(r.Count, false)))
	}
	return cell.TableRow{Cells: cells}
}

// evidence says how much there is and how much would select the row.
func evidence(p frame.Pattern) cell.Line {
	if !p.Evidence.Known {
		return cell.Say(cell.Unknown, cell.None)
	}
	tone := cell.Plain
	if p.Selected {
		tone = cell.Bad
	}
	line := cell.Say(tone, times(p.Evidence))
	if p.Need.Known && !p.Selected {
		line = line.And(cell.Dim, " of "+times(p.Need))
	}
	return line
}

// times prints evidence as a factor: "12×", "1.5 M×".
func times(v analysis.Value) string {
	switch {
	case !v.Known:
		return cell.None
	case v.V >= 1e6:
		return ">1 M×"
	case v.V >= 10:
		return cell.Count(int64(v.V)) + "×"
	}
	return cell.Fixed(v.V, 1) + "×"
}

func rate(v analysis.Value) string {
	if !v.Known {
		return cell.None
	}
	return cell.Fixed(v.V, 1)
}

// sparks draws one arm's rate over time, both arms on one scale.
func sparks(r frame.DiffRow, a sources.Arm) cell.Line {
	tone := cell.Legacy
	if a == sources.Candidate {
		tone = cell.Candidate
	}
	top := chart.Top(known(r.Histories.Legacy), known(r.Histories.Candidate))
	return cell.Say(tone, chart.Spark(known(r.Histories.Of(a)), top, sparkWidth))
}

const sparkWidth = 10

func known(values []analysis.Value) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		if out[i] = v.V; !v.Known {
			out[i] = math.NaN()
		}
	}
	return out
}

// detailRows is the room of what stands behind the selected template.
const detailRows = 7

func detail(r frame.DiffRow, st part.State, w int) cell.Grid {
	say := func(tone cell.Tone, t sources.Text) cell.Line {
		if t.IsZero() {
			return cell.Say(cell.Unknown, "no line of it was read")
		}
		return cell.Say(tone, head(t, w))
	}
	seen := fmt.Sprintf("%s to %s", st.Exact(r.First), st.Exact(r.Last))
	why := r.Why
	if why == "" {
		why = "no rule selects it"
	}
	rates := cell.Say(cell.Candidate, rate(r.Candidate)).And(cell.Dim, " per 1k: ").And(cell.Plain, ofRequests(r, sources.Candidate, w)).
		And(cell.Dim, " · legacy ").And(cell.Legacy, rate(r.Legacy)).And(cell.Dim, ": ").And(cell.Plain, ofRequests(r, sources.Legacy, w))
	lines := []cell.Grid{
		part.Ruled(w, cell.Say(cell.Title, head(r.Text, w))),
		labelled(w, "why", cell.Say(part.ToneOf(r.Mark), why)),
		part.Labelled(w, 14, "lines", rates),
		part.Labelled(w, 14, "seen", cell.Say(cell.Plain, seen).And(cell.Dim, "   candidate ").With(sparks(r, sources.Candidate)).
			And(cell.Dim, "   legacy ").With(sparks(r, sources.Legacy))),
		part.Labelled(w, 14, "cand. line", say(cell.Candidate, r.Sample.Candidate)),
		part.Labelled(w, 14, "legacy line", say(cell.Legacy, r.Sample.Legacy)),
	}
	return cell.Stack(lines...)
}

// labelled is a label and a sentence that takes as many rows as it needs.
func labelled(w int, label string, line cell.Line) cell.Grid {
	text := part.Paragraph(max(1, w-12), line)
	g := cell.New(w, max(1, text.H))
	g.Write(2, 0, label, cell.Dim)
	g.Blit(12, 0, text)
	return g
}

// ofRequests says how many lines there are and in how many requests, in few words where there is little room.
func ofRequests(r frame.DiffRow, a sources.Arm, w int) string {
	if w < 110 {
		return cell.Count(r.Count.Of(a)) + " in " + cell.Count(r.Requests.Of(a))
	}
	return cell.Count(r.Count.Of(a)) + " lines in " + cell.Count(r.Requests.Of(a)) + " requests"
}

// basis says what the rows rest on.
func basis(f *frame.Frame, st part.State) cell.Line {
	b := f.Logs.DiffBasis
	line := cell.Say(cell.Dim, "per request, by evidence · ").And(cell.Plain, fmt.Sprintf("%d templates over %d blocks", b.Templates, b.Blocks)).
		And(cell.Dim, ", "+st.Clock(b.Window.From)+"–"+st.Clock(b.Window.To))
	if b.Alpha.Known {
		line = line.And(cell.Dim, " · a healthy rollout selects any in ").And(cell.Plain, part.Value(b.Alpha)).And(cell.Dim, " of cases")
	}
	if b.Sample != "" {
		line = line.And(cell.Dim, " · ").And(cell.Note, b.Sample)
	}
	if b.Evicted > 0 {
		line = line.And(cell.Warn, " · "+cell.Count(b.Evicted)+" rare templates were forgotten")
	}
	return line
}

func whyNoDiff(f *frame.Frame) string {
	switch {
	case f == nil:
		return ""
	case f.Logs.Err != "":
		return "the log source cannot be read: " + f.Logs.Err
	case f.Logs.DiffBasis.Why != "":
		return f.Logs.DiffBasis.Why
	case f.Logs.DiffBasis.Templates == 0:
		return "nothing is compared yet: the first block of both arms' lines is still open"
	}
	return fmt.Sprintf("%d templates were compared, and none stands out", f.Logs.DiffBasis.Templates)
}

// selected is the selected template in words.
func (d *diff) selected(f *frame.Frame) string {
	r, ok := d.row(f)
	if !ok {
		return ""
	}
	return strings.Join([]string{
		r.Text.String(), "candidate " + rate(r.Candidate) + ", legacy " + rate(r.Legacy) + " of 1 000 requests", "ratio " + part.Value(r.Ratio),
		"evidence " + times(r.Evidence), "why: " + sources.Visible(r.Why), "candidate: " + r.Sample.Candidate.String(), "legacy: " + r.Sample.Legacy.String(),
	}, "\n")
}
