package panel

import (
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Ramp is panel 8. This console ramps nothing by itself, and says so; it shows where the split stands and what holds it.
type Ramp struct {
	part.Still
	part.Scroll
}

// Name is the panel's word.
func (*Ramp) Name() string { return "ramp" }

// Title is the panel's heading.
func (*Ramp) Title() string { return "8 ramp" }

// View draws where the ramp stands.
func (r *Ramp) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil {
		return part.Note(box, f, "")
	}
	w := box.W
	t := f.Traffic
	parts := []cell.Grid{
		part.Heading(w, "RAMP", nil),
		part.Paragraph(w, cell.Say(cell.Plain, "No ramp runs here: shares change when somebody changes them. S sets a share, H holds, R rolls back.")), part.Gap(w),
		part.Labelled(w, 13, "split", cell.Say(cell.Candidate, part.Share(t.Set)+" %").And(cell.Dim, " set, ").And(cell.Candidate, part.Share(t.Seen)+" %").And(cell.Dim, " seen")),
		part.Labelled(w, 13, "held", heldWords(t)), part.Labelled(w, 13, "unlock", unlockWords(f, st)),
	}
	if f.Verdict.Forecast.Text != "" {
		parts = append(parts, part.Labelled(w, 13, "decided", cell.Say(cell.Plain, f.Verdict.Forecast.Text)))
	}
	if f.Verdict.Forecast.Next > 0 {
		parts = append(parts, part.Labelled(w, 13, "next step", cell.Say(cell.Plain, f.Verdict.Forecast.Next.String()).And(cell.Dim, " would expose fewest requests until decided")))
	}
	parts = append(parts, part.Gap(w), historyPart(f, st, w))
	return r.Draw(cell.Stack(parts...), box)
}

func heldWords(t frame.Traffic) cell.Line {
	if t.Held == "" {
		return cell.Say(cell.Dim, "no")
	}
	return cell.Say(cell.Warn, t.Held)
}

// unlockWords says whether ramping up is allowed now.
func unlockWords(f *frame.Frame, st part.State) cell.Line {
	u := f.Unlock
	switch {
	case !u.Needed:
		return cell.Say(cell.Dim, "not needed in this environment")
	case u.Until.After(st.Now):
		line := cell.Say(cell.Warn, "unlocked for "+cell.Countdown(u.Until.Sub(st.Now))).And(cell.Dim, " by ").And(cell.Plain, u.By)
		if u.Reason != "" {
			line = line.And(cell.Dim, ": ").And(cell.Plain, u.Reason)
		}
		return line
	}
	return cell.Say(cell.Plain, "locked: ").And(cell.Key, ":unlock 10m reason").And(cell.Dim, " allows ramping up; rolling back never needs it")
}

// Selected is the ramp in words.
func (*Ramp) Selected(f *frame.Frame) string {
	if f == nil {
		return ""
	}
	return "no ramp runs here; set " + f.Traffic.Set.String()
}

// Hints are the keys that matter most.
func (*Ramp) Hints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"}, {Key: "S", Does: "split"}, {Key: "H", Does: "hold"}, {Key: "P", Does: "step"}, {Key: "esc", Does: "overview"}, {Key: "?", Does: "help"},
	}
}
