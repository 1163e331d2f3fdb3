package main

import (
	"context"
	"iter"

	"rampart/analysis/frame"
	"rampart/cmd/internal/action"
	"rampart/sources"
	"rampart/sources/audit"
)

// deskView shows a desk to the engine.
type deskView struct {
	*action.Desk
	env  string
	ramp func() *frame.Ramp // nil: nothing drives one here
}

// Ramp is the ramp that this process drives.
func (d deskView) Ramp() *frame.Ramp {
	if d.ramp == nil {
		return nil
	}
	return d.ramp()
}

// Unlocked says whether ramping up is allowed now.
func (d deskView) Unlocked() frame.Unlock {
	u := frame.Unlock{Needed: d.env == "prod"}
	if by, until, reason, ok := d.Desk.Unlocked(); ok {
		u.By, u.Until, u.Reason = by, until, reason
	}
	return u
}

// brokenJournal stands in for a journal that cannot be opened: it refuses every entry, so that the desk blocks ramping
// up and shouts at a rollback, which goes on.
type brokenJournal struct{}

// Append refuses.
func (brokenJournal) Append(_ context.Context, e sources.Entry) (sources.Entry, error) {
	return e, &sources.Error{Op: "append", Target: "journal", Kind: sources.ErrUnreachable, Fix: "give a state folder that can be written: XDG_STATE_HOME"}
}

// Entries yields nothing.
func (brokenJournal) Entries(context.Context, uint64) iter.Seq2[sources.Entry, error] {
	return func(func(sources.Entry, error) bool) {}
}

func journalOrBroken(j *audit.Journal) sources.Journal {
	if j == nil {
		return brokenJournal{}
	}
	return j
}
