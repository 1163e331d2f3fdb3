package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// lower takes traffic from the candidate: a rollback, or what nobody confirmed in time. It does not give up while its
// plane may still be reached. Every try begins with a look, so that nothing is sent twice blindly and a split that moved
// is planned again in place.
func (d *Desk) lower(ctx context.Context, o *offer) {
	t := o.track
	if o.limit.id == "" {
		d.wish(o, o.preview.Change)
	}
	pause := sources.Backoff{First: d.cfg.Patience.Retry, Most: 15 * time.Second, Now: d.cfg.Now}
	for try := 1; ; try++ {
		rc, again, err := d.lowerOnce(o, try)
		if err == nil || !again && touched(rc, err) {
			if why := d.follow(ctx, o, rc, err); why == "" {
				return
			}
			pause.Healed()
			continue
		}
		switch {
		case errors.Is(err, errKept):
			d.spare(o, err)
			return
		case errors.Is(err, sources.ErrReverted):
			t.end(err, err.Error(), instead(err))
			return
		case !again:
			t.end(d.refuse(o, err), err.Error(), instead(err))
			return
		}
		t.say(fmt.Sprintf("try %d: %v; trying again", try, err), "the candidate may still get traffic: leave this running, or set its weights to 0 by hand")
		t.begin()
		if !d.sleep(ctx, pause.Failed(err)) {
			t.end(d.cut(ctx), "ended before the plane was reached: the candidate may still get traffic", "roll back again")
			return
		}
	}
}

// lowerOnce reads, plans and sends. The error is nil only when every member took it; again says whether another try
// may help.
func (d *Desk) lowerOnce(o *offer, try int) (rc sources.Receipt, again bool, err error) {
	giveBack, err := d.take(d.ctx)
	if err != nil {
		return rc, false, err
	}
	defer giveBack()
	rc, again, err = d.lowerBy(o, try)
	if in := o.preview.Change.Intent; in.Verb == sources.RollBack && in.Way == "" && worded(rc) != "" {
		return d.drainInstead(o, try, rc, again, err)
	}
	return rc, again, err
}

// lowerBy is one try by the way that the offer goes. The right to write is held.
func (d *Desk) lowerBy(o *offer, try int) (rc sources.Receipt, again bool, err error) {
	r, unread := d.cfg.Plane.Read(d.ctx)
	if unread != nil && r.Rev == "" {
		return rc, blind(unread), unread
	}
	if err := d.mayStill(o, r); err != nil {
		return rc, heals(err) && o.limit.id != "", err
	}
	in := o.preview.Change.Intent
	in.Expect = sources.Precondition{Identity: in.Expect.Identity}
	c, err := d.planDown(o, r, in)
	if err != nil {
		return rc, heals(err), err
	}
	in = c.Intent
	if err := d.spent(o, r, c); err != nil {
		return rc, false, err
	}
	o.epochs = r.Epochs()
	if back := o.preview.Change.Inverse; in.Way != "" && back != nil {
		c.Inverse = back // to what was there before the first way was tried
	}
	if !slices.Equal(c.Writes, o.preview.Change.Writes) {
		d.wish(o, c)
	}
	if o.limit.id != "" && in.Way == "" { // a confirmation that the journal has before the wish counts
		d.catchUp(d.ctx)
		if _, open := d.openLimit(o.limit.id); !open {
			return rc, false, fmt.Errorf("%w: it was confirmed", errKept)
		}
	}
	o.track.begin()
	rc, err = d.cfg.Plane.Apply(d.ctx, c)
	err = errors.Join(err, unread)
	d.received(o, rc, try, err)
	return rc, heals(err), err
}

// mayStill refuses what nobody confirmed: another legacy, or one that lost its last server since the preview.
func (d *Desk) mayStill(o *offer, r sources.Reading) error {
	if o.limit.id != "" {
		return d.needless(o, r)
	}
	p := &o.preview
	stop, shown := d.compare(p.Action, r)
	word, why := wordDown(sources.RollBack, r)
	if stop == "" && word != p.Confirm.Word && word != "" && o.track.Progress().Rung == sources.RungNone {
		stop = why + ", which the preview did not show"
	}
	if stop != "" {
		return &sources.Error{Op: "rollback", Target: d.cfg.Service, Kind: sources.ErrConflict, Cause: errors.New(stop), Fix: "look again and ask again"}
	}
	if shown != "" && shown != p.Replan {
		p.Replan = shown
		o.track.edit(func(p *sources.Progress) { p.Replan = shown })
		o.track.unwritten(d.rec.may(d.ctx, d.entry(sources.EntryNote, o.actor, p.Action.Verb, p.ID, "planned again: "+shown)))
	}
	return nil
}

// wish journals what is about to be sent. That it cannot be journalled is said loudly and stops nothing.
func (d *Desk) wish(o *offer, c sources.Change) {
	o.preview.Change = c
	e := d.entry(sources.EntryIntent, o.actor, o.preview.Action.Verb, o.preview.ID, sentence(c))
	e.Data = o.record()
	o.track.unwritten(d.rec.may(d.ctx, e))
	o.track.edit(func(p *sources.Progress) { p.Change = c })
}

// instead is what to do about a rollback that was given up: who sees what changed asks again, and is not refused for it.
func instead(err error) string {
	if errors.Is(err, sources.ErrConflict) {
		return "look again and ask again"
	}
	return "set the candidate's weights to 0 by hand"
}

// heals tells whether trying again may help: nothing answered, the outcome is not known, or the split moved meanwhile.
func heals(err error) bool {
	return errors.Is(err, sources.ErrUnreachable) || errors.Is(err, sources.ErrAmbiguous) ||
		errors.Is(err, sources.ErrThrottled) || errors.Is(err, sources.ErrConflict)
}

// blind tells whether a plane that was asked for nothing but its split may answer another time. An answer that makes no
// sense counts: a router that restarts, or a page in front of it, says anything for a while, and giving up leaves the
// candidate its traffic.
func blind(err error) bool { return heals(err) || errors.Is(err, sources.ErrInvalid) }

// sleep waits and tells whether the action goes on.
func (d *Desk) sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// cut says who ended an action.
func (d *Desk) cut(ctx context.Context) error {
	return fmt.Errorf("%w: %w", sources.ErrConflict, ended(ctx))
}
