package panel

import (
	"slices"
	"strings"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// after is how long an action that was observed stays in the header: long enough to be read by who looked away.
const after = time.Minute

// running is the action that the header follows: the newest one, until it was observed and read.
func running(f *frame.Frame, st part.State) (sources.Progress, bool) {
	if f == nil || len(f.Actions) == 0 {
		return sources.Progress{}, false
	}
	for i, p := range f.Actions {
		if i == 0 && wanted(p, st) || p.Deadline.Open() {
			return p, true
		}
	}
	return sources.Progress{}, false
}

// wanted tells whether an action is still worth a row: it climbs, or somebody may not have read its end yet. An alarm
// that nobody can still act on gives way to the advice, which speaks of what is set by now.
func wanted(p sources.Progress, st part.State) bool {
	last := p.Began
	if n := len(p.Rungs); n > 0 {
		last = p.Rungs[n-1].At
	}
	limit := after
	if alarmed(p) {
		limit = 10 * after
	}
	return !p.Done && (p.Rung < sources.Observed || alarmed(p)) || st.Now.Sub(last) < limit
}

// ladder is every rung in its order.
var ladder = [...]sources.Rung{sources.Sent, sources.Accepted, sources.Configured, sources.Effective, sources.Observed}

// verbOf is a verb in words, as dialogs and keys name it.
func verbOf(v sources.Verb) string {
	switch v {
	case sources.SetSplit:
		return "SET SPLIT"
	case sources.RollBack:
		return "ROLLBACK"
	case sources.Hold:
		return "HOLD"
	case sources.Resume:
		return "RESUME"
	case sources.Step:
		return "STEP"
	case sources.Promote:
		return "PROMOTE"
	case sources.Start:
		return "START"
	case sources.Stop:
		return "STOP"
	}
	return "ACTION"
}

// Tracker draws how far an action has come, in one row: the rungs with the time each took. Where something is wrong it
// says what; what can be done stands in the rule below.
func Tracker(p sources.Progress, st part.State, w int) cell.Grid {
	head := cell.Say(tone(p), verbOf(p.Action.Verb))
	switch {
	case unnoted(p):
		head = cell.Say(cell.BadBadge, "! "+verbOf(p.Action.Verb))
	case alarmed(p):
		return labelled(w, cell.Say(cell.BadBadge, "! "+verbOf(p.Action.Verb)), alarm(p))
	}
	if l := sentence(p); l != nil {
		return labelled(w, head, l.With(by(p)))
	}
	g := cell.New(w, 1)
	g.Put(1, 0, head)
	x := max(labelWidth, 1+head.Width()+1)
	if l := limit(p, st); l != nil {
		g.Put(x, 0, fitting(w-x, l.With(by(p)), l))
		return g
	}
	change := cell.Say(cell.Plain, short(p.Change.From)+"→"+short(p.Change.To)+" %")
	newest := climbed(p) - 1
	variants := []cell.Line{rungs(p, st, 0, 5, true), rungs(p, st, 0, 5, false), rungs(p, st, newest, 5, true), rungs(p, st, newest, newest+2, true)}
	if p.Done {
		variants = slices.Delete(variants, 1, 2)
	}
	change = change.And(cell.Plain, "  ")
	lines := []cell.Line{change.With(variants[0]).With(way(p.How)).With(by(p)).With(missing(p))}
	variants = append(variants, rungs(p, st, newest, newest+2, false))
	short, _, _ := strings.Cut(p.How, ",")
	for _, how := range []string{p.How, short} {
		for _, line := range variants {
			lines = append(lines, change.With(line).With(way(how)).With(missing(p)))
		}
	}
	g.Put(x, 0, fitting(w-x, lines...))
	return g
}

// fitting is the first line for which there is room, or what there is room for of the last.
func fitting(w int, lines ...cell.Line) cell.Line {
	for _, l := range lines {
		if l.Width() <= w {
			return l
		}
	}
	return lines[len(lines)-1].Clip(w)
}

// by says who acts when it is not by hand.
func by(p sources.Progress) cell.Line {
	if p.Via == sources.ByHand {
		return nil
	}
	return cell.Say(cell.Dim, " · by ").And(cell.Plain, p.Via.Of(p.Actor))
}

// way says which way moved the traffic when it was not the first.
func way(how string) cell.Line {
	if how == "" {
		return nil
	}
	return cell.Say(cell.Dim, " · ").And(cell.Warn, how)
}

// climbed counts the rungs that were reached on the way that is gone: one that was tried before has its own.
func climbed(p sources.Progress) int {
	n := 0
	for _, t := range p.Rungs {
		if t.Way == p.Change.Intent.Way {
			n++
		}
	}
	return n
}

// sentence is what an action does that moves no traffic and so has no rungs; nil for the others.
func sentence(p sources.Progress) cell.Line {
	says := ""
	switch p.Action.Verb {
	case sources.Hold:
		says = "nothing ramps up until it is resumed"
	case sources.Resume:
		says = "ramping up is possible again"
	case sources.Start:
		says = "the plan drives the split"
	case sources.Stop:
		says = "nothing drives the split any more"
	case sources.SetSplit, sources.RollBack, sources.Step, sources.Promote:
		return nil
	}
	if p.Done {
		return cell.Say(cell.Good, "✓ "+says).And(cell.Dim, " · written down")
	}
	return cell.Say(cell.Warn, "… "+says).And(cell.Dim, " · being written down")
}

// limit counts down to where a change that is set reverts by itself; nil while it climbs, and for changes that stay.
func limit(p sources.Progress, st part.State) cell.Line {
	if !p.Deadline.Open() || p.Rung < sources.Observed && !p.Done {
		return nil
	}
	left := p.Deadline.At.Sub(st.Now)
	switch {
	case st.Away && left <= 0:
		return cell.Say(cell.Bad, "its time is over: "+p.Change.To.String()+" stays until the runner is back").And(cell.Dim, " · ").And(cell.Key, "R").And(cell.Plain, " roll back")
	case st.Away:
		return cell.Say(cell.Plain, short(p.Change.From)+"→"+short(p.Change.To)+" %").And(cell.Warn, "  back to "+p.Deadline.Back.String()+" in "+cell.Countdown(left)+" only if the runner is back")
	case left <= 0:
		return cell.Say(cell.Warn, "its time is over: back to "+p.Deadline.Back.String())
	}
	return cell.Say(cell.Plain, short(p.Change.From)+"→"+short(p.Change.To)+" %").And(cell.Warn, "  back to "+p.Deadline.Back.String()+" in "+cell.Countdown(left)).
		And(cell.Dim, " unless confirmed ").And(cell.Key, ":confirm")
}

// away tells that the process that reverts by itself what nobody confirms is not there to do so.
func away(f *frame.Frame) bool {
	return slices.ContainsFunc(f.Sources, func(s frame.Source) bool { return s.Name == "runner" && s.State == frame.SourceDown })
}

// alarmed tells an action with which something is wrong.
func alarmed(p sources.Progress) bool { return p.Alarm != "" || p.Err != nil }

// unnoted tells an action with which nothing is wrong but that the journal lacks it. Its rungs are drawn all the same:
// whether it took is asked first, and a journal's error in their place reads as if it had not.
func unnoted(p sources.Progress) bool {
	return p.Unnoted != "" && p.Alarm == p.Unnoted && p.Err == nil && p.Rung != sources.RungNone
}

// missing says beside the rungs that the journal lacks the action; why stands in the rule below, and in full on the panel of the traffic.
func missing(p sources.Progress) cell.Line {
	if !unnoted(p) {
		return nil
	}
	return cell.Say(cell.Dim, " · ").And(cell.Bad, "not in the journal")
}

func tone(p sources.Progress) cell.Tone {
	if p.Done {
		return cell.Good
	}
	return cell.Accent
}

func alarm(p sources.Progress) cell.Line {
	text := p.Alarm
	if p.Err != nil {
		switch err := p.Err.Error(); {
		case text == "":
			text = err
		case !strings.Contains(text, err):
			text += ": " + err
		}
	}
	return cell.Say(cell.Bad, text)
}

// rungs is the ladder from one rung to before another: what was reached and how long after the start, what is waited for, what is left.
func rungs(p sources.Progress, st part.State, from, to int, times bool) cell.Line {
	var line cell.Line
	waited := false
	for i, r := range ladder {
		if i < from || i >= to {
			continue
		}
		if len(line) > 0 {
			line = line.And(cell.Dim, " → ")
		}
		at, reached := reachedAt(p, r)
		switch {
		case reached:
			line = line.And(cell.Good, "✓ "+r.String())
			if times {
				line = line.And(cell.Dim, " "+tenths(at.Sub(p.Began)))
			}
		case waited || p.Done:
			line = line.And(cell.Dim, r.String())
		default:
			waited = true
			line = line.And(cell.Warn, "… "+r.String()+" "+cell.Age(max(0, st.Now.Sub(p.Began))))
		}
	}
	return line
}

func reachedAt(p sources.Progress, r sources.Rung) (time.Time, bool) {
	for _, t := range p.Rungs {
		if t.Rung == r && t.Way == p.Change.Intent.Way {
			return t.At, true
		}
	}
	return time.Time{}, p.Rung >= r && p.Rung != sources.RungNone
}

// tenths prints a short time: "0.1 s", "12 s". A time that is not known is a blank.
func tenths(d time.Duration) string {
	switch {
	case d < 0:
		return ""
	case d < 10*time.Second:
		return cell.Fixed(d.Seconds(), 1) + " s"
	}
	return cell.Age(d)
}
