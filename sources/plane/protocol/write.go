package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"rampart/sources"
	"rampart/sources/plane"
)

// Plan turns an intent into the document that would be sent, or into the writes that the other end names for it.
func (p *Plane) Plan(ctx context.Context, r sources.Reading, in sources.Intent) (sources.Change, error) {
	caps, err := p.Caps(ctx)
	if err != nil {
		return sources.Change{}, err
	}
	if !caps.Writes {
		return sources.Change{}, &sources.Error{Op: CallPlan, Target: p.name, Kind: sources.ErrUnsupported, Cause: errors.New("it can only be watched")}
	}
	c, err := plane.Draft(r, in, caps)
	if err != nil {
		return sources.Change{}, err
	}
	c.NoOp = r.Configured.Equal(c.To)
	if !caps.Note.IsZero() {
		c.Notes = []sources.Note{{Kind: sources.NoteInfo, Text: caps.Note, At: r.At}}
	}
	if c.NoOp {
		return c, nil
	}
	c.Writes, err = p.writes(ctx, c)
	return c, err
}

func (p *Plane) writes(ctx context.Context, c sources.Change) ([]sources.Write, error) {
	doc := document(c)
	if !p.can(CallPlan) {
		b, err := json.Marshal(Request{Version: Version, Call: CallApply, Intent: doc})
		return []sources.Write{{Member: p.name, Arm: sources.Candidate, Request: string(b)}}, err
	}
	a, err := p.ask(ctx, Request{Call: CallPlan, Intent: doc}, func(a Answer) bool { return len(a.Writes) > 0 })
	if err == nil {
		err = p.echoed(CallPlan, a, c.Intent)
	}
	var out []sources.Write
	for _, w := range a.Writes {
		out = append(out, sources.Write{Member: p.name, Arm: sources.Candidate, Request: sources.Visible(w)})
	}
	return out, err
}

// document is an intent as the other end is told it. A rollback expects nothing: it goes on whatever is set.
func document(c sources.Change) *Intent {
	in := c.Intent
	d := &Intent{
		ID: in.ID, Verb: in.Verb, Percent: c.To.Candidate.Percent(), ExpectRev: in.Expect.Rev, Actor: in.Actor, Reason: in.Reason, NotAfter: in.NotAfter,
	}
	if in.Verb == sources.RollBack {
		d.ExpectRev = ""
	}
	return d
}

// echoed refuses an answer for another intent.
func (p *Plane) echoed(call string, a Answer, in sources.Intent) error {
	if a.IntentID == in.ID {
		return nil
	}
	return &sources.Error{
		Op: call, Target: p.name, Kind: sources.ErrInvalid, Sent: true,
		Cause: fmt.Errorf("it answered for intent %q, asked was %q", sources.Visible(a.IntentID), in.ID), Fix: "answer with the intent_id that was asked",
	}
}

// Apply reads once more when ramping and refuses with ErrConflict what moved; then it sends one apply, once.
func (p *Plane) Apply(ctx context.Context, c sources.Change) (sources.Receipt, error) {
	rc := sources.Receipt{Change: c, SentAt: p.now()}
	switch {
	case c.Intent.ID == "":
		return rc, &sources.Error{Op: CallApply, Target: p.name, Kind: sources.ErrInvalid, Cause: errors.New("an intent without an id")}
	case c.Intent.Verb != sources.RollBack:
		now, err := p.Read(ctx)
		if err == nil {
			err = plane.Still(now, c)
		}
		if err != nil {
			return rc, err
		}
	}
	if !c.NoOp {
		a, err := p.apply(ctx, c)
		for _, w := range c.Writes {
			rc.Answer = append(rc.Answer, sources.Answer{Write: w, Text: said(a), At: p.now(), Err: err})
		}
		if err != nil {
			return rc, err
		}
	}
	if r, err := p.Read(ctx); err == nil { // a failure is none of the change's: the next Confirm starts the count instead
		p.memory.Applied(c, r)
	}
	return rc, nil
}

// apply asks once. What arrived and was not answered as agreed has an outcome that is not known.
func (p *Plane) apply(ctx context.Context, c sources.Change) (Answer, error) {
	a, err := p.ask(ctx, Request{Call: CallApply, Intent: document(c)}, func(Answer) bool { return true })
	if err == nil {
		err = p.echoed(CallApply, a, c.Intent)
	}
	if e, ok := errors.AsType[*sources.Error](err); ok && e.Sent && a.Error == nil {
		unknown := *e
		unknown.Kind = sources.ErrAmbiguous
		return a, &unknown
	}
	return a, err
}

// said joins what was answered with what came beside it.
func said(a Answer) sources.Text {
	switch {
	case a.Aside.IsZero():
		return a.Said
	case a.Said.IsZero():
		return a.Aside
	}
	return sources.Textf("%v; %v", a.Said, a.Aside)
}

// Confirm reads back once, by the call confirm where it is known.
func (p *Plane) Confirm(ctx context.Context, rc sources.Receipt) (sources.Outcome, error) {
	var r sources.Reading
	var err error
	if _, unasked := p.Caps(ctx); unasked == nil && p.can(CallConfirm) {
		var a Answer
		a, err = p.ask(ctx, Request{Call: CallConfirm, Intent: document(rc.Change)}, hasRead)
		if err == nil {
			err = p.echoed(CallConfirm, a, rc.Change.Intent)
		}
		if err == nil {
			r = p.reading(*a.Read)
		}
	} else {
		r, err = p.Read(ctx)
	}
	if err != nil {
		return sources.Outcome{Rung: plane.Answered(rc), Reading: r}, err
	}
	return p.memory.Look(ctx, rc, r, nil), nil
}
