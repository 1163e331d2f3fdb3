package panel

import (
	"fmt"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
)

// HeaderHeight is the rows of Header: the stripe, the call, DO, SPLIT, and the rule that carries a source's error.
const HeaderHeight = 5

// label is the column at which the lines under the stripe begin to speak.
const labelWidth = 10

// Header draws the first rows of every screen. While an action runs its DO row is the Tracker. A nil frame is one that
// has not come yet.
func Header(f *frame.Frame, st State, w int) cell.Grid {
	if f == nil {
		return unborn(st, w)
	}
	return cell.Stack(stripe(f, st, w), callRow(f, w), doRow(f, st, w), splitRow(f, st, w), ruled(w, trouble(f, st)))
}

// unborn is the header before the first frame.
func unborn(st State, w int) cell.Grid {
	g := cell.New(w, HeaderHeight)
	g.Blit(0, 0, cell.Row(w, 2, cell.Item{Line: cell.Say(cell.Env, "▌rampart▐"), Keep: 1},
		cell.Item{Line: cell.Say(cell.Dim, st.wall(st.Now)), Right: true}))
	g.Blit(0, 1, labelled(w, cell.Say(cell.UnknownBadge, "WAITING "), cell.Say(cell.Unknown, "nothing has answered yet")))
	g.Blit(0, 4, ruled(w, nil))
	return g
}

// stripe says where the operator is: the environment, the service, who runs against whom, and how fresh it is.
func stripe(f *frame.Frame, st State, w int) cell.Grid {
	// What stays longest: where, what, how fresh; then the time, who; the rest is a convenience.
	return cell.Row(w, 2,
		cell.Item{Line: environment(f), Keep: 9},
		cell.Item{Line: cell.Say(cell.Title, f.Service).Clip(max(8, w/4)), Keep: 8},
		cell.Item{Line: versions(f, w).Clip(max(12, w/3)), Keep: 5},
		cell.Item{Line: evidenceSince(f, st), Keep: 2},
		cell.Item{Line: who(f, st, w).Clip(max(12, w/4)), Keep: 3, Right: true},
		cell.Item{Line: cell.Say(cell.Plain, st.wall(st.Now)), Keep: 4, Right: true},
		cell.Item{Line: freshness(f, st), Keep: 7, Right: true},
	)
}

func environment(f *frame.Frame) cell.Line {
	switch {
	case f.Session.Demo != "":
		return cell.Say(cell.Env, "▌DEMO▐")
	case f.Env == "prod":
		return cell.Say(cell.Prod, "▌PROD▐")
	case f.Env != "":
		return cell.Say(cell.Env, "▌"+f.Env+"▐")
	}
	return cell.Say(cell.Env, "▌"+f.Context+"▐")
}

// versions says who runs against whom, in fewer words where there is less room.
func versions(f *frame.Frame, w int) cell.Line {
	name := func(t sources.Text) string {
		if t.IsZero() {
			return cell.None
		}
		return t.String()
	}
	if w < 100 {
		return cell.Say(cell.Candidate, name(f.Rollout.Candidate)).And(cell.Dim, " v ").And(cell.Legacy, name(f.Rollout.Legacy))
	}
	return cell.Say(cell.Dim, "candidate ").And(cell.Candidate, name(f.Rollout.Candidate)).
		And(cell.Dim, " v legacy ").And(cell.Legacy, name(f.Rollout.Legacy))
}

func evidenceSince(f *frame.Frame, st State) cell.Line {
	since := f.Verdict.Evidence.Since
	if since.IsZero() {
		since = f.Rollout.Since
	}
	if since.IsZero() {
		return nil
	}
	return cell.Say(cell.Dim, "evidence since ").And(cell.Plain, st.clock(since))
}

// who says what this session may do, and how far its terminal is.
func who(f *frame.Frame, st State, w int) cell.Line {
	role := f.Session.Role.String()
	if f.Session.ReadOnly {
		role = "read only"
	}
	line := cell.Say(cell.Dim, role)
	if f.Unlock.Until.After(st.Now) {
		line = line.And(cell.Dim, " · ").And(cell.Warn, "unlocked "+cell.Countdown(f.Unlock.Until.Sub(st.Now)))
	}
	if st.Link > 0 && w >= 110 {
		line = line.And(cell.Dim, " · link "+cell.Took(st.Link.Round(time.Millisecond)))
	}
	return line
}

// freshness says how old the numbers are, and whether that is as it should be.
func freshness(f *frame.Frame, st State) cell.Line {
	if !st.Frozen.IsZero() {
		return cell.Say(cell.WarnBadge, " FROZEN "+st.exact(st.Frozen)+" ")
	}
	if len(f.Sources) == 0 {
		return cell.Say(cell.Unknown, "○ waiting")
	}
	s := f.Sources[0]
	age := st.age(s.At)
	switch s.State {
	case frame.SourceLive:
		return cell.Say(cell.Good, "● live ").And(cell.Plain, age)
	case frame.SourceWaiting, frame.SourceAbsent:
		return cell.Say(cell.Unknown, sourceGlyph(s.State)+" "+s.State.String())
	case frame.SourceStale, frame.SourceEmpty, frame.SourceDown:
	}
	if s.At.IsZero() {
		return cell.Say(cell.WarnBadge, " "+sourceGlyph(s.State)+" "+s.State.String()+" ")
	}
	return cell.Say(cell.WarnBadge, " "+sourceGlyph(s.State)+" "+s.State.String()+" "+age+" old ")
}

