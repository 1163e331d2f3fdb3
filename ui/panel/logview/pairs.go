package logview

import (
	"fmt"
	"math"
	"strings"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// pairs is the view of both arms' answers to the same requests: how many agree, how scores and latencies differ, and the
// worst of them side by side.
type pairs struct {
	shown bool
	list  part.List
}

// TogglePairs shows both arms' answers to the same requests, or the lines again.
func (l *Logs) TogglePairs() {
	l.pairs.shown, l.diff.shown, l.opened = !l.pairs.shown, false, nil
}

func (p *pairs) row(f *frame.Frame) (frame.Pair, bool) {
	if f == nil || p.list.Sel >= len(f.Said.Pairs.Worst) {
		return frame.Pair{}, false
	}
	return f.Said.Pairs.Worst[max(0, p.list.Sel)], true
}

// view draws the figures, the worst pairs, and the selected one side by side.
func (p *pairs) view(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, part.Ruled(box.W, cell.Say(cell.Title, "ANSWERS IN PAIRS").And(cell.Dim, " · both arms were asked the same")))
	if f == nil || f.Said.Pairs.Pairs == 0 {
		g.Blit(0, 1, part.Note(part.Box{W: box.W, H: max(0, box.H-1)}, f, whyNoPairs(f, st)))
		return g
	}
	said := f.Said.Pairs
	y := 1
	for _, row := range figures(said, need(f), box.W) {
		g.Blit(0, y, row)
		y += row.H
	}
	row, ok := p.row(f)
	if !ok {
		g.Put(3, y, cell.Say(cell.Dim, "no pair differs"))
		return g
	}
	beside := sideBySide(row, box.W)
	below := min(beside.H, max(0, box.H-y-3))
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "WORST PAIRS", Min: 16, Max: 64, Keep: 9}, {Head: "   SCORE", Keep: 8, Right: true}, {Head: "    LATENCY", Keep: 7, Right: true}, {Head: "DIFFER IN", Min: 12, Keep: 6, Grow: true},
	}}
	for _, w := range said.Worst {
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Plain, head(w.ID, 80)), cell.Say(cell.Plain, signed(w.Score)), cell.Say(cell.Plain, signed(w.Latency)), cell.Say(cell.Warn, differing(w)),
		}})
	}
	g.Blit(0, y, p.list.Draw(t, nil, box.W, max(2, box.H-y-below)))
	g.Fill(0, box.H-below, box.W, below, " ", cell.Plain)
	g.Blit(0, box.H-below, beside)
	return g
}

// need is the evidence that decides, as times; 0 where it is not known.
func need(f *frame.Frame) float64 {
	if a := f.Verdict.Evidence.Alpha; a > 0 {
		return 1 / a
	}
	return 0
}

// figures are what all pairs say: agreement, both differences with their spread, and who is in no pair.
func figures(p frame.Pairs, need float64, w int) []cell.Grid {
	say := func(label string, line cell.Line) cell.Grid {
		text := part.Paragraph(max(1, w-12), line)
		g := cell.New(w, max(1, text.H))
		g.Write(3, 0, label, cell.Dim)
		g.Blit(12, 0, text)
		return g
	}
	agree := cell.Say(cell.Plain, agreed(p.Agreement)).And(cell.Dim, " of "+cell.Count(p.Pairs)+" pairs"+within(p, w)).
		And(cell.Dim, " · waiting "+part.Counts(p.Waiting, false))
	slower := cell.Say(cell.Dim, "slower ").With(odds(p.Slower, need)).And(cell.Dim, " · faster ").With(odds(p.Faster, need)).
		And(cell.Dim, " · Wilcoxon p ").And(cell.Plain, tail(p.Wilcoxon)).And(cell.Dim, " (one look)")
	missed := cell.Say(cell.Dim, "every line has its partner")
	if len(p.Unmatched) > 0 {
		var out []string
		for _, u := range p.Unmatched {
			out = append(out, u.Why+" "+part.Counts(u.Lines, false))
		}
		missed = cell.Say(cell.Plain, strings.Join(out, ", ")).And(cell.Dim, " (leg / cand)")
	}
	return []cell.Grid{
		say("agree", agree), say("latency", spreadOf(p.Latency, w)), say("", slower), say("score", spreadOf(p.Score, w)), say("unpaired", missed),
	}
}

// within is how long both answers are waited for, where there is room to say it.
func within(p frame.Pairs, w int) string {
	if w < 100 {
		return ""
	}
	return " within " + cell.Age(p.Window)
}

// agreed is a share to a tenth of a per cent, which is what the last of the disagreements are.
func agreed(v analysis.Value) string {
	if !v.Known {
		return part.Explained(v)
	}
	text := cell.Percent(v.V, 1)
	if v.Lo < v.Hi {
		text += " (" + cell.Fixed(v.Lo*100, 1) + "–" + cell.Fixed(v.Hi*100, 1) + ")"
	}
	return text
}

// odds is evidence and how much of it decides.
func odds(v analysis.Value, need float64) cell.Line {
	tone := cell.Plain
	if v.Known && need > 0 && v.V >= need {
		tone = cell.Bad
	}
	line := cell.Say(tone, times(v))
	if need > 0 && v.Known && v.V < need {
		line = line.And(cell.Dim, fmt.Sprintf(" of %.0f×", need))
	}
	return line
}

