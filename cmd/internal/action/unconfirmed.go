package action

import (
	"context"
	"slices"
	"time"

	"rampart/sources"
)

// Unconfirmed is a change that reverts by itself unless it is confirmed, as the journal has it: for a process that holds no
// desk open and asks only whether somebody should.
type Unconfirmed struct {
	ID       string // its intent's
	By       string
	At       time.Time     // when it reverts, by the wall
	To, Back sources.Split // what it set, and what it would go back to, which is less: only what ramps up reverts
	Last     bool          // nothing else was asked for since: more than To is nobody's that the journal knows
}

// UnconfirmedOf are the service's open ones, the one that ends first before the others: a process that was killed before it
// wrote down that a newer change took an older one's place leaves both. A journal that is broken ends with an error that says
// where.
func UnconfirmedOf(ctx context.Context, j sources.Journal, in, service string) ([]Unconfirmed, error) {
	f := newFold()
	for e, err := range j.Entries(ctx, 1) {
		if err != nil {
			return nil, err
		}
		if e.Context == in && e.Service == service {
			f.take(e)
		}
	}
	var out []Unconfirmed
	for _, l := range f.limits {
		if !l.over {
			out = append(out, Unconfirmed{ID: l.id, By: l.by.called(), At: l.at, To: l.to, Back: l.back, Last: f.last(l)})
		}
	}
	slices.SortStableFunc(out, func(a, b Unconfirmed) int { return a.At.Compare(b.At) })
	return out, nil
}
