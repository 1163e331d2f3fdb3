package panel

import (
	"fmt"
	"math"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// blockAt is the block that the time cursor stands in, the newest where there is no cursor or it stands after all; -1
// where none was judged.
func blockAt(f *frame.Frame, st part.State) int {
	all := f.Verdict.Explanation.Newest
	if st.Cursor.IsZero() {
		return len(all) - 1
	}
	at, _ := slices.BinarySearchFunc(all, st.Cursor, func(b analysis.Contribution, t time.Time) int { return b.At.Compare(t) })
	return min(at, len(all)-1)
}

// Beside is the end of the block that lies by blocks after the one explained, for the time cursor; zero past the newest.
func (*Evidence) Beside(f *frame.Frame, st part.State, by int) time.Time {
	if f == nil {
		return time.Time{}
	}
	all := f.Verdict.Explanation.Newest
	at := blockAt(f, st) + by
	if len(all) == 0 || at >= len(all) {
		return time.Time{}
	}
	return all[max(0, at)].At
}

// blockPart explains one block: what each arm did in it and what that made of the evidence.
func blockPart(f *frame.Frame, st part.State, w int) cell.Grid {
	at := blockAt(f, st)
	if at < 0 {
		return part.Heading(w, "BLOCK", cell.Say(cell.Dim, "none was judged yet "))
	}
	b := f.Verdict.Explanation.Newest[at]
	which := "the newest · ←→ another "
	if !st.Cursor.IsZero() {
		which = "under the cursor · ←→ another, L the newest "
		if b.At.Add(-f.Step).After(st.Cursor) {
			which = "the first that is held · → later "
		}
	}
	title := fmt.Sprintf("BLOCK %s, %s to %s", cell.Count(int64(b.Block)), st.Exact(b.At.Add(-f.Step)), st.Exact(b.At))
	g := cell.Stack(part.Heading(w, title, cell.Say(cell.Dim, which)), part.Paragraph(w, effect(b)), partTable(f, b, w))
	for _, p := range b.Parts {
		if line := strataLine(f, p); line != nil {
			g = cell.Stack(g, part.Paragraph(w, line))
		}
	}
	return g
}

// effect says in words what a block did to both sides, and then in numbers.
func effect(b analysis.Contribution) cell.Line {
	share := cell.Line{}
	if b.Split.Known {
		share = cell.Say(cell.Plain, "candidate at "+b.Split.Candidate.String()+": ")
	}
	if !judged(b) {
		why := "an arm was not scraped, was no number, or nobody asked"
		if slices.ContainsFunc(b.Parts, func(p analysis.Part) bool { return p.Lost.Legacy || p.Lost.Candidate }) {
			why = "its histogram had other buckets than the rollout began with"
		}
		return share.And(cell.Unknown, why+": it says nothing, the evidence stands still")
	}
	return share.And(cell.Plain, "evidence for worse "+moved(b.LogE)+", for safe "+moved(b.LogSafe)).
		And(cell.Dim, fmt.Sprintf("  log E %+.2f to %.2f, %+.2f to %.2f", b.LogE, b.Harm, b.LogSafe, b.Safe))
}

// moved says by how much the evidence of a side grew or shrank.
func moved(log float64) string {
	switch e := math.Exp(math.Abs(log)); {
	case e < 1.05:
		return "as before"
	case log > 0:
		return cell.Evidence(e) + " as strong"
	default:
		return cell.Evidence(e) + " weaker"
	}
}

// judged tells whether both arms of some measure had requests.
func judged(b analysis.Contribution) bool {
	for _, p := range b.Parts {
		if l, c := p.Counts.Legacy, p.Counts.Candidate; l != nil && c != nil && l.Requests+c.Requests > 0 {
			return true
		}
	}
	return false
}

// partTable is one row a measure: what each arm did, what the candidate's due was, and what that added.
func partTable(f *frame.Frame, b analysis.Contribution, w int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: part.Pad("MEASURE", part.MeasureWidth), Max: 22, Min: 8, Keep: 9},
		{Head: part.Pad("CANDIDATE", 11), Keep: 8},
		{Head: part.Pad("LEGACY", 12), Keep: 7},
		{Head: part.Pad("ITS DUE", 12), Keep: 4},
		{Head: "WORSE", Keep: 6, Right: true},
		{Head: "SAFE", Keep: 5, Right: true},
		{Head: part.Pad("RATIO SO FAR, 95 %", part.DifferenceWidth), Max: part.DifferenceWidth, Keep: 3},
		{Head: "", Keep: 1, Grow: true},
	}}
	for _, p := range b.Parts {
		t.Rows = append(t.Rows, partRow(f, p))
	}
	return t.Draw(w, len(t.Rows)+1)
}

func partRow(f *frame.Frame, p analysis.Part) cell.TableRow {
	name := cell.Say(cell.Plain, part.Said(f, p.Measure))
	cells := []cell.Line{name, tally(p, sources.Candidate, cell.Candidate), tally(p, sources.Legacy, cell.Legacy)}
	if l, c := p.Counts.Legacy, p.Counts.Candidate; l == nil || c == nil {
		return cell.TableRow{Cells: cells}
	}
	all := p.Counts.Legacy.Bad + p.Counts.Candidate.Bad
	due := cell.Say(cell.Dim, cell.None)
	if all > 0 {
		tone := cell.Dim
		if float64(p.Counts.Candidate.Bad) > p.Due {
			tone = cell.Plain
		}
		due = cell.Say(tone, fmt.Sprintf("%.2g of %s", p.Due, cell.Count(all)))
	}
	return cell.TableRow{Cells: append(cells, due, grown(p.LogHarm, cell.Bad), grown(p.LogSafe, cell.Good), cell.Say(cell.Plain, part.Value(p.Ratio)))}
}

// grown is a factor of the evidence, in the side's tone where it grew by much.
func grown(log float64, tone cell.Tone) cell.Line {
	if log < math.Ln2/2 {
		tone = cell.Plain
	}
	return cell.Say(tone, cell.Evidence(math.Exp(log)))
}

func tally(p analysis.Part, a sources.Arm, tone cell.Tone) cell.Line {
	t := p.Counts.Of(a)
	switch {
	case t == nil && p.Lost.Of(a):
		return cell.Say(cell.Unknown, "other buckets")
	case t == nil:
		return cell.Say(cell.Unknown, "no counts")
	}
	return cell.Say(tone, cell.Count(t.Bad)+" of "+cell.Count(t.Requests))
}

// strataLine says in which strata of a block the candidate got more than its due; nil where requests are not split.
func strataLine(f *frame.Frame, p analysis.Part) cell.Line {
	if len(p.Strata) == 0 {
		return nil
	}
	line := cell.Say(cell.Dim, part.Said(f, p.Measure)+" by stratum, above its due: ")
	for i, s := range p.Strata {
		if i > 0 {
			line = line.And(cell.Dim, " · ")
		}
		line = line.And(cell.Plain, fmt.Sprintf("%s %d of %s", s.Key, s.Bad, cell.Count(s.Requests))).And(cell.Dim, fmt.Sprintf(" (due %.2g)", s.Due))
	}
	return line
}

// edgeText prints a latency edge as a person would: "250 ms", "2.5 s".
func edgeText(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%.6g ms", seconds*1000)
	}
	return fmt.Sprintf("%.6g s", seconds)
}
