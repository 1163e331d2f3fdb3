package action

import (
	"context"
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
}

// UnconfirmedOf is the service's one that ends first; ok is false where none is open. A journal that is broken ends with
// an error that says where.
func UnconfirmedOf(ctx context.Context, j sources.Journal, in, service string) (u Unconfirmed, ok bool, err error) {
	f := newFold()
	for e, err := range j.Entries(ctx, 1) {
		if err != nil {
			return Unconfirmed{}, false, err
		}
		if e.Context == in && e.Service == service {
			f.take(e)
		}
	}
	for _, l := range f.limits {
		if !l.over && (!ok || l.at.Before(u.At)) {
			u, ok = Unconfirmed{ID: l.id, By: l.by.called(), At: l.at, To: l.to, Back: l.back}, true
		}
	}
	return u, ok, nil
}