// labelled is a row with a label in front.
func labelled(w int, label, text cell.Line) cell.Grid {
	g := cell.New(w, 1)
	x := max(labelWidth, 1+label.Width()+1)
	g.Put(1, 0, label)
	g.Put(x, 0, text.Clip(w-x))
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
	mark := callMark(c)
	return cell.Say(mark.Badge(), c.Label()+" "+mark.Glyph()+" ")
}

func doRow(f *frame.Frame, st State, w int) cell.Grid {
	if p, ok := running(f, st); ok {
		return Tracker(p, st, w)
	}
	return labelled(w, cell.Say(cell.Head, "DO"), advice(f))
}

// advice shows what to do with the key in front standing out.
func advice(f *frame.Frame) cell.Line {
	do := f.Verdict.Do
	switch {
	case do == "":
		return cell.Say(cell.Dim, "nothing yet")
	case len(do) > 1 && do[0] >= 'A' && do[0] <= 'Z' && do[1] == ' ':
		return cell.Say(cell.Key, do[:1]).And(cell.Plain, do[1:])
	}
	return cell.Say(cell.Plain, do)
}

// splitRow shows the split as asked, set, effective and seen: four readings, none copied from another.
func splitRow(f *frame.Frame, st State, w int) cell.Grid {
	t := f.Traffic
	head := cell.Say(cell.Head, "SPLIT")
	if t.Plane == "" {
		line := cell.Say(cell.Dim, "no traffic plane configured · seen ").And(cell.Plain, share(t.Seen)+" %")
		return labelled(w, head, line)
	}
	g := cell.New(w, 1)
	g.Put(1, 0, head)
	g.Blit(labelWidth, 0, cell.Row(w-labelWidth, 1,
		cell.Item{Line: fourSplits(t, w), Keep: 9},
		cell.Item{Line: splitBar(t), Keep: 4},
		cell.Item{Line: readAge(t, st), Keep: 8},
		cell.Item{Line: dotted(changed(t, st)), Keep: 3},
		cell.Item{Line: dotted(held(t)), Keep: 6},
		cell.Item{Line: dotted(trust(f)), Keep: 5},
	))
	return g
}

// fourSplits is the split in its four forms.
func fourSplits(t frame.Traffic, w int) cell.Line {
	apart, effective := "  ", "effective "
	if w < 80 {
		apart, effective = " ", "eff "
	}
	return cell.Say(cell.Dim, "asked ").And(cell.Plain, share(t.Asked)).And(cell.Dim, apart+"set ").And(cell.Plain, share(t.Set)).
		And(cell.Dim, apart+effective).And(cell.Plain, share(t.Effective)).And(cell.Dim, apart+"seen ").And(cell.Plain, share(t.Seen)+" %")
}

func dotted(line cell.Line) cell.Line {
	if len(line) == 0 {
		return nil
	}
	return cell.Say(cell.Dim, "· ").With(line)
}

// readAge says when the plane was read, or that it could not be.
func readAge(t frame.Traffic, st State) cell.Line {
	if t.Err != "" {
		return cell.Say(cell.Bad, "! read "+st.age(t.ReadAt)+" ago, failing")
	}
	return cell.Say(cell.Dim, "read "+st.age(t.ReadAt))
}

// changed is the newest change of the set split, and whose it was.
func changed(t frame.Traffic, st State) cell.Line {
	n := len(t.History)
	if n < 2 {
		return nil
	}
	from, to := t.History[n-2], t.History[n-1]
	line := cell.Say(cell.Dim, "")
	if !t.By.IsZero() {
		line = line.And(cell.Plain, t.By.String()+" ")
	}
	return line.And(cell.Plain, short(from.Split)+"→"+short(to.Split)+" % ").And(cell.Dim, st.clock(to.At))
}

// short is a share without a needless decimal: "0", "5", "0.39".
func short(s sources.Split) string {
	return strings.TrimSuffix(strings.TrimSuffix(s.String(), "%"), " ")
}

func held(t frame.Traffic) cell.Line {
	if t.Held == "" {
		return nil
	}
	return cell.Say(cell.Warn, "held: "+t.Held)
}

// trust counts the gauges that give no reason to doubt the numbers.
func trust(f *frame.Frame) cell.Line {
	all := len(f.Verdict.Gauges)
	if all == 0 {
		return nil
	}
	good := 0
	for _, g := range f.Verdict.Gauges {
		if !g.Red {
			good++
		}
	}
	tone := cell.Good
	if good < all {
		tone = cell.Warn
	}
	return cell.Say(cell.Dim, "TRUST ").And(tone, fmt.Sprintf("%d/%d", good, all))
}

// trouble is what can be done about an action that failed, or else the worst that is wrong with a source, with its own
// words and when it is asked again.
func trouble(f *frame.Frame, st State) cell.Line {
	if p, ok := running(f, st); ok && alarmed(p) && p.Next != "" {
		return cell.Say(cell.Bad, "→ ").And(cell.Plain, p.Next)
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
	line := cell.Say(sourceTone(worst.State), sourceGlyph(worst.State)+" "+worst.Name+" "+worst.State.String()).
		And(cell.Dim, " since "+st.exact(worst.Since))
	if !worst.Retry.IsZero() {
		line = line.And(cell.Dim, ", asked again "+st.left(worst.Retry))
	}
	if others > 1 {
		line = line.And(cell.Dim, fmt.Sprintf(", %d more", others-1))
	}
	if worst.Err != "" {
		line = line.And(cell.Dim, ": ").And(cell.Warn, worst.Err)
	}
	return line
}
