package action

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"rampart/sources"
)

// ramp sends what was previewed, and only that. Whatever is not as it was on the screen refuses it.
func (d *Desk) ramp(ctx context.Context, o *offer) {
	t := o.track
	rc, err := d.rampOnce(ctx, o)
	if err != nil && !touched(rc, err) {
		if len(rc.Answer) > 0 {
			d.received(o, rc, 1, err)
		}
		t.end(d.refuse(o, err), err.Error(), "nothing was sent: look again and ask again")
		return
	}
	d.received(o, rc, 1, err)
	d.follow(ctx, o, rc, err)
}

// rampOnce compares, journals and sends, while nobody else of this desk can.
func (d *Desk) rampOnce(ctx context.Context, o *offer) (sources.Receipt, error) {
	giveBack, err := d.take(ctx)
	if err != nil {
		return sources.Receipt{}, err
	}
	defer giveBack()
	p := o.preview
	if err := d.still(o); err != nil {
		return sources.Receipt{}, err
	}
	r, err := d.cfg.Plane.Read(ctx)
	if err != nil {
		return sources.Receipt{}, fmt.Errorf("%s: %w", p.Action.Verb, err)
	}
	if err := d.same(p, r); err != nil {
		return sources.Receipt{}, err
	}
	if err := d.intend(o); err != nil {
		return sources.Receipt{}, &sources.Error{
			Op: p.Action.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrDenied, Cause: fmt.Errorf("not journalled, not sent: %s", err.Error()),
		}
	}
	if err := d.first(o); err != nil {
		return sources.Receipt{}, err
	}
	return d.cfg.Plane.Apply(ctx, p.Change)
}

// still asks the journal again, right before the write, whether anything forbids it by now: another process may have
// held the ramp, or acted, since the preview.
func (d *Desk) still(o *offer) error {
	d.catchUp(d.ctx)
	p := o.preview
	if why, _ := d.forbidden(o.actor, p.Action, o.has); why != "" {
		return &sources.Error{Op: p.Action.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrDenied, Cause: errors.New(why)}
	}
	return d.unmoved(o, math.MaxUint64)
}

// first settles who was first where two processes wrote an intent at once: the journal has them in one order.
func (d *Desk) first(o *offer) error {
	d.catchUp(d.ctx)
	d.mu.Lock()
	i := slices.IndexFunc(d.fold.asked, func(p pending) bool { return p.id == o.preview.ID })
	mine := pending{}
	if i >= 0 {
		mine = d.fold.asked[i]
	}
	d.mu.Unlock()
	if i < 0 {
		return &sources.Error{
			Op: o.preview.Action.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrUnreachable, Cause: errors.New("the intent cannot be read back from the journal: not sent"),
		}
	}
	return d.unmoved(o, mine.seq)
}

// unmoved refuses when somebody else asked for something after the preview and before an entry.
func (d *Desk) unmoved(o *offer, before uint64) error {
	d.mu.Lock()
	other, moved := d.fold.since(o.seq, before, o.preview.ID)
	d.mu.Unlock()
	if !moved {
		return nil
	}
	return &sources.Error{
		Op: o.preview.Action.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrConflict, Fix: "look again and ask again",
		Cause: fmt.Errorf("%s asked for another change at %s: %s", other.by.called(), other.at.UTC().Format(time.TimeOnly), sources.Visible(other.text)),
	}
}

// intend journals what is about to be sent, with its time limit where it has one.
func (d *Desk) intend(o *offer) error {
	o.limit = d.limitOf(o.preview)
	e := d.entry(sources.EntryIntent, o.actor, o.preview.Action.Verb, o.preview.ID, sentence(o.preview.Change))
	if !o.limit.at.IsZero() {
		e.Text += fmt.Sprintf(", back to %v at %s unless confirmed", o.limit.back, o.limit.at.Format(time.TimeOnly))
	}
	e.Data = o.record()
	return d.rec.must(d.ctx, e)
}

