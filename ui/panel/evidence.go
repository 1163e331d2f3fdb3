package panel

import (
	"fmt"
	"math"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/chart"
	"rampart/ui/panel/part"
)

// Evidence is panel 7: how far the decision is on both sides, how it came to be block by block, which blocks, edges and
// strata weighed most, measure by measure what it rests on, and what would change it. The time cursor picks the block that
// is explained.
type Evidence struct {
	part.Still
	part.Scroll
}

// Name is the panel's word.
func (*Evidence) Name() string { return "evidence" }

// Title is the panel's heading.
func (*Evidence) Title() string { return "7 evidence" }

// View draws the parts below each other.
func (e *Evidence) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil || f.Verdict.Call == analysis.CallUnknown {
		return part.Note(box, f, "no verdict yet")
	}
	w := box.W
	if st.Wide {
		return courses(f, st, w, box.H)
	}
	top := cell.Stack(oddsPart(f, st, w), courses(f, st, w, max(7, box.H/4)), blockPart(f, st, w), part.Gap(w))
	rows := max(4, box.H/7)
	if w < roomy {
		return e.Draw(cell.Stack(
			top, weightPart(f, st, w, rows), part.Gap(w), reasonPart(f, w), part.Gap(w), findingPart(f, w), part.Gap(w), gaugePart(f, w), part.Gap(w), forecastPart(f, st, w),
		), box)
	}
	half := w / 2
	left := cell.Stack(weightPart(f, st, half, rows), part.Gap(half), findingPart(f, half))
	right := cell.Stack(reasonPart(f, half), part.Gap(half), gaugePart(f, half), part.Gap(half), forecastPart(f, st, half))
	below := cell.New(w, max(left.H, right.H))
	below.Blit(0, 0, left)
	below.Blit(w-half, 0, right)
	return e.Draw(cell.Stack(top, below), box)
}

// roomy is the width from which the parts under the charts stand in two columns.
const roomy = 170

// oddsPart shows both sides' evidence on the way to what is needed.
func oddsPart(f *frame.Frame, st part.State, w int) cell.Grid {
	ev := f.Verdict.Evidence
	alpha := ""
	if ev.Alpha > 0 {
		alpha = fmt.Sprintf("alpha %.3g: wrong in at most %.3g %% of harmless rollouts, however often it is looked at", ev.Alpha, 100*ev.Alpha)
	}
	g := cell.Stack(
		part.Heading(w, "EVIDENCE", cell.Say(cell.Dim, fmt.Sprintf("%s blocks since %s ", cell.Count(int64(f.Verdict.Blocks)), st.Clock(ev.Since)))),
		odds(w, "for worse", ev.LogHarm, ev.LogNeeded, cell.Bad), odds(w, "for safe", ev.LogSafe, ev.LogNeeded, cell.Good),
	)
	if alpha != "" {
		g = cell.Stack(g, part.Paragraph(w, cell.Say(cell.Dim, alpha)))
	}
	return g
}

// odds is one side: the e-value, the logarithm, and the way to the decision as a bar.
func odds(w int, name string, log, needed float64, tone cell.Tone) cell.Grid {
	done := 0.0
	if needed > 0 {
		done = min(1, max(0, log/needed))
	}
	bar := 30
	if w < 100 {
		bar = 16
	}
	const label = 13
	line := chart.Bar(done, bar, tone).And(cell.Plain, "  "+times(log)+" of the "+times(needed)+" needed")
	if whole := line.And(cell.Dim, fmt.Sprintf("  log E %.2f of %.2f", log, needed)); whole.Width() <= w-label {
		line = whole
	}
	return part.Labelled(w, label, name, line)
}

// times prints the e-value of a logarithm.
func times(log float64) string { return cell.Evidence(math.Exp(log)) }

func reasonPart(f *frame.Frame, w int) cell.Grid {
	v := f.Verdict
	g := cell.Stack(part.Heading(w, "WHY", nil), part.Paragraph(w, cell.Say(cell.Plain, v.Sentence)))
	for _, r := range v.Reasons {
		g = cell.Stack(g, part.Paragraph(w, part.GlyphOf(r.Mark).And(cell.Plain, " "+r.Text)))
	}
	if v.WouldChange != "" {
		g = cell.Stack(g, part.Paragraph(w, cell.Say(cell.Dim, "what would change it: ").And(cell.Plain, v.WouldChange)))
	}
	if v.Ask != "" {
		g = cell.Stack(g, part.Paragraph(w, cell.Say(cell.Warn, "an automatic action would ask first: ").And(cell.Plain, v.Ask)))
	}
	return g
}

// findingPart is each measure with its own evidence.
func findingPart(f *frame.Frame, w int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: part.Pad("MEASURE", part.MeasureWidth), Max: 20, Keep: 9, Min: 10},
		{Head: "CALL", Keep: 8},
		{Head: part.Pad("DIFFERENCE", 15), Max: part.DifferenceWidth, Keep: 7},
		{Head: "LIMIT", Keep: 4},
		{Head: "WEIGHT", Keep: 3, Right: true},
		{Head: "EVIDENCE WORSE", Keep: 6, Right: true},
		{Head: "SAFE", Keep: 5, Right: true},
		{Head: "LEGACY", Keep: 2},
		{Head: "CANDIDATE", Keep: 2},
		{Head: "", Keep: 1, Grow: true},
	}}
	var marks []analysis.Mark
	for _, m := range f.Verdict.Measures {
		marks = append(marks, m.Mark)
		t.Rows = append(t.Rows, findingRow(m, f.Verdict.Evidence))
	}
	return part.DrawTable(t, marks, w, len(t.Rows)+1)
}

