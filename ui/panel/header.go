package panel

import (
	"fmt"
	"strings"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// HeaderHeight is the rows of Header: the stripe, the call, DO, SPLIT, and the rule that carries a source's error.
const HeaderHeight = 5

// label is the column at which the lines under the stripe begin to speak.
const labelWidth = 10

// Header draws the first rows of every screen. While an action runs its DO row is the Tracker. A nil frame is one that
// has not come yet.
func Header(f *frame.Frame, st part.State, w int) cell.Grid {
	if f == nil {
		return unborn(st, w)
	}
	return cell.Stack(stripe(f, st, w), callRow(f, w), doRow(f, st, w), splitRow(f, st, w), part.Ruled(w, trouble(f, st)))
}

// unborn is the header before the first frame.
func unborn(st part.State, w int) cell.Grid {
	g := cell.New(w, HeaderHeight)
	g.Blit(0, 0, cell.Row(w, 2, cell.Item{Line: cell.Say(cell.Env, "▌rampart▐"), Keep: 1},
		cell.Item{Line: cell.Say(cell.Dim, st.Wall(st.Now)), Right: true}))
	g.Blit(0, 1, labelled(w, cell.Say(cell.UnknownBadge, "WAITING "), cell.Say(cell.Unknown, "nothing has answered yet")))
	g.Blit(0, 4, part.Ruled(w, nil))
	return g
}

// labelled is a row with a label in front.
func labelled(w int, label, text cell.Line) cell.Grid {
	g := cell.New(w, 1)
	x := max(labelWidth, 1+label.Width()+1)
	g.Put(1, 0, label)
	g.Put(x, 0, shorten(text, w-x))
	return g
}

func callRow(f *frame.Frame, w int) cell.Grid {
	v := f.Verdict
	if len(f.Waiting) > 0 {
		return labelled(w, cell.Say(cell.UnknownBadge, "WAITING "),
			cell.Say(cell.Unknown, "for the first answer of "+strings.Join(f.Waiting, " and ")))
	}
	return labelled(w, badge(v.Call), cell.Say(cell.Plain, v.Sentence))
}

// badge is a call as a filled word.
func badge(c analysis.Call) cell.Line {
	mark := part.CallMark(c)
	return cell.Say(mark.Badge(), c.Label()+" "+mark.Glyph()+" ")
}

func doRow(f *frame.Frame, st part.State, w int) cell.Grid {
	if p, ok := running(f, st); ok {
		st.Away = away(f)
		return Tracker(p, st, w)
	}
	return labelled(w, cell.Say(cell.Head, "DO"), toDo(f))
}

// toDo is what can be done now: nothing is advised before anything has answered, and a ramp on its way knows what it waits
// for.
func toDo(f *frame.Frame) cell.Line {
	if len(f.Waiting) > 0 {
		return waitDo(f)
	}
	if said := rampDo(f); said != nil {
		return said
	}
	return advice(f)
}

// waitDo is what can be done before anything has answered.
func waitDo(f *frame.Frame) cell.Line {
	l := cell.Say(cell.Plain, "wait")
	if f.Traffic.Plane == "" {
		return l
	}
	return l.And(cell.Plain, ", or ").And(cell.Key, "R").And(cell.Plain, " roll back: it needs no metrics")
}

// rampDo is what a ramp that is on its way waits for, and who can help it on; nil where the call's advice is what counts.
func rampDo(f *frame.Frame) cell.Line {
	r := f.Ramp
	switch {
	case r == nil || !r.Phase.Climbing():
		return nil
	case r.Phase == ramp.Asking:
		return cell.Say(cell.Key, "R").And(cell.Plain, " roll back or ").And(cell.Key, "H").And(cell.Plain, " resume? ").And(cell.Warn, r.Question)
	case f.Verdict.Call == analysis.Worse:
		return nil
	}
	l := cell.Say(cell.Plain, fmt.Sprintf("ramp %s, step %d of %d: %s", r.Phase, r.Step+1, len(r.Plan.Steps), r.Why))
	if s := r.Step; s >= 0 && s < len(r.Plan.Steps) && r.Plan.Steps[s].Gate == frame.GateApproval && r.Plan.Steps[s].Watched >= r.Plan.Steps[s].Bake {
		return l.And(cell.Plain, " · ").And(cell.Key, "A").And(cell.Plain, " approve")
	}
	return l
}

// possible is the advice without what this session has no plane for.
func possible(f *frame.Frame) string {
	before, after, offers := strings.Cut(f.Verdict.Do, "R roll back")
	if f.Traffic.Plane != "" || !offers {
		return f.Verdict.Do
	}
	_, rest, more := strings.Cut(after, " · ")
	if more {
		rest = " · " + rest
	}
	return before + "roll back where the split is set, no traffic plane is configured here" + rest
}

// advice shows what to do with the key in front standing out.
func advice(f *frame.Frame) cell.Line {
	do := possible(f)
	switch {
	case do == "":
		return cell.Say(cell.Dim, "nothing yet")
	case len(do) > 1 && do[0] >= 'A' && do[0] <= 'Z' && do[1] == ' ':
		return cell.Say(cell.Key, do[:1]).And(cell.Plain, do[1:])
	}
	return cell.Say(cell.Plain, do)
}

// trouble is what can be done about an action that failed, or why the journal lacks it; or else the worst that is wrong with
// a source, with its own words and when it is asked again.
func trouble(f *frame.Frame, st part.State) cell.Line {
	switch p, ok := running(f, st); {
	case ok && alarmed(p) && p.Next != "":
		return cell.Say(cell.Bad, "→ ").And(cell.Plain, p.Next)
	case ok && unnoted(p):
		return cell.Say(cell.Bad, "! ").And(cell.Warn, p.Unnoted)
	}
	var worst *frame.Source
	others := 0
	for i := range f.Sources {
		s := &f.Sources[i]
		if s.State != frame.SourceDown && s.State != frame.SourceEmpty && s.State != frame.SourceStale {
			continue
		}
		others++
		if worst == nil || s.State > worst.State {
			worst = s
		}
	}
	if worst == nil {
		if f.Traffic.Err != "" {
			return cell.Say(cell.Bad, "! "+f.Traffic.Plane+": "+f.Traffic.Err)
		}
		return nil
	}
	line := cell.Say(part.SourceTone(worst.State), part.SourceGlyph(worst.State)+" "+worst.Name+" "+worst.State.String()).
		And(cell.Dim, " since "+st.Exact(worst.Since))
	if !worst.Retry.IsZero() {
		line = line.And(cell.Dim, ", asked again "+st.Left(worst.Retry))
	}
	if others > 1 {
		line = line.And(cell.Dim, fmt.Sprintf(", %d more", others-1))
	}
	if worst.Err != "" {
		line = line.And(cell.Dim, ": ").And(cell.Warn, worst.Err)
	}
	return line
}
