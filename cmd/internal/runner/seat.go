package runner

import (
	"context"
	"time"

	"rampart/cmd/internal/action"
	"rampart/sources"
)

// Seat is the ramp and its desk as one actor has them: what is the ramp's goes through the plan, all else straight to
// the desk, a rollback first of all.
type Seat struct {
	driver *Driver
	seat   *action.Seat
	who    action.Actor
}

// Seat returns the ramp as one actor sees it.
func (d *Driver) Seat(who action.Actor) *Seat {
	return &Seat{driver: d, seat: d.cfg.Desk.Seat(who), who: who}
}

// Role is what the actor may do.
func (s *Seat) Role() sources.Role { return s.seat.Role() }

// Preview plans what is asked for and changes nothing.
func (s *Seat) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	if eventOf(a.Verb) == 0 {
		return s.seat.Preview(ctx, a)
	}
	return s.driver.preview(ctx, s.who, s.seat, a)
}

// Do starts what was previewed.
func (s *Seat) Do(ctx context.Context, previewID, word string) (sources.Progress, error) {
	if w := s.driver.offered(s.who, previewID); w != nil {
		return s.driver.do(ctx, w, word)
	}
	return s.seat.Do(ctx, previewID, word)
}

// Unlock allows the actor to ramp up for a while.
func (s *Seat) Unlock(ctx context.Context, d time.Duration, reason string) error {
	return s.seat.Unlock(ctx, d, reason)
}

// Refused journals that something else than an action was refused to the actor.
func (s *Seat) Refused(what string, why error) { s.seat.Refused(what, why) }

// Note writes an operator's remark into the journal.
func (s *Seat) Note(ctx context.Context, text string) error { return s.seat.Note(ctx, text) }

// Confirm says that a change that reverts by itself stays.
func (s *Seat) Confirm(ctx context.Context, intentID string) error {
	defer s.driver.wake()
	return s.seat.Confirm(ctx, intentID)
}
