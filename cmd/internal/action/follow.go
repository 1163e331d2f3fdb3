package action

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rampart/sources"
)

// follower is one action being looked after.
type follower struct {
	d     *Desk
	o     *offer
	rc    sources.Receipt
	sent  error     // what was wrong with the answers, if anything
	began time.Time // when it was sent
	held  time.Time // when it was first read back
	again string    // why the next way is gone
}

// follow looks again and again until the change was seen in traffic and nobody undid it for a while. Where somebody did and
// another way is left, it returns why that is gone, and the action goes on.
func (d *Desk) follow(ctx context.Context, o *offer, rc sources.Receipt, sent error) (again string) {
	f := &follower{d: d, o: o, rc: rc, sent: sent, began: d.cfg.Now()}
	o.track.begin()
	for {
		switch last := f.look(); {
		case last && f.again == "":
			return ""
		case last && d.turn(ctx, o, f.again):
			return f.again
		case last, !d.sleep(ctx, f.pause()):
			f.leave(ctx)
			return ""
		}
	}
}

// leave ends the following because something else took its place, or the process ends.
func (f *follower) leave(ctx context.Context) {
	t := f.o.track
	p := t.Progress()
	if by, ok := errors.AsType[takenBy](context.Cause(ctx)); ok {
		t.edit(func(p *sources.Progress) { p.Taken = by.Takeover })
	}
	t.end(nil, fmt.Sprintf("no longer followed at %s: %v", p.Rung, ended(ctx)), "")
	if p.Rung < sources.Configured {
		t.edit(func(p *sources.Progress) { p.Err = f.d.cut(ctx) })
	}
}

// errLeft is why an action of a process that ended is not followed there any more. What was sent stays sent: whoever
// reads the journal next looks at what became of it.
var errLeft = errors.New("the process that followed it ended")

// ended says why an action is not followed any more: what took its place, or that this process ends.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return errLeft
}

// patience is the desk's, and longer where the plane says that it needs more: three times its settling to show itself,
// and twice that again for whoever undoes it, because what sets a split back looks at it as seldom as it settles.
func (f *follower) patience() Patience {
	p, slow := f.d.cfg.Patience, 3*f.rc.Change.Settle
	p.Configured, p.Observed, p.Watch = max(p.Configured, slow), max(p.Observed, slow), max(p.Watch, 3*slow)
	return p
}

// pause is short until it must have shown itself, then four times as long.
func (f *follower) pause() time.Duration {
	p := f.d.cfg.Patience
	if f.o.track.Progress().Rung < sources.Observed && f.d.cfg.Now().Sub(f.began) < p.Observed {
		return p.Poll
	}
	return 4 * p.Poll
}

// look reads back once and says whether that was the last time.
func (f *follower) look() (last bool) {
	d, t := f.d, f.o.track
	out, err := d.cfg.Plane.Confirm(d.ctx, f.rc)
	now := d.cfg.Now()
	if err != nil {
		t.edit(func(p *sources.Progress) { p.Requests = sources.Routed{Why: sources.Visible(err.Error())} })
		t.say(fmt.Sprintf("cannot be read back: %v", err), "how far it came is not known until the plane answers")
		return f.over(now, err)
	}
	before := t.Progress().Rung
	if f.held.IsZero() && out.Rung >= sources.Configured {
		f.held = now
	}
	t.edit(func(p *sources.Progress) {
		reach(p, out.Rung, now)
		p.Seen, p.Requests = out.Seen, out.Routed()
		if !f.held.IsZero() {
			p.Watching = f.held.Add(f.patience().Watch)
		}
	})
	alarm, next := f.alarm(out, now)
	lost := errors.Is(out.Err, sources.ErrReverted)
	if (lost || out.Again != "" || alarm != "" && out.Rung < sources.Configured) && f.overtaken(out.Reading.Configured) {
		return true
	}
	if f.again = out.Again; f.again != "" {
		return true
	}
	if lost {
		f.reverted(out)
		return true
	}
	if after := t.Progress().Rung; after > before && after >= sources.Configured {
		f.journal(out, after)
	}
	t.say(alarm, next)
	return f.over(now, out.Err)
}

