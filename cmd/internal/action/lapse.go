package action

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"rampart/sources"
)

// errKept ends a reverting that has become needless.
var errKept = errors.New("nothing to revert")

// keep reverts what nobody confirmed in time, as long as the desk lives.
func (d *Desk) keep() {
	for read := d.cfg.Now(); ; {
		changed := d.Changed()
		var soon <-chan time.Time
		if l, ok := d.openLimit(""); ok {
			left := d.left(l)
			if left <= 0 {
				d.lapse(l)
				continue
			}
			soon = time.After(min(left, time.Second))
		}
		select {
		case <-changed:
		case <-soon:
			if now := d.cfg.Now(); now.Sub(read) >= 5*time.Second { // somebody may have confirmed elsewhere
				read = now
				d.catchUp(d.ctx)
			}
		case <-d.ctx.Done():
			return
		}
	}
}

// lapse reverts one change whose time is over, and returns when it is set back, needs no more, or shall be tried again.
func (d *Desk) lapse(l limit) {
	d.catchUp(d.ctx)
	if _, open := d.openLimit(l.id); !open {
		return
	}
	id := rand.Text()
	a := sources.Action{
		Service: d.cfg.Service, Verb: sources.SetSplit, To: l.back.Candidate, Reason: "not confirmed within " + span(l.at.Sub(l.asked).Round(time.Second)),
	}
	by := Actor{l.by.Name, l.by.From, sources.ByDeadline}
	o := &offer{actor: by, limit: l, at: d.cfg.Now(), preview: sources.Preview{ID: id, Action: a}}
	o.preview.Change.Intent = sources.Intent{ID: id, Verb: a.Verb, To: a.To, Actor: by.Name, Reason: a.Reason}
	if l.back.Known && l.back.Candidate == 0 { // to the plane it is a rollback, which has another way where the first does not stay
		o.preview.Change.Intent.Verb = sources.RollBack
	}
	t, err := d.claim(o, nil)
	if err != nil { // what is half-way goes first, and may make this needless
		d.sleep(d.ctx, d.cfg.Patience.Retry)
		return
	}
	d.wake()
	for p := range t.All(d.ctx) {
		if p.Rung >= sources.Configured {
			break
		}
	}
	d.catchUp(d.ctx)
	if _, open := d.openLimit(l.id); open { // refused, cut off, or not written down: it is looked at again
		d.sleep(d.ctx, max(d.cfg.Patience.Configured, d.cfg.Patience.Retry))
	}
}

// needless tells why a change is not reverted: somebody gave the candidate less, or asked for something else, or confirmed it
// just in time. More that nobody asked for here was confirmed by nobody either, and goes back like it.
func (d *Desk) needless(o *offer, r sources.Reading) error {
	l := o.limit
	if o.preview.Change.Intent.Way != "" { // it was set back, and somebody set it again: it is the same action that goes on
		return nil
	}
	switch _, open := d.openLimit(l.id); {
	case !open:
		return fmt.Errorf("%w: it was confirmed, or something else was set", errKept)
	case !r.Configured.Known:
		return &sources.Error{Op: "revert", Target: d.cfg.Service, Kind: sources.ErrUnreachable, Cause: errors.New("what is set is not known")}
	case l.lessThan(r.Configured.Candidate, l.agent || agentOn(r)), !r.Configured.Equal(l.to) && !d.lastAsked(l):
		return fmt.Errorf("%w: the candidate has %v, not the %v that was to be confirmed", errKept, r.Configured, l.to)
	}
	return nil
}

// spare writes down why a change was not reverted.
func (d *Desk) spare(o *offer, why error) {
	said := strings.TrimPrefix(why.Error(), errKept.Error()+": ")
	if _, open := d.openLimit(o.limit.id); open {
		o.track.unwritten(d.rec.may(d.ctx, d.entry(sources.EntryLapse, o.actor, o.preview.Action.Verb, o.limit.id, "not reverted: "+said)))
	}
	d.catchUp(d.ctx)
	d.mu.Lock()
	d.fold.close(o.limit.id, "") // also where the journal does not have it yet
	d.mu.Unlock()
	d.tellLimits()
	o.track.end(nil, "", "not reverted: "+said)
}
