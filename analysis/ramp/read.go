package ramp

import (
	"time"

	"rampart/sources"
)

// splitKnown tells whether the split was read a moment ago.
func (t *turn) splitKnown(now time.Time) bool {
	age := now.Sub(t.in.Split.At)
	return t.in.Split.Known && age >= 0 && age <= oldSplit
}

// read compares the split as it was read back with what the ramp has set.
func (t *turn) read() {
	if !t.splitKnown(t.now) {
		if t.st.Writing && t.st.Phase.Climbing() && t.now.Sub(t.st.Wrote) > t.patience() {
			t.refused("it is not known what became of it")
			return
		}
		t.apart()
		return
	}
	reloaded := t.reloaded()
	switch found := t.in.Split; {
	case t.st.Phase == RolledBack:
		if reloaded && found.Candidate > 0 && t.in.Lease {
			t.rollBack(PlaneAnew, "a reload of the plane gave the candidate "+found.Candidate.String()+" again", "")
		}
	case t.st.Phase == RollingBack:
		switch {
		case !found.At.After(t.st.Wrote):
		case found.Candidate == 0:
			t.st.Set = sources.SplitAt(0, t.now)
			t.over(RolledBack, t.st.Why)
		case t.now.Sub(t.st.Wrote) >= unread:
			t.st.Writing = false // it is asked for again
		}
	case !t.st.Phase.Climbing():
	case t.st.Writing:
		t.readBack(found)
	case t.strange(found):
		t.found(discovery{share: found, has: found.Candidate.String(), reloaded: reloaded, back: t.st.Set.Candidate, all: true})
	}
}

// strange tells whether a share is another than the one that was set, and was read since then.
func (t *turn) strange(found sources.Split) bool {
	return !t.st.Writing && found.At.After(t.st.Since) && found.Candidate != t.st.Set.Candidate
}

// reloaded tells whether the plane began anew since the split was last known, and remembers who it is now. While the split
// is not known, as without a member of a fleet, nothing is compared: a part of the members makes another epoch than all.
func (t *turn) reloaded() bool {
	was := t.st.Epoch
	if t.in.Epoch != "" && (t.st.Phase.Live() || t.st.Phase == RolledBack) {
		t.st.Epoch = t.in.Epoch
	}
	return was != "" && t.in.Epoch != "" && t.in.Epoch != was
}

// patience is how long a write may be without an outcome. A plane that settles slowly is given what the desk gives it,
// three times as long, and a minute to be read.
func (t *turn) patience() time.Duration { return max(noAnswer, 3*t.in.Settle+time.Minute) }

// readBack resolves a share that was asked for and of which nothing was heard: after a restart only the plane knows.
func (t *turn) readBack(found sources.Split) {
	switch {
	case !found.At.After(t.st.Wrote):
	case found.Candidate == t.st.Share:
		t.written(found.Candidate, time.Time{})
	case t.now.Sub(t.st.Wrote) > t.patience():
		t.refused("the candidate has " + found.Candidate.String() + " after " + Span(t.patience()))
	}
}

// discovery is a share that is not the ramp's.
type discovery struct {
	share    sources.Split // the lowest where any is lower, else the highest
	has      string        // it in words, with the members that have it where not all have
	reloaded bool
	back     sources.Share // what is asked for to take back what a reload raised
	all      bool          // the whole plane has it
}

// found judges a share that is not the ramp's. What a reload raised is lowered again: the plan owns the split.
func (t *turn) found(d discovery) {
	more := d.share.Candidate > t.st.Set.Candidate
	if t.st.Owed && !d.reloaded && more && t.now.Sub(t.st.Wrote) < unread {
		return // it was asked for a moment ago
	}
	if (d.reloaded || t.st.Owed) && more && t.in.Lease {
		why := "a reload of the plane gave the candidate " + d.has + ": back to " + d.back.String()
		t.st.Left, t.st.Share, t.st.Writing, t.st.Wrote, t.st.Since = t.st.Step, d.back, true, t.now, time.Time{}
		t.st.Owed = true
		t.say(why)
		t.notify(why)
		t.out = append(t.out, SetShare{To: d.back, Step: t.st.Step, Why: why, By: t.st.Starter})
		return
	}
	t.st.Owed = false
	how := "it is not known who did it"
	switch {
	case d.reloaded:
		how = "a reload of the plane"
	case t.in.SplitBy != "":
		how = "set by " + sources.Visible(t.in.SplitBy)
	}
	then := "resume goes on from there"
	if !d.all {
		then = "set one share on all members, then resume"
	}
	t.moved(d.share, d.has, how, then)
}
