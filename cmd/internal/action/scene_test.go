package action

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

// scene is a desk with its surroundings, in a bubble of fake time.
type scene struct {
	*testing.T
	plane   *fakePlane
	journal *fakeJournal
	look    Look
	cfg     Config
	desk    *Desk
	end     context.CancelFunc
}

// play runs a story in fake time. Its desk has ended when it returns.
func play(t *testing.T, set func(*scene), story func(*scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{T: t, plane: &fakePlane{share: 5 * percent, legacyUp: 10, rate: 50}, journal: &fakeJournal{}}
		s.cfg = Config{Plane: s.plane, Journal: s.journal, Now: time.Now, Context: "c", Service: "ranker", Look: func() Look { return s.look }}
		if set != nil {
			set(s)
		}
		s.open()
		story(s)
		s.end()
		s.desk.Wait()
	})
}

func (s *scene) open() {
	ctx, cancel := context.WithCancel(context.Background())
	desk, err := New(ctx, s.cfg)
	if err != nil {
		s.Fatal(err)
	}
	s.desk, s.end = desk, cancel
}

func (s *scene) seat() *Seat { return s.desk.Seat(Actor{Name: "ana", From: "tty1"}) }

func (s *scene) preview(a sources.Action) sources.Preview {
	s.Helper()
	p, err := s.seat().Preview(s.Context(), a)
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// do previews and confirms with the word that is asked for.
func (s *scene) do(a sources.Action) (*Track, error) {
	s.Helper()
	p := s.preview(a)
	return s.seat().Start(s.Context(), p.ID, p.Confirm.Word)
}

func (s *scene) begin(a sources.Action) *Track {
	s.Helper()
	t, err := s.do(a)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

// until waits until the action is as asked; it is a failure when the action ends before.
func (s *scene) until(t *Track, what string, ok func(sources.Progress) bool) sources.Progress {
	s.Helper()
	for p := range t.All(s.Context()) {
		if ok(p) {
			return p
		}
	}
	s.Fatalf("never %s: %+v", what, t.Progress())
	return sources.Progress{}
}

func observed(p sources.Progress) bool { return p.Rung == sources.Observed }
func done(p sources.Progress) bool     { return p.Done }

func rollBack() sources.Action { return sources.Action{Verb: sources.RollBack, Reason: "errors"} }

func setTo(share sources.Share) sources.Action {
	return sources.Action{Verb: sources.SetSplit, To: share}
}

func unreachable(sent bool) error {
	e := &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrUnreachable, Cause: errors.New("gone"), Sent: sent}
	if sent {
		e.Kind = sources.ErrAmbiguous
	}
	return e
}
