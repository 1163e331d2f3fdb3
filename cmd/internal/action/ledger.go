package action

import (
	"context"
	"slices"
	"time"

	"rampart/sources"
)

// Ledger is what the journal says of one service's changes, for a process that holds no desk open. It keeps what a desk
// keeps and no entry; whoever goes on reading gives it what is new. It is for one goroutine.
type Ledger struct {
	in, service string
	fold        fold
}

// NewLedger makes a ledger of a service that has read nothing.
func NewLedger(in, service string) *Ledger { return &Ledger{in, service, newFold()} }

// LedgerOf reads a journal to its end. One that is broken ends with an error that says where.
func LedgerOf(ctx context.Context, j sources.Journal, in, service string) (*Ledger, error) {
	l := NewLedger(in, service)
	for e, err := range j.Entries(ctx, 1) {
		if err != nil {
			return nil, err
		}
		l.Take(e)
	}
	return l, nil
}

// Take reads one more entry. Only the ledger's service counts.
func (l *Ledger) Take(e sources.Entry) {
	if e.Context == l.in && e.Service == l.service {
		l.fold.take(e)
	}
}

// Drained is [Desk.Drained] by what was read so far.
func (l *Ledger) Drained(r sources.Reading) string { return l.fold.tellDrained(r) }

// Unconfirmed is a change that reverts by itself unless it is confirmed, as the journal has it.
type Unconfirmed struct {
	ID       string // its intent's
	By       string
	At       time.Time     // when it reverts, by the wall
	To, Back sources.Split // what it set, and what it would go back to, which is less: only what ramps up reverts
	Last     bool          // nothing else was asked for since: more than To is nobody's that the journal knows
	Agent    bool          // an agent check has made less of it: anything above Back is what nobody confirmed
}

// Unconfirmed are the open ones, the one that ends first before the others: a process that was killed before it wrote down
// that a newer change took an older one's place leaves both.
func (l *Ledger) Unconfirmed() []Unconfirmed {
	var out []Unconfirmed
	for _, m := range l.fold.limits {
		if !m.over {
			out = append(out, Unconfirmed{ID: m.id, By: m.by.called(), At: m.at, To: m.to, Back: m.back, Last: l.fold.last(m), Agent: m.agent})
		}
	}
	slices.SortStableFunc(out, func(a, b Unconfirmed) int { return a.At.Compare(b.At) })
	return out
}
