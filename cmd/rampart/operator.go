package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"rampart/cmd/internal/relay"
	"rampart/sources"
	"rampart/ui"
)

// operator is who acts, always for the service that the console shows.
type operator struct {
	board *switchboard
	// first says what must be started before something that must outlive this console, or why that cannot be.
	first func(ctx context.Context, s *session, what string) (sources.Starting, error)
}

var _ ui.Operator = operator{}

// here is a console's place in this process.
type here struct {
	*switchboard
	operator
	now func() time.Time
}

// Now is the engine's clock.
func (h here) Now() time.Time { return h.now() }

var (
	_ relay.Place = here{}
	_ relay.Place = (*alone)(nil)
)

func (o operator) seat() (ui.Operator, error) {
	s, _, _ := o.board.current()
	if s.hand == nil {
		return nil, &sources.Error{Op: "act on", Target: s.name, Kind: sources.ErrUnsupported, Fix: "the service has no traffic plane in the config"}
	}
	return s.hand, nil
}

// Preview plans an action on the service that it was asked for. A console that has turned to another one meanwhile is
// refused: what was on the screen is not what would be changed.
func (o operator) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	s, _, _ := o.board.current()
	if a.Service != "" && a.Service != s.name {
		return sources.Preview{}, fmt.Errorf("preview %s: the screen shows %s now: %w", sources.Visible(a.Service), s.name, sources.ErrConflict)
	}
	seat, err := o.seat()
	switch {
	case err != nil:
		return sources.Preview{}, err
	case s.stays():
		return seat.Preview(ctx, a)
	case a.Verb == sources.Start:
		return o.offer(ctx, s, a, "A ramp")
	case a.Verb == sources.Stop:
		why := cmp.Or(s.seat.Lacks(a.Verb), "no ramp is driven here; a runner goes on with the one that the journal knows: "+runCommand(s.cfg, s.chosen))
		return sources.Preview{Action: a, Confirm: sources.Confirmation{Refuse: why}}, nil
	}
	p, err := seat.Preview(ctx, a)
	if err == nil && a.Confirm > 0 && p.Confirm.Refuse != "" && p.Change.To.Candidate > p.Change.From.Candidate {
		stays := a
		stays.Confirm = 0
		if q, err := seat.Preview(ctx, stays); err != nil || q.Confirm.Refuse != "" {
			return q, err // it would be refused whoever is there
		}
		return o.offer(ctx, s, a, "A change that reverts by itself")
	}
	return p, err
}

// offer is the preview of an action that needs a process that stays: starting it comes first.
func (o operator) offer(ctx context.Context, s *session, a sources.Action, what string) (sources.Preview, error) {
	p := sources.Preview{Action: a}
	if p.Confirm.Refuse = s.seat.Lacks(a.Verb); p.Confirm.Refuse != "" {
		return p, nil
	}
	first, err := o.first(ctx, s, what)
	p.Confirm.First = first
	if err != nil {
		p.Confirm.Refuse = sources.Visible(err.Error())
	}
	return p, nil
}

// stays tells whether what is begun here has a process that ends it: a driver of the ramp.
func (s *session) stays() bool { return s.hand != ui.Operator(s.seat) }

// Do starts what was previewed; a preview of another service's desk is not known at this one.
func (o operator) Do(ctx context.Context, previewID, word string) (sources.Progress, error) {
	seat, err := o.seat()
	if err != nil {
		return sources.Progress{}, err
	}
	return seat.Do(ctx, previewID, word)
}

// Unlock allows ramping up for a while.
func (o operator) Unlock(ctx context.Context, d time.Duration, reason string) error {
	seat, err := o.seat()
	if err != nil {
		return err
	}
	return seat.Unlock(ctx, d, reason)
}

// Confirm says that a change that reverts by itself stays.
func (o operator) Confirm(ctx context.Context, intentID string) error {
	seat, err := o.seat()
	if err != nil {
		return err
	}
	return seat.Confirm(ctx, intentID)
}

// Approve lets one candidate have one share for a while.
func (o operator) Approve(ctx context.Context, a sources.Approval) error {
	seat, err := o.seat()
	if err != nil {
		return err
	}
	return seat.Approve(ctx, a)
}

// Note writes a remark into the journal.
func (o operator) Note(ctx context.Context, text string) error {
	seat, err := o.seat()
	if err != nil {
		return err
	}
	return seat.Note(ctx, text)
}