// findingRow shows a measure with both lines: worse by itself needs 1/(alpha weight), safe needs 1/alpha of every one.
func findingRow(m analysis.Finding, ev analysis.Evidence) cell.TableRow {
	legacy, candidate := part.Pair(m.Legacy, m.Candidate)
	weight, harm, safe := cell.None, cell.None, cell.None
	call := cell.Say(cell.Dim, m.Measure.Judge.String())
	if m.Weight > 0 {
		weight = cell.Bare(m.Weight, 2)
		harm, safe = times(m.LogHarm)+" of "+times(ev.LogNeeded-math.Log(m.Weight)), times(m.LogSafe)+" of "+times(ev.LogNeeded)
		call = cell.Say(part.CallMark(m.Call).Tone(), m.Call.Label())
	}
	difference := cell.Say(part.ToneOf(m.Mark), part.Value(m.Difference))
	if !m.Difference.Known {
		difference = cell.Say(cell.Unknown, part.Explained(m.Difference))
	}
	return cell.TableRow{Cells: []cell.Line{
		cell.Say(cell.Plain, m.Measure.Said()), call, difference, cell.Say(cell.Limit, part.Number(m.Limit)), cell.Say(cell.Dim, weight), cell.Say(cell.Plain, harm),
		cell.Say(cell.Plain, safe), cell.Say(cell.Dim, legacy), cell.Say(cell.Dim, candidate), cell.Say(cell.Note, m.Detail),
	}}
}

// actingLimits is what simulation says of the two gauges that turn automatic actions into questions.
const actingLimits = "confirmation and burst turn automatic actions into questions: burst is red in about one clean hour of ten, " +
	"and after about one true late rise of twenty they stay red for the hour. The others are told and stop nothing."

// gaugePart is the TRUST strip: each gauge with what it says.
func gaugePart(f *frame.Frame, w int) cell.Grid {
	g := part.Heading(w, "WHAT SPEAKS FOR AND AGAINST THESE NUMBERS", trust(f).And(cell.Plain, " "))
	for _, x := range f.Verdict.Gauges {
		mark, tone := cell.Say(cell.Good, "✓"), cell.Plain
		if x.Red {
			mark, tone = cell.Say(cell.Warn, "!"), cell.Warn
		}
		line := cell.Say(tone, x.Text)
		if x.V.Known {
			line = line.And(cell.Dim, " ("+part.Value(x.V)+")")
		}
		if x.Red && x.Acts {
			line = line.And(cell.Dim, " · automatic actions ask first")
		}
		row := part.Labelled(w, 18, "", line)
		row.Put(2, 0, mark.And(cell.Plain, " "+x.Name))
		g = cell.Stack(g, row)
	}
	if len(f.Verdict.Gauges) == 0 {
		return cell.Stack(g, part.Paragraph(w, cell.Say(cell.Dim, "no evidence to trust or doubt yet")))
	}
	return cell.Stack(g, part.Paragraph(w, cell.Say(cell.Dim, actingLimits)))
}

func forecastPart(f *frame.Frame, st part.State, w int) cell.Grid {
	v := f.Verdict
	forecast := cell.Say(cell.Dim, "none: decided, or too far away to be told")
	if v.Forecast.Text != "" {
		forecast = cell.Say(cell.Plain, v.Forecast.Text)
		if v.Forecast.Next > 0 {
			forecast = forecast.And(cell.Dim, ", best next step ").And(cell.Plain, v.Forecast.Next.String())
		}
	}
	cost := cell.Say(cell.Plain, part.Explained(v.Exposure.Excess)).And(cell.Dim, " excess failures").With(pace(v.Exposure))
	return cell.Stack(
		part.Heading(w, "FORECAST AND COST", nil), part.Labelled(w, 13, "decided", forecast), part.Labelled(w, 13, "exposure", cost),
		part.Labelled(w, 13, "rollout", cell.Say(cell.Plain, f.Rollout.ID).And(cell.Dim, " first request ").And(cell.Plain, st.Exact(f.Rollout.Since)).And(cell.Dim, narrowed(f))),
	)
}

func narrowed(f *frame.Frame) string {
	if f.Rollout.Narrowed {
		return ", evidence narrowed by --since"
	}
	return ""
}

// Selected is the verdict in words.
func (*Evidence) Selected(f *frame.Frame) string {
	if f == nil {
		return ""
	}
	return f.Verdict.Call.Label() + ": " + f.Verdict.Sentence
}

// Hints are the keys that matter most.
func (*Evidence) Hints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"}, {Key: "←→", Does: "block"}, {Key: "j k", Does: "scroll"}, {Key: "z", Does: "charts"}, {Key: "y", Does: "copy the verdict"}, {Key: "esc", Does: "overview"}, {Key: "?", Does: "help"},
	}
}
