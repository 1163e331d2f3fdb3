package action

import (
	"context"
	"time"

	"rampart/sources"
)

// Actor is who asks, and from where: host, tty, socket peer.
type Actor struct{ Name, From string }

// Seat is a desk as one actor has it.
type Seat struct {
	desk  *Desk
	actor Actor
}

// Role is what the actor may do.
func (s *Seat) Role() sources.Role {
	if s.desk.cfg.ReadOnly {
		return sources.Viewer
	}
	return s.desk.cfg.role(s.actor.Name)
}

// Preview plans an action and changes nothing. What stands in the way is said in Confirm.Refuse; an error means that it
// cannot be planned at all. A rollback whose plane cannot be read has a preview too: it will be tried until it can.
func (s *Seat) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	return s.desk.preview(ctx, s.actor, a)
}

// Do starts what was previewed and returns once it is journalled and sent, refused, or to be tried again. The word is
// the one that the preview asks for, empty when it asks for none. Doing the same preview twice is doing it once.
func (s *Seat) Do(ctx context.Context, previewID, word string) (sources.Progress, error) {
	t, err := s.Start(ctx, previewID, word)
	if err != nil {
		return sources.Progress{}, err
	}
	return t.Progress(), nil
}

// Start is Do for those who follow one action on their own.
func (s *Seat) Start(ctx context.Context, previewID, word string) (*Track, error) {
	return s.desk.do(ctx, s.actor, previewID, word)
}

// Unlock allows the actor to ramp up for a while. It is journalled with its reason.
func (s *Seat) Unlock(ctx context.Context, d time.Duration, reason string) error {
	return s.desk.unlock(ctx, s.actor, d, reason)
}

// Note writes an operator's remark into the journal.
func (s *Seat) Note(ctx context.Context, text string) error {
	return s.desk.rec.must(ctx, s.desk.entry(sources.EntryNote, s.actor, 0, "", sources.Visible(text)))
}
