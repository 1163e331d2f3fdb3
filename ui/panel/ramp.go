package panel

import (
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Ramp is panel 8: the plan as a ladder, where the ramp stands on it and why it waits. Where nothing drives a ramp it
// says so, and how to start one.
type Ramp struct {
	part.Still
	part.Scroll
}

// rampLabel is the column behind the labels of this panel.
const rampLabel = 13

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
	parts := []cell.Grid{part.Heading(w, "RAMP", rampState(f, st))}
	switch {
	case f.Ramp != nil:
		parts = append(parts, rampWhy(f.Ramp, w), part.Gap(w), stepTable(f.Ramp.Plan.Steps, f.Ramp, st, w), part.Gap(w), rampFacts(f, st, w))
	case f.Plan != nil:
		parts = append(parts, part.Paragraph(w, cell.Say(cell.Plain, "No ramp runs here. ").And(cell.Key, "rampart run").And(cell.Plain, " drives this plan without a screen, and ").
			And(cell.Key, ":ramp start").And(cell.Plain, " begins it; a ramp then needs no console.")), part.Gap(w), stepTable(f.Plan.Steps, nil, st, w), part.Gap(w), splitFacts(f, st, w))
	default:
		parts = append(parts, part.Paragraph(w, cell.Say(cell.Plain, "No ramp runs here, and no plan is configured: shares change when somebody changes them. S sets a share, H holds, R rolls back.")),
			part.Gap(w), splitFacts(f, st, w))
	}
	if p := planOf(f); p != nil {
		parts = append(parts, part.Gap(w), wouldPart(p, w))
	}
	parts = append(parts, part.Gap(w), historyPart(f, st, w))
	return r.Draw(cell.Stack(parts...), box)
}

// planOf is the plan of the ramp that runs, or the configured one.
func planOf(f *frame.Frame) *frame.Plan {
	if f.Ramp != nil {
		return &f.Ramp.Plan
	}
	return f.Plan
}

// rampState is the phase in a word, and since when.
func rampState(f *frame.Frame, st part.State) cell.Line {
	r := f.Ramp
	if r == nil {
		return nil
	}
	if r.Started.IsZero() { // a rollback that no ramp came before
		return cell.Say(phaseTone(r.Phase), phaseWord(r.Phase))
	}
	return cell.Say(phaseTone(r.Phase), phaseWord(r.Phase)).And(cell.Dim, " · started "+st.Clock(r.Started)+" by "+sources.Visible(r.Starter))
}

func phaseWord(p ramp.Phase) string {
	switch p {
	case ramp.RollingBack:
		return "ROLLING BACK"
	case ramp.RolledBack:
		return "ROLLED BACK"
	case ramp.Asking:
		return "ASKS"
	case ramp.Held:
		return "HELD"
	case ramp.Frozen:
		return "FROZEN"
	case ramp.Running:
		return "RUNNING"
	case ramp.Ended:
		return "ENDED"
	case ramp.Promoted:
		return "PROMOTED"
	case ramp.Idle:
	}
	return "IDLE"
}

func phaseTone(p ramp.Phase) cell.Tone {
	switch p {
	case ramp.RollingBack, ramp.RolledBack:
		return cell.Bad
	case ramp.Asking, ramp.Held, ramp.Frozen, ramp.Ended:
		return cell.Warn
	case ramp.Promoted:
		return cell.Good
	case ramp.Idle, ramp.Running:
	}
	return cell.Plain
}

// rampWhy is one sentence: what it waits for, what it asks, or how it ended.
func rampWhy(r *frame.Ramp, w int) cell.Grid {
	why := sources.Visible(r.Why)
	switch {
	case r.Question != "":
		return part.Paragraph(w, cell.Say(cell.Warn, "asks: "+sources.Visible(r.Question)).And(cell.Plain, " · ").And(cell.Key, "H").And(cell.Plain, " goes on, ").And(cell.Key, "R").And(cell.Plain, " rolls back"))
	case r.Phase == ramp.Running:
		return part.Paragraph(w, cell.Say(cell.Dim, "waits: ").And(cell.Plain, why))
	}
	return part.Paragraph(w, cell.Say(phaseTone(r.Phase), why))
}

// rampFacts is what stands around the ramp: when it ends, who drives it, who said yes.
func rampFacts(f *frame.Frame, st part.State, w int) cell.Grid {
	r := f.Ramp
	rows := []cell.Grid{
		fact(w, "ends", endWords(r, st)),
		fact(w, "next edge", edgeWords(r.Edge, st)),
		fact(w, "driven by", driverWords(r)),
		fact(w, "approvals", approvalWords(r, st)),
	}
	if !r.Deadline.IsZero() && r.Phase.Climbing() {
		rows = append(rows, fact(w, "confirm", cell.Say(cell.Warn, "reverts by itself in "+cell.Countdown(r.Deadline.Sub(st.Now))).And(cell.Dim, " unless ").And(cell.Key, ":confirm")))
	}
	if r.Gate != "" {
		rows = append(rows, fact(w, "command", cell.Say(cell.Plain, sources.Visible(r.Gate))))
	}
	return cell.Stack(append(rows, splitFacts(f, st, w))...)
}

