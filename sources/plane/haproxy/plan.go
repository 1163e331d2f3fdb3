package haproxy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rampart/sources"
	"rampart/sources/plane"
)

// Plan turns an intent into commands. It asks nobody when the reading is one of this plane's last; otherwise it reads
// once more and refuses with ErrConflict when that differs.
func (p *Plane) Plan(ctx context.Context, r sources.Reading, in sources.Intent) (sources.Change, error) {
	target, err := targetOf(in)
	if err != nil {
		return sources.Change{}, err
	}
	if err := plane.Holds(r, in.Expect); err != nil {
		return sources.Change{}, err
	}
	members, err := p.recall(ctx, r, in.Verb)
	if err != nil {
		return sources.Change{}, err
	}
	if in.Expect.Rev == "" {
		in.Expect.Rev = r.Rev
	}
	c := sources.Change{Intent: in, From: r.Configured, Settle: settle}
	after := make([]member, len(members))
	for i, m := range members {
		writes, then, err := p.step(m, target, in)
		if err != nil {
			return sources.Change{}, err
		}
		c.Writes, after[i] = append(c.Writes, writes...), then
	}
	for _, w := range c.Writes {
		if a, _ := parseCommand(w.Request); a.state == stateReady {
			c.Readies++
		}
	}
	c.To = agreed(after, member.weights)
	c.NoOp = len(c.Writes) == 0 && len(members) == len(p.sockets)
	c.Inverse = plane.Inverse(r, c.To, in)
	c.Notes = planNotes(r, c, target, after)
	return c, nil
}

// targetOf is the share that an intent asks for. Draining is a way to nothing only.
func targetOf(in sources.Intent) (sources.Share, error) {
	if in.Way == sources.Drain && in.Verb == sources.RollBack {
		return 0, nil
	}
	return plane.Target(in)
}

// step is what one member is sent for an intent, and how it is then.
func (p *Plane) step(m member, target sources.Share, in sources.Intent) ([]sources.Write, member, error) {
	if in.Way == sources.Drain {
		return drainMember(p.conf.Backend, m)
	}
	if now := m.split(member.weights); now.Known && target <= now.Candidate {
		return planMember(p.conf.Backend, m, target, nil)
	}
	if err := settled(m); err != nil {
		return nil, member{}, err
	}
	writes, then, err := planMember(p.conf.Backend, m, target, in.Drained)
	if err == nil && target > 0 {
		err = asleep(p.conf.Backend, then)
	}
	return writes, then, err
}

// recall returns the members of a reading. Only a rollback is planned without those that could not be read.
func (p *Plane) recall(ctx context.Context, r sources.Reading, v sources.Verb) ([]member, error) {
	members, ok := p.remembered(r.Rev)
	if !ok {
		again, errs := p.readAll(ctx)
		now, err := p.merge(again, errs)
		if err != nil && !errors.Is(err, sources.ErrPartial) {
			return nil, err
		}
		if now.Rev != r.Rev {
			return nil, conflict(r, now)
		}
		members, _ = p.remembered(now.Rev)
	}
	if len(members) < len(p.sockets) && v != sources.RollBack {
		var errs []error
		for _, m := range r.Members {
			errs = append(errs, m.Err)
		}
		return nil, plane.Failed("plan", errs)
	}
	return members, nil
}

func conflict(was, is sources.Reading) error {
	cause := fmt.Errorf("the candidate has %v, it had %v", is.Configured, was.Configured)
	if moved := was.Epochs().Moved(is); len(moved) > 0 {
		on := ""
		if len(is.Members) > 1 {
			on = " on " + strings.Join(moved, ", ")
		}
		cause = fmt.Errorf("HAProxy was started or reloaded in between%s; %w", on, cause)
	}
	return &sources.Error{Op: "compare", Target: "split", Kind: sources.ErrConflict, Cause: cause, Fix: "look again and ask again"}
}

func planNotes(now sources.Reading, c sources.Change, target sources.Share, after []member) []sources.Note {
	var notes []sources.Note
	add := func(kind sources.NoteKind, format string, args ...any) {
		notes = append(notes, sources.Note{Kind: kind, Text: sources.Textf(format, args...), At: now.At})
	}
	for _, m := range now.Members {
		if m.Err != nil {
			add(sources.NotePartial, "%s cannot be read and is not in these writes", m.Name)
		}
	}
	for _, m := range after {
		if m.denied() {
			add(sources.NoteDenied, "%s will refuse these writes: its socket has level %s, its stats socket line needs level admin", m.name, m.level)
		}
		for _, s := range m.astray {
			add(sources.NoteWarning, "%v on %s: it is left as it is, with whatever requests it gets", s, m.name)
		}
	}
	if up, all := now.Up(sources.Legacy); up == 0 && target < sources.Whole {
		add(sources.NoteWarning, "no legacy server of %d takes requests", all)
	}
	if up, all := now.Up(sources.Candidate); up == 0 && target > 0 && c.Readies == 0 {
		add(sources.NoteWarning, "no candidate server of %d takes requests", all)
	}
	if c.To.Known && c.To.Candidate != target && !near(c.To.Candidate, target, 1) {
		add(sources.NoteInfo, "whole weights make %v of the asked %v", c.To, target)
	}
	if f := agreed(after, member.initial); f.Known && !f.Equal(c.To) {
		add(sources.NoteWarning, "set by runtime only: a reload returns to %v", f)
	}
	wayNotes(now, c, add)
	add(sources.NoteInfo, "HAProxy does not compare before it writes: the last writer wins")
	return notes
}
