package action

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// limit is a change that reverts by itself, as the journal has it.
type limit struct {
	id        string // its intent's
	seq       uint64
	verb      string
	by        Actor
	asked     time.Time
	at        time.Time // when it reverts
	from, to  sources.Split
	back      sources.Split
	confirmed string // by whom
	over      bool
	agent     bool // an agent check has made less of it, which nobody confirmed either
}

// lessThan tells whether somebody gave the candidate less than the change did, which ends its limit: that is theirs. What an
// agent check makes of it is nobody's, as long as it is more than there was.
func (l limit) lessThan(share sources.Share, agent bool) bool {
	return share < l.to.Candidate && (!agent || share <= l.back.Candidate)
}

// agentOn tells whether an agent check sets weights of the candidate.
func agentOn(r sources.Reading) bool {
	return slices.ContainsFunc(r.Servers, func(s sources.Server) bool { return s.Arm == sources.Candidate && s.Agent })
}

// Longest bounds the time limit of a change, and an approval: whoever needs more needs no limit.
const Longest = 24 * time.Hour

func (f *fold) limited(p pending) {
	f.limits = append(f.limits, limit{
		id: p.id, seq: p.seq, verb: p.verb, by: p.by, asked: p.at, at: p.data.Confirm.At, from: p.data.From.Split, to: p.data.To.Split, back: p.data.Confirm.Back.Split,
	})
	if len(f.limits) > mostAsked {
		f.limits = f.limits[1:]
	}
}

// close ends a limit, by a confirmation where somebody gave one.
func (f *fold) close(id, by string) {
	for i := range f.limits {
		if l := &f.limits[i]; l.id == id && !l.over {
			l.over, l.confirmed = true, by
		}
	}
}

// undone ends the limit of a change that somebody undid by giving the candidate less. Where it has more by now, a reload or an
// agent's answer as likely as a person, the time goes on: nobody confirmed that.
func (f *fold) undone(e sources.Entry) {
	var found rungData
	_ = json.Unmarshal(e.Data, &found) // a later version's record: what it found is not known
	for i := range f.limits {
		switch l := &f.limits[i]; {
		case l.id != e.IntentID || !found.Share.Known:
		case l.lessThan(found.Share.Candidate, found.Agent):
			f.close(l.id, "")
		case found.Agent:
			l.agent = l.agent || found.Share.Candidate < l.to.Candidate
		}
	}
}

// replaced ends the limits of changes that came before one which is set by now.
func (f *fold) replaced(id string) {
	i := slices.IndexFunc(f.asked, func(p pending) bool { return p.id == id })
	if i < 0 {
		return
	}
	for j := range f.limits {
		if l := &f.limits[j]; l.id != id && l.seq < f.asked[i].seq {
			l.over = true
		}
	}
}

// last tells whether nothing was asked for after a change that waits, but to revert it: more than it set is then nobody's that
// the journal knows.
func (f *fold) last(l limit) bool {
	return !slices.ContainsFunc(f.asked, func(p pending) bool { return p.seq > l.seq && p.data.Reverts != l.id })
}

func (d *Desk) lastAsked(l limit) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fold.last(l)
}

// openLimit finds an open limit by its intent; an empty ID finds the one that ends first.
func (d *Desk) openLimit(id string) (limit, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var first limit
	for _, l := range d.fold.limits {
		if !l.over && (id == "" || l.id == id) && (first.id == "" || l.at.Before(first.at)) {
			first = l
		}
	}
	return first, first.id != ""
}

// limiting tells what stands in the way of a change that reverts by itself, and what must be known of it.
func (d *Desk) limiting(a sources.Action, c sources.Change) (refuse, warn string) {
	switch {
	case a.Confirm == 0:
	case a.Verb == sources.RollBack, a.Verb == sources.Hold, a.Verb == sources.Resume:
		return "", fmt.Sprintf("%s stays: the time limit does not count for it", a.Verb)
	case a.Confirm < 0, a.Confirm > Longest:
		return fmt.Sprintf("a change is confirmed within up to %s", span(Longest)), ""
	case !d.cfg.Lives:
		return "a change that reverts by itself needs a process that stays: start the runner (rampart run), and ask again", ""
	case !c.From.Known || !c.To.Known:
		return "it cannot revert by itself: what is set now is not known", ""
	case c.To.Candidate <= c.From.Candidate:
		return "it would revert by giving the candidate more: only what ramps up reverts by itself", ""
	default:
		return "", fmt.Sprintf("reverts to %v by itself unless it is confirmed within %s (:confirm)", c.From, span(a.Confirm))
	}
	return "", ""
}

