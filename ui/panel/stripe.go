package panel

import (
	"fmt"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// stripe says where the operator is: the environment, the service, who runs against whom, and how fresh it is.
func stripe(f *frame.Frame, st part.State, w int) cell.Grid {
	// What stays longest: where, what, how fresh; then the time, who; the rest is a convenience.
	return cell.Row(w, 2,
		cell.Item{Line: environment(f), Keep: 9},
		cell.Item{Line: unmasked(st), Keep: 9},
		cell.Item{Line: cell.Say(cell.Title, cell.Ends(f.Service, max(8, w/4))), Keep: 8},
		cell.Item{Line: versions(f, w).Clip(max(12, w/3)), Keep: 5},
		cell.Item{Line: evidenceSince(f, st), Keep: 2},
		cell.Item{Line: who(f, st, w, max(12, w/4)), Keep: 3, Right: true},
		cell.Item{Line: cell.Say(cell.Plain, st.Wall(st.Now)), Keep: 4, Right: true},
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

// unmasked warns wherever the operator looks that secrets may stand on this screen.
func unmasked(st part.State) cell.Line {
	if !st.Unmasked.After(st.Now) {
		return nil
	}
	return cell.Say(cell.BadBadge, " UNMASKED ")
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

func evidenceSince(f *frame.Frame, st part.State) cell.Line {
	since := f.Verdict.Evidence.Since
	if since.IsZero() {
		since = f.Rollout.Since
	}
	if since.IsZero() {
		return nil
	}
	return cell.Say(cell.Dim, "evidence since ").And(cell.Plain, st.Clock(since))
}

// who says what this session may do, and how far its terminal is where that has room.
func who(f *frame.Frame, st part.State, w, room int) cell.Line {
	role := f.Session.Role.String()
	if f.Session.ReadOnly {
		role = "read only"
	}
	line := cell.Say(cell.Dim, role)
	if f.Unlock.Until.After(st.Now) {
		tone, said := cell.Warn, "unlocked "
		if f.Session.Role >= sources.Breakglass {
			tone, said = cell.Bad, "rules aside "
		}
		line = line.And(cell.Dim, " · ").And(tone, said+cell.Countdown(f.Unlock.Until.Sub(st.Now)))
	}
	link := cell.Say(cell.Dim, fmt.Sprintf(" · link %*s", linkWidth, cell.Took(st.Link.Round(time.Millisecond))))
	if st.Link > 0 && w >= 110 && line.Width()+link.Width() <= room {
		line = line.With(link)
	}
	return line.Clip(room)
}

// linkWidth keeps the stripe still while the link is measured anew: "8.0 ms", "180 ms".
const linkWidth = 6

// liveWidth keeps the stripe still while a live age gains and loses its second digit.
const liveWidth = 4

// freshness says how old the numbers are, and whether that is as it should be.
func freshness(f *frame.Frame, st part.State) cell.Line {
	if !st.Frozen.IsZero() {
		return cell.Say(cell.WarnBadge, " FROZEN "+st.Exact(st.Frozen)+" ")
	}
	if len(f.Sources) == 0 {
		return cell.Say(cell.Unknown, "○ waiting")
	}
	s := f.Sources[0]
	age := st.Age(s.At)
	switch s.State {
	case frame.SourceLive:
		return cell.Say(cell.Good, "● live ").And(cell.Plain, fmt.Sprintf("%*s", liveWidth, age))
	case frame.SourceWaiting, frame.SourceAbsent:
		return cell.Say(cell.Unknown, part.SourceGlyph(s.State)+" "+s.State.String())
	case frame.SourceStale, frame.SourceEmpty, frame.SourceDown:
	}
	if s.At.IsZero() {
		return cell.Say(cell.WarnBadge, " "+part.SourceGlyph(s.State)+" "+s.State.String()+" ")
	}
	return cell.Say(cell.WarnBadge, " "+part.SourceGlyph(s.State)+" "+s.State.String()+" "+age+" old ")
}
