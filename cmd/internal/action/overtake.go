package action

import (
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// takenBy is why an action of this desk is not followed any more: another took its place.
type takenBy struct{ sources.Takeover }

// Error says whose.
func (t takenBy) Error() string { return fmt.Sprintf("taken over by %s of %s", t.Verb, t.By) }

// overtaken ends the following of a change whose place another process's change has taken by the journal: what it made of
// the split is no revert, and an alarm would send people after somebody who did what they were asked to.
func (f *follower) overtaken(set sources.Split) bool {
	d, t := f.d, f.o.track
	d.catchUp(d.ctx)
	p, ok := d.successor(f.o.preview.ID, f.began, set)
	if !ok {
		return false
	}
	d.mu.Lock()
	f.o.track.next = p.data.To.Split
	d.mu.Unlock()
	verb, _ := sources.ParseVerb(p.verb) // a later version's verb: only the alarm names it
	t.edit(func(now *sources.Progress) {
		now.Taken = sources.Takeover{Verb: verb, By: p.by.called(), Why: sources.Visible(p.data.Reason)}
	})
	rung, alarm := t.Progress().Rung, ""
	if rung < sources.Observed { // one that was seen in traffic did what it was asked to before the next came
		alarm = fmt.Sprintf("no longer followed at %s: taken over by %s of %s at %s", rung, p.verb, p.by.called(), p.at.UTC().Format(time.TimeOnly))
	}
	t.end(nil, alarm, "")
	return true
}

// successor is a change that was asked for after an intent and explains what is set: it asked for that, or it is still on
// its way. What is open for longer than that takes is some process's that died before it wrote, and explains nothing.
func (d *Desk) successor(id string, began time.Time, set sources.Split) (pending, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	mine := slices.IndexFunc(d.fold.asked, func(p pending) bool { return p.id == id })
	for _, p := range slices.Backward(d.fold.asked[mine+1:]) {
		if p.id == id || mine < 0 && !p.at.After(began) { // another try; the journal could not take the intent: only the clock tells
			continue
		}
		_, open := d.fold.open[p.id]
		age := d.cfg.Now().Sub(p.at).Abs() // a clock may have been set back since
		if open && age < d.cfg.Patience.Observed || set.Known && p.data.To.Known && p.data.To.Candidate == set.Candidate {
			return p, true
		}
	}
	return pending{}, false
}

// setBy names whoever asked for what is set, by the newest change in the journal; empty where that asked for something
// else: then nobody here did it.
func (d *Desk) setBy(set sources.Split) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range slices.Backward(d.fold.asked) {
		switch {
		case !p.data.To.Known: // it moves nothing
			continue
		case set.Known && p.data.To.Candidate == set.Candidate:
			return fmt.Sprintf(" (%s by %s at %s)", p.verb, p.by.called(), p.at.UTC().Format(time.TimeOnly))
		}
		return ""
	}
	return ""
}