// same tells whether everything is as it was previewed.
func (d *Desk) same(p sources.Preview, r sources.Reading) error {
	stop, _ := d.compare(p.Action, r)
	stop = join(stop, empty(r, p.Change))
	if stop == "" && p.Change.Intent.Expect.Rev != r.Rev {
		stop = fmt.Sprintf("the candidate has %v now, the preview showed %v", r.Configured, p.Change.From)
		if r.Configured.Equal(p.Change.From) {
			stop = "weights, servers or processes are not those of the preview"
		}
	}
	if na := p.Change.Intent.NotAfter; stop == "" && !na.IsZero() && d.cfg.Now().After(na) {
		stop = "the preview is too old"
	}
	if stop == "" {
		return nil
	}
	return &sources.Error{Op: p.Action.Verb.String(), Target: d.cfg.Service, Kind: sources.ErrConflict, Cause: errors.New(stop), Fix: "look again and ask again"}
}

// touched tells whether anything may have changed: what was sent, unless the plane said no to all of it.
func touched(rc sources.Receipt, err error) bool {
	if slices.ContainsFunc(rc.Answer, func(a sources.Answer) bool { return a.Err == nil }) || errors.Is(err, sources.ErrAmbiguous) {
		return true
	}
	if e, ok := errors.AsType[*sources.Error](err); !ok || !e.Sent {
		return false
	}
	said := len(rc.Answer) == 0 && refuses(err)
	for i, a := range rc.Answer {
		said = refuses(a.Err) && (i == 0 || said)
	}
	return !said
}

// refuses tells the kinds with which a plane says that it did nothing.
func refuses(err error) bool {
	return errors.Is(err, sources.ErrDenied) || errors.Is(err, sources.ErrUnsupported)
}

// received journals what the plane answered and shows it.
func (d *Desk) received(o *offer, rc sources.Receipt, try int, err error) {
	said := "accepted"
	if rc.Change.NoOp {
		said = "nothing was to be written"
	}
	if err != nil {
		said = err.Error()
	}
	e := d.entry(sources.EntryReceipt, o.actor, o.preview.Action.Verb, o.preview.ID, said)
	e.Data = receiptRecord(rc, try, err)
	o.track.unwritten(d.rec.may(d.ctx, e))
	o.track.edit(func(p *sources.Progress) {
		p.Change = rc.Change
		p.Members = merged(p.Members, rc.Answer)
		if !touched(rc, err) && err != nil {
			return
		}
		if n := len(p.Rungs); n > 0 && p.Rungs[n-1].Way != rc.Change.Intent.Way {
			p.Rung = sources.RungNone
		}
		if slices.ContainsFunc(rc.Answer, func(a sources.Answer) bool { return a.Err == nil }) {
			p.How = how(rc.Change.Intent)
		}
		reach(p, sources.Sent, rc.SentAt)
		if err == nil {
			at := rc.SentAt
			for _, a := range rc.Answer {
				at = a.At
			}
			reach(p, sources.Accepted, at)
			p.Alarm, p.Unnoted, p.Next = o.track.loud(""), o.track.journal, ""
		}
	})
}

// merged keeps the newest answer of each command of each member.
func merged(old, newer []sources.Answer) []sources.Answer {
	out := make([]sources.Answer, 0, len(old)+len(newer))
	for _, a := range old {
		superseded := false
		for _, b := range newer {
			superseded = superseded || a.Write == b.Write
		}
		if !superseded {
			out = append(out, a)
		}
	}
	return append(out, newer...)
}

// sentence says what a change does, and why where the actor said it.
func sentence(c sources.Change) string {
	said := fmt.Sprintf("%s: candidate from %v to %v by %s", c.Intent.Verb, c.From, c.To, byWhat(c))
	if c.NoOp {
		said = fmt.Sprintf("%s: the candidate has %v already: nothing to write", c.Intent.Verb, c.To)
	}
	if c.Intent.Reason != "" {
		said += " (" + c.Intent.Reason + ")"
	}
	return said
}