// limitOf is the limit that an offer gets when it is written now.
func (d *Desk) limitOf(p sources.Preview) limit {
	if _, warn := d.limiting(p.Action, p.Change); warn == "" || p.Action.Verb == sources.RollBack {
		return limit{}
	}
	return limit{at: d.cfg.Now().Add(p.Action.Confirm).UTC().Round(0), from: p.Change.From, to: p.Change.To, back: p.Change.From}
}

func (d *Desk) confirm(ctx context.Context, who Actor, id string) error {
	deny := func(kind error, why string) error {
		d.denied(who, "confirm", why)
		return &sources.Error{Op: "confirm", Target: d.cfg.Service, Kind: kind, Cause: errors.New(why)}
	}
	if why := d.lacks(who, "confirm", sources.Promoter); why != "" {
		return deny(sources.ErrDenied, why)
	}
	d.catchUp(ctx)
	l, ok := d.openLimit(id)
	switch {
	case !ok:
		return deny(sources.ErrConflict, "no change is waiting to be confirmed")
	case d.left(l) <= 0:
		return deny(sources.ErrConflict, "its time is over: it is being reverted")
	}
	e := d.entry(sources.EntryConfirm, who, 0, l.id, fmt.Sprintf("confirmed: the candidate stays at %v", l.to))
	e.Verb = l.verb
	if err := d.rec.must(ctx, e); err != nil {
		return fmt.Errorf("confirm: not journalled, it still reverts at %s: %w", l.at.Format(time.TimeOnly), err)
	}
	d.catchUp(ctx)
	if d.reverting(l.id) {
		return deny(sources.ErrConflict, "its time was over first: it is being reverted")
	}
	return nil
}

// reverting tells whether a revert was journalled before anybody confirmed.
func (d *Desk) reverting(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(d.fold.asked, func(p pending) bool { return p.data.Reverts == id }) &&
		!slices.ContainsFunc(d.fold.limits, func(l limit) bool { return l.id == id && l.confirmed != "" })
}

// tellLimits shows in each action what the journal says of its limit.
func (d *Desk) tellLimits() {
	d.mu.Lock()
	limits, tracks := slices.Clone(d.fold.limits), slices.Clone(d.tracks)
	d.mu.Unlock()
	for _, t := range tracks {
		p := t.Progress()
		i := slices.IndexFunc(limits, func(l limit) bool { return l.id == p.IntentID })
		if i < 0 {
			continue
		}
		if is := d.shown(limits[i]); p.Deadline != is {
			t.edit(func(p *sources.Progress) { p.Deadline = is })
		}
	}
}

// restore shows the open limits of an earlier process as actions of this one.
func (d *Desk) restore() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.fold.limits {
		if l.over {
			continue
		}
		verb, _ := sources.ParseVerb(l.verb)
		p := sources.Progress{
			IntentID: l.id, Actor: l.by.Name, Via: l.by.via, Began: l.asked, Done: true, Deadline: d.shown(l),
			Action: sources.Action{Service: d.cfg.Service, Verb: verb, To: l.to.Candidate}, Change: sources.Change{From: l.from, To: l.to}, Requests: sources.Routed{Why: errUnwatched.Error()},
		}
		d.tracks = append(d.tracks, newTrack(p, func(error) {}, d.wake))
		if !d.cfg.Lives {
			d.fold.said = append(d.fold.said, fmt.Sprintf("%s by %s reverts at %s unless it is confirmed, where the runner runs",
				l.verb, l.by.called(), l.at.Format(time.TimeOnly)))
		}
	}
}

// span prints a time without needless zeros: "10m", "1h30m".
func span(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