func fact(w int, label string, line cell.Line) cell.Grid {
	return part.Labelled(w, rampLabel, label, line)
}

// splitFacts is where the split stands and what holds it, with or without a ramp.
func splitFacts(f *frame.Frame, st part.State, w int) cell.Grid {
	t := f.Traffic
	rows := []cell.Grid{
		fact(w, "split", cell.Say(cell.Candidate, part.Share(t.Set)+" %").And(cell.Dim, " set, ").And(cell.Candidate, part.Share(t.Seen)+" %").And(cell.Dim, " seen")),
	}
	if t.Drained != "" {
		label := "candidate"
		for _, l := range cell.Unfold(cell.Say(cell.Warn, sources.Visible(t.Drained)), w-rampLabel) { // who, when and why
			rows, label = append(rows, fact(w, label, l)), ""
		}
	}
	rows = append(rows, fact(w, "held", heldWords(t)), fact(w, "unlock", unlockWords(f, st)))
	if f.Verdict.Forecast.Text != "" {
		rows = append(rows, fact(w, "decided", cell.Say(cell.Plain, f.Verdict.Forecast.Text)))
	}
	if f.Ramp == nil && f.Verdict.Forecast.Next > 0 {
		rows = append(rows, fact(w, "next step", cell.Say(cell.Plain, f.Verdict.Forecast.Next.String()).And(cell.Dim, " would expose fewest requests until decided")))
	}
	return cell.Stack(rows...)
}

// endWords says when the ramp will be over if nothing stops it.
func endWords(r *frame.Ramp, st part.State) cell.Line {
	e := r.End
	if e.Lo.IsZero() {
		return cell.Say(cell.Dim, cell.None)
	}
	line := cell.Say(cell.Plain, "in "+cell.Took(max(0, e.Lo.Sub(st.Now).Round(time.Minute))))
	switch {
	case e.Open:
		line = cell.Say(cell.Plain, "not before "+st.Clock(e.Lo))
	case e.Hi.Sub(e.Lo) >= time.Minute:
		line = line.And(cell.Plain, " to "+cell.Took(e.Hi.Sub(st.Now).Round(time.Minute))).And(cell.Dim, ", "+st.Clock(e.Lo)+"–"+st.Clock(e.Hi))
	default:
		line = line.And(cell.Dim, ", at "+st.Clock(e.Lo))
	}
	if e.Why != "" {
		line = line.And(cell.Dim, ", "+e.Why)
	}
	return line.And(cell.Dim, ", if nothing stops it")
}

func edgeWords(e ramp.Edge, st part.State) cell.Line {
	when := st.Clock(e.At)
	if e.At.Sub(st.Now) > 20*time.Hour {
		when = e.At.In(st.Location()).Format("Mon 2 Jan 15:04")
	}
	switch {
	case e.Endless:
		return cell.Say(cell.Warn, "the freeze has no end in sight")
	case e.At.IsZero():
		return cell.Say(cell.Dim, "no freeze ahead")
	case e.Begins:
		return cell.Say(cell.Plain, "a freeze begins "+when).And(cell.Dim, ", in "+cell.Took(e.At.Sub(st.Now).Round(time.Minute)))
	}
	return cell.Say(cell.Warn, "the freeze ends "+when).And(cell.Dim, ", in "+cell.Took(e.At.Sub(st.Now).Round(time.Minute)))
}

func driverWords(r *frame.Ramp) cell.Line {
	line := cell.Say(cell.Plain, sources.Visible(r.Holder))
	if r.Holder == "" {
		line = cell.Say(cell.Unknown, cell.None)
	}
	if !r.Lease {
		line = line.And(cell.Warn, "; the process you look at does not drive it")
	}
	return line
}

func approvalWords(r *frame.Ramp, st part.State) cell.Line {
	var line cell.Line
	for i, a := range r.Approvals {
		if i > 0 {
			line = line.And(cell.Dim, " · ")
		}
		line = line.And(cell.Plain, a.To.String()).And(cell.Dim, " by "+sources.Visible(a.By))
		switch {
		case a.Until.IsZero():
		case a.Until.After(st.Now):
			line = line.And(cell.Dim, " until "+st.Clock(a.Until))
		default:
			line = line.And(cell.Warn, " expired "+st.Clock(a.Until))
		}
	}
	if line == nil {
		return cell.Say(cell.Dim, "none")
	}
	return line
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
	switch {
	case f == nil:
		return ""
	case f.Ramp == nil:
		return "no ramp runs here; set " + f.Traffic.Set.String()
	}
	return "ramp " + f.Ramp.Phase.String() + ": " + sources.Visible(f.Ramp.Why) + "; set " + f.Traffic.Set.String()
}

// Hints are the keys that matter most.
func (*Ramp) Hints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "H", Does: "hold, resume"},
		{Key: "P", Does: "step"},
		{Key: "A", Does: "approve"},
		{Key: "S", Does: "split"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
}
