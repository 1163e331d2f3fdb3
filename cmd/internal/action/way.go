package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rampart/sources"
)

// A rollback whose way did not do goes on by itself to the next one that the plane has. It is the same action: the same
// intent is journalled again with the new writes before they are sent, as for any other try, so that whoever replays the
// journal finds one rollback and its newest writes. Rungs are climbed anew, because each way has to show itself.

// how says which way moved the traffic, and why it was not the plane's own; empty where it was.
func how(in sources.Intent) string {
	switch in.Way {
	case "":
		return ""
	case sources.Drain:
		return "drained, because " + in.Because
	}
	return string(in.Way) + ", because " + in.Because
}

// byWhat is how a change is made, in the words of its entry.
func byWhat(c sources.Change) string {
	writes := fmt.Sprintf("%d writes", len(c.Writes))
	if len(c.Writes) == 1 {
		writes = "1 write"
	}
	if c.Intent.Way == sources.Drain {
		return "draining its servers in " + writes + ", because " + c.Intent.Because
	}
	return writes
}

// turn makes an offer go the other way from here on.
func (o *offer) turn(why string) {
	o.preview.Change.Intent.Way, o.preview.Change.Intent.Because = sources.Drain, sources.Visible(why)
}

// turn is the action half-way again, so that nothing else begins meanwhile, unless something else has begun already.
func (d *Desk) turn(ctx context.Context, o *offer, why string) bool {
	o.track.edit(func(p *sources.Progress) { p.Rung = min(p.Rung, sources.Accepted) })
	d.mu.Lock() // whoever was about to take over has done so by now
	taken := ctx.Err() != nil
	d.mu.Unlock()
	if taken {
		return false
	}
	o.turn(why)
	o.track.say(why, "its servers are drained instead")
	return true
}

// drainInstead goes the other way where the first was refused in words. A plane that has no other leaves it at that.
func (d *Desk) drainInstead(o *offer, try int, rc sources.Receipt, again bool, err error) (sources.Receipt, bool, error) {
	first := o.preview.Change
	o.turn("its weight was refused: " + worded(rc))
	next, retry, failed := d.lowerBy(o, try)
	if errors.Is(failed, sources.ErrUnsupported) && len(next.Answer) == 0 {
		o.preview.Change = first
		return rc, again, err
	}
	if failed != nil {
		failed = fmt.Errorf("%w; before that: %w", failed, err)
	}
	return next, retry, failed
}

// worded is what a plane said that took a write and would not do it; empty where it did, where nobody answered, and where we
// have no right to write at all: no other way has more.
func worded(rc sources.Receipt) string {
	for _, a := range rc.Answer {
		e, ok := errors.AsType[*sources.Error](a.Err)
		if ok && e.Sent && (errors.Is(e, sources.ErrInvalid) || errors.Is(e, sources.ErrUnsupported)) && e.Cause != nil {
			return strings.TrimRight(sources.Visible(e.Cause.Error()), ".")
		}
	}
	return ""
}

// planDown plans a rollback by the way that it goes, and by the next one where a write that was taken is needed again: while
// another member keeps the action from being followed, that is how it is seen that somebody set a weight again.
func (d *Desk) planDown(o *offer, r sources.Reading, in sources.Intent) (sources.Change, error) {
	c, err := d.cfg.Plane.Plan(d.ctx, r, in)
	again := func(w sources.Write) bool { return o.taken(r, w) }
	if err != nil || in.Verb != sources.RollBack || in.Way != "" || !slices.ContainsFunc(c.Writes, again) {
		return c, err
	}
	in.Way, in.Because = sources.Drain, "its weight was set again after it was taken"
	if other, failed := d.cfg.Plane.Plan(d.ctx, r, in); failed == nil {
		return other, nil
	}
	return c, nil
}

// taken tells whether this action wrote something before, and the process that took it still runs.
func (o *offer) taken(r sources.Reading, w sources.Write) bool {
	return !slices.Contains(o.epochs.Moved(r), w.Member) &&
		slices.ContainsFunc(o.track.Progress().Members, func(a sources.Answer) bool { return a.Write == w && a.Err == nil })
}

// spent refuses to write what this action has written before and somebody took back: it would go on for ever. A process that
// began anew since has merely forgotten it.
func (d *Desk) spent(o *offer, r sources.Reading, c sources.Change) error {
	fresh := func(w sources.Write) bool { return !o.taken(r, w) }
	if c.Intent.Way == "" || len(c.Writes) == 0 || slices.ContainsFunc(c.Writes, fresh) {
		return nil
	}
	err := &sources.Error{
		Op: "rollback", Target: d.cfg.Service, Kind: sources.ErrReverted, Cause: fmt.Errorf("%s; that was taken back as well", how(c.Intent)),
		Fix: "ask who writes there; by hand, put the candidate's servers into maintenance",
	}
	e := d.entry(sources.EntryReverted, o.actor, o.preview.Action.Verb, o.preview.ID, err.Error())
	e.Data = record(undoneOf(c.Intent.Way, sources.Accepted, d.cfg.Now(), sources.Outcome{Reading: r, Uncounted: errors.New("it was not looked at")}))
	o.track.unwritten(d.rec.may(d.ctx, e))
	return err
}
