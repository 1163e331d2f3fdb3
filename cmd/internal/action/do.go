package action

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rampart/sources"
)

// do starts an offer. Everything that a person must know at once is an error here; the rest stands in the track.
func (d *Desk) do(ctx context.Context, who Actor, id, word string) (*Track, error) {
	o, err := d.offered(who, id)
	if err != nil {
		return nil, err
	}
	if t := d.trackOf(o); t != nil {
		return t, nil
	}
	d.catchUp(ctx)
	loud, err := d.stands(o, word)
	if err != nil {
		return nil, d.refuse(o, err)
	}
	t, err := d.claim(o, loud)
	if err != nil {
		return nil, d.refuse(o, err)
	}
	d.wake()
	select {
	case <-t.begun:
		return t, t.refused()
	case <-ctx.Done():
		return t, nil // the caller went away, the action goes on
	}
}

// offered finds an actor's own preview.
func (d *Desk) offered(who Actor, id string) (*offer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.offers, func(o *offer) bool { return o.preview.ID == id && o.actor == who })
	if i < 0 {
		return nil, &sources.Error{Op: "do", Target: "preview", Kind: sources.ErrConflict, Cause: errors.New("no such preview is open"), Fix: "look again and ask again"}
	}
	return d.offers[i], nil
}

func (d *Desk) trackOf(o *offer) *Track {
	d.mu.Lock()
	defer d.mu.Unlock()
	return o.track
}

// stands tells whether an offer may still be taken: by the rules as they are now, its age and the typed word. It returns
// the rules that break-glass leaves aside.
func (d *Desk) stands(o *offer, word string) ([]string, error) {
	p := o.preview
	verb := p.Action.Verb.String()
	deny := func(kind error, why string) ([]string, error) {
		return nil, &sources.Error{Op: "do", Target: verb, Kind: kind, Cause: errors.New(why)}
	}
	why, loud := d.forbidden(o.actor, p.Action, o.has)
	limited, _ := d.limiting(p.Action, p.Change)
	switch {
	case why != "":
		return deny(sources.ErrDenied, why)
	case o.stop != "":
		return deny(sources.ErrConflict, o.stop)
	case limited != "":
		return deny(sources.ErrInvalid, limited)
	case p.Confirm.Word != word:
		return deny(sources.ErrInvalid, fmt.Sprintf("it was not confirmed: %q is asked for", p.Confirm.Word))
	case !p.Expires.IsZero() && !d.cfg.Now().Before(p.Expires):
		return deny(sources.ErrConflict, "the preview is too old: look again and ask again")
	}
	return loud, nil
}

// claim makes an offer the desk's action. A rollback takes over from whatever is going on; a second rollback joins the
// first; anything else waits its turn.
func (d *Desk) claim(o *offer, loud []string) (*Track, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if o.track != nil {
		return o.track, nil
	}
	verb := o.preview.Action.Verb
	for _, other := range d.tracks {
		p := other.Progress()
		half := !p.Done && p.Rung < sources.Configured
		switch {
		case p.Done:
		case half && verb == sources.RollBack && p.Action.Verb == sources.RollBack:
			o.track = other
			return other, nil
		case half && verb != sources.RollBack:
			return nil, &sources.Error{
				Op: "do", Target: verb.String(), Kind: sources.ErrConflict, Cause: fmt.Errorf("%s by %s is under way", p.Action.Verb, p.Via.Of(p.Actor)),
			}
		default:
			other.stop(takenBy{sources.Takeover{Verb: verb, By: o.actor.called(), Why: sources.Visible(o.preview.Action.Reason)}})
		}
	}
	ctx, stop := context.WithCancelCause(d.ctx)
	o.track = newTrack(sources.Progress{
		IntentID: o.preview.ID, Action: o.preview.Action, Actor: o.actor.Name, Via: o.actor.via, Change: o.preview.Change, Began: d.cfg.Now(), Aside: loud, Replan: o.preview.Replan,
	}, stop, d.wake)
	if d.tracks = append(d.tracks, o.track); len(d.tracks) > mostKept {
		d.tracks = d.tracks[1:]
	}
	mine := *o // planned again in place, while others look at the offer
	mine.loud = loud
	d.wg.Go(func() {
		defer stop(nil)
		d.run(ctx, &mine)
	})
	return o.track, nil
}

// refuse journals a refusal, as well as it can, and returns it. One that the preview was refused with stands there already.
func (d *Desk) refuse(o *offer, err error) error {
	if o.told && errors.Is(err, sources.ErrDenied) {
		return err
	}
	e := d.entry(sources.EntryRefusal, o.actor, o.preview.Action.Verb, o.preview.ID, "refused: "+err.Error())
	_ = d.rec.may(d.ctx, e) // it is kept for the gap
	return err
}

// run does an action from its claim to its end. ctx ends when another action takes over.
func (d *Desk) run(ctx context.Context, o *offer) {
	for _, rule := range o.loud {
		o.track.unwritten(d.rec.may(d.ctx, d.entry(sources.EntryNote, o.actor, o.preview.Action.Verb, o.preview.ID, rule)))
	}
	switch verb := o.preview.Action.Verb; {
	case verb == sources.Hold, verb == sources.Resume:
		d.hold(o)
	case verb == sources.RollBack, o.limit.id != "":
		d.lower(ctx, o)
	default:
		d.ramp(ctx, o)
	}
}

// hold writes down that ramping stops, or may go on. There is nothing to send: the flag is the journal's.
func (d *Desk) hold(o *offer) {
	t, a := o.track, o.preview.Action
	e := d.entry(sources.EntryReceipt, o.actor, a.Verb, o.preview.ID, sources.Visible(a.Reason))
	e.Data = record(receiptData{Known: true})
	var err error
	if a.Verb == sources.Hold {
		err = d.rec.may(d.ctx, e)
		t.unwritten(err)
		if err != nil {
			d.holdUnwritten(e)
		}
	} else if err = d.rec.must(d.ctx, e); err != nil {
		t.end(fmt.Errorf("resume: %w", err), "", "")
		return
	}
	d.catchUp(d.ctx)
	t.edit(func(p *sources.Progress) { reach(p, sources.Effective, d.cfg.Now()) })
	t.end(nil, "", "")
}

// holdUnwritten makes a hold count here although the journal does not have it yet.
func (d *Desk) holdUnwritten(e sources.Entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.Time = d.cfg.Now()
	d.fold.receipt(e)
}
