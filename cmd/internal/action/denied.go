package action

import (
	"time"

	"rampart/sources"
)

// quiet is for how long the same refusal of the same actor is not written again: a screen that is open asks anew by itself.
const quiet = time.Minute

// denial is what was refused to whom.
type denial struct {
	who       Actor
	what, why string
}

// denied journals that something was refused to an actor, as well as it can. The entry names no intent: nothing that is
// open ends by it. A console that was opened to look only writes nothing.
func (d *Desk) denied(who Actor, what, why string) {
	if d.cfg.ReadOnly || !d.news(denial{who, what, why}) {
		return
	}
	e := d.entry(sources.EntryRefusal, who, 0, "", "refused: "+why)
	e.Verb = what
	_ = d.rec.may(d.ctx, e) // it is kept for the gap
	d.catchUp(d.ctx)
	d.wake()
}

// news tells whether a denial was not written a moment ago.
func (d *Desk) news(x denial) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	for old, at := range d.denials {
		if now.Sub(at) >= quiet {
			delete(d.denials, old)
		}
	}
	if _, said := d.denials[x]; said {
		return false
	}
	d.denials[x] = now
	return true
}

// barred says which role an actor lacks for an action, and journals it; empty when theirs is enough.
func (d *Desk) barred(who Actor, a sources.Action, now sources.Split) string {
	why := d.lacks(who, a.Verb.String(), needs(a.Verb, rampsUp(a, now)))
	if why != "" {
		d.denied(who, a.Verb.String(), why)
	}
	return why
}
