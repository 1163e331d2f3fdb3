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

// predictionRows are what log lines say of predictions, a line for each: checks, quality by labels, paired answers, teams.
func predictionRows(s frame.Predictions) (rows []cell.TableRow, marks []analysis.Mark) {
	add := func(m analysis.Mark, name, legacy, candidate string, difference cell.Line, n sources.ByArm[int64]) {
		marks = append(marks, m)
		rows = append(rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Plain, name), cell.Say(cell.Plain, legacy), cell.Say(cell.Plain, candidate), difference, cell.Say(cell.Dim, part.Counts(n, true)),
		}})
	}
	for _, c := range s.Checks {
		add(c.Mark, c.Name, part.Value(c.Legacy), part.Value(c.Candidate), checkWords(c), sources.ByArm[int64]{Legacy: c.Legacy.N, Candidate: c.Candidate.N})
	}
	labelRows(s.Labels, add)
	pairRows(s.Pairs, add)
	if t := s.Teams; t.Asked {
		add(analysis.MarkReport, "interleaving, wins", part.Count(t.Wins.Legacy), part.Count(t.Wins.Candidate),
			cell.Say(cell.Plain, part.Explained(t.Share)).And(cell.Dim, fmt.Sprintf(" · ties %d · evidence %s · sign test p %s", t.Ties, part.Value(t.Evidence), part.Two(t.SignTest))), t.Clicks)
	}
	return rows, marks
}

// addRow takes one line: its mark, name, both arms, what they differ by, and n.
type addRow func(m analysis.Mark, name, legacy, candidate string, difference cell.Line, n sources.ByArm[int64])

// checkWords is how a check was broken, its limit, and the evidence where it is judged by any.
func checkWords(c frame.Check) cell.Line {
	line := cell.Say(cell.Dim, "kept by all")
	if len(c.Broken) > 0 {
		var ways []string
		for _, b := range c.Broken {
			ways = append(ways, fmt.Sprintf("%s %s", b.How, part.Counts(b.Lines, true)))
		}
		line = cell.Say(part.ToneOf(c.Mark), strings.Join(ways, ", "))
	}
	if c.Limit.Known {
		line = line.And(cell.Dim, " · limit ").And(cell.Limit, part.Value(c.Limit))
	}
	if c.Ratio.Known {
		line = line.And(cell.Dim, " · ").And(cell.Plain, part.Value(c.Ratio))
	}
	return line
}

func labelRows(l frame.Labels, add addRow) {
	if !l.Asked {
		return
	}
	known := false
	for _, f := range l.Figures {
		if !f.Legacy.Known && !f.Candidate.Known {
			continue
		}
		known = true
		add(analysis.MarkReport, f.Name, part.Value(f.Legacy), part.Value(f.Candidate), nil, sources.ByArm[int64]{Legacy: f.Legacy.N, Candidate: f.Candidate.N})
	}
	if !known {
		due := "none yet"
		if !l.Due.IsZero() {
			due += ", due " + l.Due.UTC().Format("15:04")
		}
		add(analysis.MarkMissing, "labels", cell.None, cell.None, cell.Say(cell.Unknown, due), sources.ByArm[int64]{})
		return
	}
	late := cell.Say(cell.Dim, fmt.Sprintf("delay %s, p95 %s", part.Number(l.Delay.Candidate), part.Number(l.DelayP95.Candidate)))
	if l.Note != "" {
		late = late.And(cell.Note, " · "+l.Note)
	}
	add(analysis.MarkReport, "labelled", part.Value(l.Coverage.Legacy), part.Value(l.Coverage.Candidate), late,
		sources.ByArm[int64]{Legacy: l.Coverage.Legacy.N, Candidate: l.Coverage.Candidate.N})
}

func pairRows(p frame.Pairs, add addRow) {
	if !p.Asked {
		return
	}
	both := sources.ByArm[int64]{Legacy: p.Pairs, Candidate: p.Pairs}
	add(analysis.MarkReport, "pairs that agree", "", part.Explained(p.Agreement), cell.Say(cell.Dim, unmatchedWords(p.Unmatched)), both)
	if d := p.Latency.P50; d.Known {
		add(analysis.MarkReport, "latency of pairs, median", "", part.Value(d),
			cell.Say(cell.Dim, fmt.Sprintf("slower %s · faster %s · Wilcoxon p %s", part.Value(p.Slower), part.Value(p.Faster), part.Two(p.Wilcoxon))), both)
	}
	if d := p.Score; d.P50.Known {
		add(analysis.MarkReport, "score of pairs, median", "", part.Value(d.P50), cell.Say(cell.Dim, fmt.Sprintf("p05 %s · p95 %s", part.Value(d.P05), part.Value(d.P95))), both)
	}
}

func unmatchedWords(u []frame.Unmatched) string {
	if len(u) == 0 {
		return "every line has its partner"
	}
	var out []string
	for _, r := range u {
		out = append(out, fmt.Sprintf("%s %s", r.Why, part.Counts(r.Lines, true)))
	}
	return strings.Join(out, ", ")
}

// predictionTable draws what log lines say of predictions in at most h rows; nothing when nothing is asked.
func predictionTable(s frame.Predictions, w, h int) cell.Grid {
	rows, marks := predictionRows(s)
	if len(rows) == 0 || h < 2 {
		return cell.New(w, 0)
	}
	t := cell.Table{Columns: []cell.Column{
		{Head: "PREDICTIONS IN LOGS", Min: 20, Keep: 9},
		{Head: "LEGACY", Keep: 7},
		{Head: "CANDIDATE", Keep: 8},
		{Head: "DIFFERENCE", Min: 12, Keep: 6, Grow: true},
		{Head: "N LEG/CAND", Keep: 5, Right: true},
	}, Rows: rows, Selected: -1}
	return part.DrawTable(t, marks, w, min(h, len(rows)+1))
}
