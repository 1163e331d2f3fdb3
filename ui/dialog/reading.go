package dialog

import "rampart/sources"

// reading is how much of a preview has been on the screen.
type reading struct {
	id   string // of the preview; another one is read from its beginning
	seen int    // its leading lines that were shown
	all  int
}

// shown notes the lines from top on that fit into a room. What was skipped over was not read.
func (r *reading) shown(id string, top, room, all int) {
	if r.id != id || r.all != all {
		*r = reading{id: id, all: all}
	}
	last := top + room
	if last < all {
		last-- // the row below says how many are left
	}
	if top <= r.seen {
		r.seen = max(r.seen, min(last, all))
	}
}

// unread tells whether something that would be written has not been on the screen yet. Only what may give the candidate
// more is read to its end first: a rollback is one key away in any room.
func (c *Confirm) unread() bool {
	return c.careful() && (c.read.id != c.Preview.ID || c.read.seen < c.read.all)
}

// careful tells whether an action may give the candidate more than it has.
func (c *Confirm) careful() bool {
	p := c.Preview
	switch p.Action.Verb {
	case sources.SetSplit:
		return !p.Change.From.Known || !p.Change.To.Known || p.Change.To.Candidate > p.Change.From.Candidate
	case sources.Step, sources.Promote, sources.Start, sources.Resume:
		return !c.Starts()
	case sources.RollBack, sources.Hold, sources.Stop:
	}
	return false
}
