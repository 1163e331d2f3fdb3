package dialog

import (
	"fmt"
	"strings"

	"rampart/sources"
	"rampart/ui/cell"
)

// View draws the confirmation in at most w by h; open says whether its keys count yet.
func (c *Confirm) View(w, h int, open bool) cell.Grid {
	d := frameOf{title: c.Title, stripe: c.stripe(), lines: c.body(inside(w)), pinned: c.word()}
	room := max(h-2-len(d.pinned)-1, 1)
	c.top = max(min(c.top, len(d.lines)-room), 0)
	if c.ready() {
		c.read.shown(c.Preview.ID, c.top, room, len(d.lines))
	}
	d.keys = c.keys(open)
	d.top, d.bad = c.top, c.Err != nil || c.Preview.Confirm.Refuse != ""
	return framed(w, h, d)
}

func (c *Confirm) stripe() cell.Line {
	if c.Prod {
		return cell.Say(cell.Prod, "▌PROD▐").And(cell.Plain, " "+c.Context)
	}
	return cell.Say(cell.Env, " "+c.Context+" ")
}

func (c *Confirm) keys(open bool) cell.Line {
	switch {
	case c.Waiting != "":
		return keysLine(open, "esc", "leave")
	case c.Err != nil:
		return keysLine(open, "enter", "ask again", "esc", "leave")
	case c.Sent:
		return keysLine(open, "esc", "leave: it goes on")
	case c.Preview.Confirm.Refuse != "":
		return keysLine(open, "esc", "leave")
	}
	if c.Starts() {
		return keysLine(open, "enter", "start it and attach", "esc", "leave")
	}
	if c.unread() {
		return keysLine(open, "enter", "read on first", "esc", "leave")
	}
	return keysLine(open, "enter", c.Does, "esc", "leave")
}

// starting says what has to be started first, by which command, and what follows.
func starting(s sources.Starting, w int) []cell.Line {
	out := cell.Wrap(cell.Say(cell.Plain, sources.Visible(s.Why)), w)
	say := func(l cell.Line) { out = append(out, cell.Wrap(l, w)...) }
	if s.Command == "" {
		say(cell.Say(cell.Plain, "There is one: enter attaches this console to it."))
	} else {
		say(cell.Say(cell.Plain, "Enter starts one in the background ("+sources.Visible(s.Way)+") and attaches this console to it:"))
		say(cell.Say(cell.Accent, "  "+sources.Visible(s.Command)))
		say(cell.Say(cell.Dim, "its log: "+sources.Visible(s.Log)))
	}
	say(cell.Say(cell.Plain, "What you asked for comes next and is confirmed then; nothing is written before."))
	return out
}

// word asks for the typed word.
func (c *Confirm) word() []cell.Line {
	w := c.Preview.Confirm.Word
	if w == "" || !c.ready() {
		return nil
	}
	typed, _ := c.Word.View(24)
	l := cell.Say(cell.Warn, "type ").And(cell.Key, w).And(cell.Warn, ": ").With(typed).And(cell.Cursor, "_")
	if c.wrong != "" {
		l = l.And(cell.Bad, "  "+c.wrong)
	}
	return []cell.Line{l}
}

func (c *Confirm) body(w int) []cell.Line {
	switch {
	case c.Waiting != "":
		return cell.Wrap(cell.Say(cell.Dim, c.Waiting), w)
	case c.Err != nil:
		return cell.Unfold(cell.Say(cell.Bad, sources.Visible(c.Err.Error())), w)
	}
	p := c.Preview
	if c.Starts() {
		return starting(p.Confirm.First, w)
	}
	var out []cell.Line
	say := func(lines ...cell.Line) {
		for _, l := range lines {
			out = append(out, cell.Unfold(l, w)...)
		}
	}
	say(effect(p)...)
	say(warnings(p)...)
	say(servers(p)...)
	out = append(out, writes(p.Change, w)...)
	say(undo(p))
	for _, n := range p.Warnings {
		if n.Kind == sources.NoteInfo {
			say(cell.Say(cell.Dim, "note: "+n.Text.String()))
		}
	}
	if c.Sent {
		say(cell.Say(cell.Accent, "sent; waiting for the first answer"))
	}
	return out
}