// tail is a probability: one that is too small to print is said to be.
func tail(v analysis.Value) string {
	if v.Known && v.V < .001 {
		return "<0.001"
	}
	if v.Known {
		return cell.Fixed(v.V, 3)
	}
	return part.Explained(v)
}

// spreadOf is a difference in words, and as a strip on which zero stands.
func spreadOf(d frame.Difference, w int) cell.Line {
	if !d.P50.Known {
		return cell.Say(cell.Unknown, part.Explained(d.P50))
	}
	line := cell.Say(cell.Plain, signed(d.P50))
	if d.P50.Lo < d.P50.Hi {
		lo, hi := d.P50, d.P50
		lo.V, hi.V = d.P50.Lo, d.P50.Hi
		line = line.And(cell.Dim, " ("+signed(lo)+" to "+signed(hi)+")")
	}
	line = line.And(cell.Dim, " · p05 ").And(cell.Plain, signed(d.P05)).And(cell.Dim, " p95 ").And(cell.Plain, signed(d.P95))
	if room := w - 16 - line.Width() - 3; room >= leastStrip {
		line = line.And(cell.Plain, "  ").With(strip(d, min(room, mostStrip)))
	}
	return line
}

const (
	leastStrip = 12
	mostStrip  = 40
)

// strip draws where nine in ten differences lie, their median, and zero.
func strip(d frame.Difference, w int) cell.Line {
	from, to := min(d.P05.V, 0), max(d.P95.V, 0)
	if to <= from {
		return nil
	}
	at := func(v float64) int { return max(0, min(w-1, int(math.Round((v-from)/(to-from)*float64(w-1))))) }
	var out cell.Line
	for x := range w {
		switch {
		case x == at(d.P50.V):
			out = out.And(cell.Candidate, "●")
		case x == at(0):
			out = out.And(cell.Plain, "┊")
		case x >= at(d.P05.V) && x <= at(d.P95.V):
			out = out.And(cell.Candidate, "─")
		default:
			out = out.And(cell.Dim, " ")
		}
	}
	return out
}

// signed is a difference with its sign, also where it is more.
func signed(v analysis.Value) string {
	if !v.Known {
		return cell.None
	}
	sign := "+"
	if v.V < 0 {
		sign = "−"
	}
	v.V, v.Lo, v.Hi = math.Abs(v.V), 0, 0
	if v.Unit == analysis.Seconds {
		return sign + cell.Fixed(v.V*1000, 1) + " ms"
	}
	return sign + cell.Fixed(v.V, 3)
}

func differing(p frame.Pair) string {
	var out []string
	for _, f := range p.Fields {
		if f.Differs {
			out = append(out, f.Name)
		}
	}
	return strings.Join(out, " ")
}

// sideBySide is one pair, a field a row; what differs is marked and lit up.
func sideBySide(p frame.Pair, w int) cell.Grid {
	half := max(8, (w-26)/2)
	rows := []cell.Grid{
		part.Ruled(w, cell.Say(cell.Title, head(p.ID, w)).And(cell.Dim, " · legacy "+exact(p, sources.Legacy)+" · candidate "+exact(p, sources.Candidate))),
	}
	heading := cell.New(w, 1)
	heading.Write(3, 0, "FIELD", cell.Head)
	heading.Write(24, 0, "LEGACY", cell.Head)
	heading.Write(25+half, 0, "CANDIDATE", cell.Head)
	rows = append(rows, heading)
	for _, f := range p.Fields {
		g := cell.New(w, 1)
		tone := cell.Plain
		if f.Differs {
			tone = cell.Match
			g.Write(1, 0, "≠", cell.Warn)
		}
		g.Put(3, 0, cell.Say(cell.Plain, f.Name).Clip(20))
		g.Put(24, 0, cell.Say(tone, head(f.Legacy, half)).Clip(half))
		g.Put(25+half, 0, cell.Say(tone, head(f.Candidate, half)).Clip(half))
		rows = append(rows, g)
	}
	return cell.Stack(rows...)
}

func exact(p frame.Pair, a sources.Arm) string { return p.At.Of(a).UTC().Format("15:04:05.000") }

// selected is the selected pair in words.
func (p *pairs) selected(f *frame.Frame) string {
	row, ok := p.row(f)
	if !ok {
		return ""
	}
	out := []string{row.ID.String() + " score " + signed(row.Score) + ", latency " + signed(row.Latency)}
	for _, x := range row.Fields {
		mark := "= "
		if x.Differs {
			mark = "≠ "
		}
		out = append(out, mark+x.Name+": legacy "+x.Legacy.String()+", candidate "+x.Candidate.String())
	}
	return strings.Join(out, "\n")
}

func whyNoPairs(f *frame.Frame, st part.State) string {
	switch {
	case f == nil:
		return ""
	case !f.Said.Asked && len(f.Logs.Patterns) == 0:
		return "no line was read yet"
	case !f.Said.Pairs.Asked:
		return "answers are not joined: pairs: under logs: in the config does, where both arms answer the same requests"
	case f.Logs.Err != "":
		return "the log source cannot be read: " + f.Logs.Err
	}
	p := f.Said.Pairs
	if p.Seen.Legacy+p.Seen.Candidate == 0 {
		return "waiting for the first pairs: no answer was read yet"
	}
	return "waiting for the first pairs: answers read " + part.Counts(p.Seen, false) + ", without their partner yet " + part.Counts(p.Waiting, false) +
		", settled up to " + st.Exact(p.At)
}