// over ends the watch when its time has come. What was never read back by then has failed.
func (f *follower) over(now time.Time, err error) bool {
	p := f.patience()
	switch {
	case !f.held.IsZero() && now.Sub(f.held) >= p.Watch:
		progress := f.o.track.Progress()
		f.o.track.end(nil, progress.Alarm, progress.Next)
		return true
	case f.held.IsZero() && now.Sub(f.began) >= p.Observed && f.sent != nil:
		f.o.track.end(errors.Join(f.sent, err), f.sent.Error(), f.wayOut())
		return true
	case f.held.IsZero() && now.Sub(f.began) >= p.Watch:
		unseen := f.unseen(err)
		f.o.track.end(unseen, unseen.Error(), f.wayOut())
		return true
	}
	return false
}

// unseen is the end of a change that never showed itself: ignored when the plane answered, not known when it did not.
func (f *follower) unseen(err error) error {
	e := &sources.Error{
		Op: "confirm", Target: f.o.preview.Action.Verb.String(), Kind: sources.ErrIgnored, Cause: fmt.Errorf("not set within %s", f.patience().Watch),
	}
	if err != nil {
		e.Kind, e.Cause = sources.ErrAmbiguous, err
	}
	return e
}

func (f *follower) journal(out sources.Outcome, rung sources.Rung) {
	d, a := f.d, f.o.preview.Action
	got := fmt.Sprintf("since then legacy got %d requests, the candidate %d", out.Requests.Legacy, out.Requests.Candidate)
	if out.Uncounted != nil {
		got = fmt.Sprintf("requests since then are not known: %v", out.Uncounted)
	}
	e := d.entry(sources.EntryRung, f.o.actor, a.Verb, f.o.preview.ID, fmt.Sprintf("%s: the candidate has %v set, %v effective; %s",
		rung, out.Reading.Configured, out.Reading.Effective, got))
	if way := f.o.track.Progress().How; way != "" {
		e.Text += "; " + way
	}
	e.Data = record(rungOf(rung, d.cfg.Now(), out))
	f.o.track.unwritten(d.rec.may(d.ctx, e))
}

func (f *follower) reverted(out sources.Outcome) {
	d, a := f.d, f.o.preview.Action
	e := d.entry(sources.EntryReverted, f.o.actor, a.Verb, f.o.preview.ID, out.Err.Error())
	e.Data = record(undoneOf(f.o.preview.Change.Intent.Way, out.Rung, d.cfg.Now(), out))
	f.o.track.unwritten(d.rec.may(d.ctx, e))
	f.o.track.end(out.Err, out.Err.Error(), f.wayOut())
}

// alarm says what is missing for the next rung once its time is over.
func (f *follower) alarm(out sources.Outcome, now time.Time) (alarm, next string) {
	p, waited := f.patience(), now.Sub(f.began)
	switch {
	case f.sent != nil && out.Rung < sources.Configured:
		return f.sent.Error(), f.wayOut()
	case out.Err != nil:
		return out.Err.Error(), "it is read back again until all members answer"
	case out.Rung < sources.Configured:
		if waited >= p.Configured {
			return fmt.Sprintf("%v: not set after %s", sources.ErrIgnored, span(p.Configured)), f.wayOut()
		}
	case out.Rung >= sources.Observed || waited < p.Observed:
	case out.Rung < sources.Effective && (out.Reading.Effective.Known || len(out.Reading.Servers) > 0):
		return fmt.Sprintf("not effective after %s: the servers that are up make %v of %v", p.Observed, out.Reading.Effective, f.rc.Change.To), "see which servers are down"
	case out.Uncounted != nil:
		return fmt.Sprintf("not observed after %s: %v", p.Observed, out.Uncounted), "it is set; look at the router's own numbers, or mend what counts requests"
	case out.Requests.Legacy+out.Requests.Candidate == 0:
		return fmt.Sprintf("not observed after %s: no request since", p.Observed), "nothing to do: there is no traffic to show it"
	default:
		return fmt.Sprintf("not observed after %s: the candidate got %d of %d requests since", p.Observed, out.Requests.Candidate,
			out.Requests.Legacy+out.Requests.Candidate), "wait for more requests; if the candidate's go on, look for clients that stick to it"
	}
	return "", ""
}

// wayOut is what an operator can do about a change that did not hold.
func (f *follower) wayOut() string {
	switch {
	case f.o.preview.Change.Intent.Way == sources.Drain:
		return "find out who makes it ready, such as its agent check, and silence that; then roll back again"
	case f.o.preview.Action.Verb == sources.RollBack:
		return "roll back again, or set the candidate's weights to 0 by hand"
	}
	return "roll back, then find out who else writes or which member refused"
}