// effect is what would come of it, or why it is refused.
func effect(p sources.Preview) (out []cell.Line) {
	if p.Confirm.Refuse != "" {
		out = append(out, cell.Say(cell.Bad, "refused: "+sources.Visible(p.Confirm.Refuse)))
	}
	if p.Confirm.Refuse == "" || p.Change.From.Known || p.Change.To.Known {
		out = append(out, share(p))
	}
	return out
}

// warnings are what must be read before it is confirmed.
func warnings(p sources.Preview) (out []cell.Line) {
	if p.Replan != "" {
		out = append(out, cell.Say(cell.Warn, "planned again: "+sources.Visible(p.Replan)))
	}
	if p.Confirm.Why != "" {
		out = append(out, cell.Say(cell.Bad, sources.Visible(p.Confirm.Why)))
	}
	for _, n := range p.Warnings {
		if n.Kind != sources.NoteInfo {
			out = append(out, cell.Say(cell.Warn, "! "+n.Text.String()))
		}
	}
	return out
}

// share says the share before and after.
func share(p sources.Preview) cell.Line {
	switch p.Action.Verb {
	case sources.Hold:
		return cell.Say(cell.Plain, "hold: nobody and nothing ramps up until it is resumed; traffic stays as it is")
	case sources.Resume:
		return cell.Say(cell.Plain, "resume: ramping up is possible again; traffic stays as it is")
	case sources.Start:
		return cell.Say(cell.Plain, "start: the plan drives the split from now on; traffic stays as it is until its first step")
	case sources.Stop:
		return cell.Say(cell.Plain, "stop: nothing drives the split any more; traffic stays as it is")
	case sources.SetSplit, sources.RollBack, sources.Step, sources.Promote:
	}
	l := cell.Say(cell.Plain, "candidate ").And(cell.Candidate, p.Change.From.String()).And(cell.Plain, " → ").And(cell.Accent, p.Change.To.String()).
		And(cell.Plain, " of new requests")
	if p.Change.NoOp {
		l = l.And(cell.Dim, "  (already so: nothing is written, traffic is watched)")
	}
	return l
}

// servers says who carries the load of each arm.
func servers(p sources.Preview) (out []cell.Line) {
	for _, a := range sources.Arms() {
		if l := load(p, a); l != nil {
			out = append(out, l)
		}
	}
	return out
}

// load is how many of an arm's servers are up, and what each gets before and after.
func load(p sources.Preview, a sources.Arm) cell.Line {
	n, r := p.Servers.Of(a), p.Rates.Of(a)
	if n[1] == 0 {
		return nil
	}
	tone, ours := cell.Plain, 0
	if a == sources.Candidate {
		ours = p.Change.Readies
	}
	if n[0]+ours == 0 {
		tone = cell.Bad
	}
	l := cell.Say(cell.Dim, fmt.Sprintf("%-10s", a)).And(tone, fmt.Sprintf("%d/%d up", n[0], n[1]))
	if ours > 0 {
		l = l.And(cell.Warn, fmt.Sprintf(" (%d drained by our rollback will be made ready)", ours))
	}
	if r.Known {
		l = l.And(cell.Plain, ", "+cell.RateStep(r.Before, r.After)+" each")
	}
	return l
}

// writes lists the exact commands, each under its member.
func writes(c sources.Change, w int) []cell.Line {
	var out []cell.Line
	member := ""
	for _, x := range c.Writes {
		if x.Member != member {
			member = x.Member
			out = append(out, cell.Say(cell.Dim, "to "+sources.Visible(member)).Clip(w))
		}
		for line := range strings.SplitSeq(strings.TrimSpace(x.Request), "\n") {
			for i, l := range cell.Wrap(cell.Say(cell.Plain, sources.Visible(line)), max(w-2, 1)) {
				indent := "  "
				if i > 0 {
					indent = "    "
				}
				out = append(out, cell.Say(cell.Plain, indent).With(l))
			}
		}
	}
	return out
}

// undo says what would take it back.
func undo(p sources.Preview) cell.Line {
	in := p.Change.Inverse
	switch {
	case p.Change.From.Known && !p.Change.Moves():
		return cell.Say(cell.Dim, "nothing to take back: its share stays as it is")
	case in == nil:
		return nil
	}
	return cell.Say(cell.Dim, "to take it back: split "+in.To.String())
}
