package action

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// inherited is a rollback of an earlier process, or what it took back because nobody confirmed it, that holds by the journal
// and is young enough to be watched.
func (d *Desk) inherited() (pending, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.fold.asked {
		if p.id == d.fold.stands && (p.verb == sources.RollBack.String() || p.data.Reverts != "") && d.cfg.Now().Before(p.at.Add(d.cfg.Patience.Watch)) {
			return p, true
		}
	}
	return pending{}, false
}

// inherit watches for somebody who undoes an earlier process's rollback, as that process would if it still ran: whoever
// looks in after a reload must not take the share for one that was meant. It only reads, and ends with the watch's time or
// when anything else was asked for.
func (d *Desk) inherit(p pending) {
	for d.sleep(d.ctx, 4*d.cfg.Patience.Poll) {
		r, err := d.cfg.Plane.Read(d.ctx)
		if d.Asked().Known { // this process set something since, whatever the journal can tell of it
			return
		}
		undone := err == nil && r.Configured.Known && p.data.To.Known && r.Configured.Candidate > p.data.To.Candidate
		if undone {
			d.catchUp(d.ctx)
		}
		if now, ok := d.inherited(); !ok || now.id != p.id {
			return
		}
		if undone {
			d.alarmOf(p, r)
			return
		}
	}
}

// errUnwatched is why nobody knows what was routed since an earlier process's change.
var errUnwatched = errors.New("the process that followed it ended, and its count with it")

// alarmOf journals that an earlier process's rollback was undone, and shows it. It is shown only once it is over: whoever
// sees it on its way takes it for a rollback that somebody asks for now.
func (d *Desk) alarmOf(p pending, r sources.Reading) {
	what, verb := "rollback", sources.RollBack
	if p.data.Reverts != "" {
		what, verb = "revert", sources.SetSplit
	}
	says := fmt.Sprintf("the %s by %s at %s was undone: the candidate has %v set, it was %v",
		what, p.by.called(), p.at.UTC().Format(time.TimeOnly), r.Configured, p.data.To.Split)
	t := newTrack(sources.Progress{
		IntentID: p.id, Action: sources.Action{Service: d.cfg.Service, Verb: verb, Reason: p.data.Reason}, Actor: p.by.Name, Via: p.by.via,
		Change: sources.Change{From: p.data.From.Split, To: p.data.To.Split}, Began: p.at,
		Requests: sources.Routed{Why: errUnwatched.Error()},
	}, func(error) {}, d.wake)
	t.edit(func(p *sources.Progress) { reach(p, sources.Configured, p.Began) })
	e := d.entry(sources.EntryReverted, p.by, verb, p.id, says)
	e.Data = record(undoneOf(p.data.Way, sources.Configured, d.cfg.Now(), sources.Outcome{Reading: r, Uncounted: errUnwatched}))
	t.unwritten(d.rec.may(d.ctx, e))
	t.end(&sources.Error{Op: "watch", Target: what, Kind: sources.ErrReverted, Cause: fmt.Errorf("%s", says)}, says, "roll back again, then find out who else writes, or what reloads")
	d.mu.Lock()
	i := slices.IndexFunc(d.tracks, func(other *Track) bool { return other.Progress().Began.After(p.at) })
	if i < 0 {
		i = len(d.tracks)
	}
	d.tracks = slices.Insert(d.tracks, i, t) // whoever rolled back again meanwhile is not told to
	d.mu.Unlock()
	d.wake()
}
