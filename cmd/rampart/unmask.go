package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rampart/cmd/internal/action"
	"rampart/sources"
)

// longestUnmasked bounds how long masks stay off at a time, whatever was asked.
const longestUnmasked = 15 * time.Minute

// Unmask allows this console lines of the current service as they came, for a while. The journal holds who asked and why
// before the first line is handed out; without a journal, or below the role of an operator, nothing is. A time of zero
// ends it.
func (b *switchboard) Unmask(ctx context.Context, d time.Duration, reason string) (time.Time, error) {
	s, _, _ := b.current()
	if d <= 0 {
		b.allow(s.name, time.Time{})
		return time.Time{}, nil
	}
	until, err := bareUntil(s.clock.Now(), d, reason, who{s.actor.Name, s.name, s.reads(), s.refusedMasks(ctx)}, func(text string) error { return s.remark(ctx, text) })
	if err == nil {
		b.allow(s.name, until)
	}
	return until, err
}

// who wants to see a service's lines as they came.
type who struct {
	name, service string
	role          sources.Role
	refused       func(why error) // writes down that they were
}

// bareUntil says until when somebody may see lines without masks. It is the one rule for consoles of this process and
// for those that attach: an operator at least, a reason, and the journal first.
func bareUntil(now time.Time, d time.Duration, reason string, w who, record func(text string) error) (time.Time, error) {
	d = min(d, longestUnmasked)
	refused := &sources.Error{Op: "unmask log lines of", Target: w.service, Kind: sources.ErrDenied}
	switch {
	case w.role < sources.Operator:
		refused.Cause = fmt.Errorf("%s has the role %s; unmask takes %s", sources.Visible(w.name), w.role, sources.Operator)
		w.refused(refused.Cause)
		return time.Time{}, refused
	case strings.TrimSpace(reason) == "":
		refused.Cause = errors.New("it takes a reason")
		return time.Time{}, refused
	}
	if err := record(fmt.Sprintf("unmasked log lines for %s: %s", d, sources.Visible(reason))); err != nil {
		return time.Time{}, fmt.Errorf("unmask log lines: it cannot be recorded: %w", err)
	}
	return now.Add(d), nil
}

func (b *switchboard) allow(service string, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bare = map[string]time.Time{service: until}
}

// mayBare tells whether lines of a service may be handed out without masks now.
func (b *switchboard) mayBare(s *session) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return s.clock.Now().Before(b.bare[s.name])
}

// reads is the role by which a session reads. A service without a plane has no desk that knows the roles; they hold all
// the same.
func (s *session) reads() sources.Role {
	if s.seat != nil {
		return s.seat.Role()
	}
	return min(action.RoleOf(s.cfg.File.Roles, s.actor.Name), s.role)
}

// remark writes a line into the journal in the actor's name, whether or not there is a plane.
func (s *session) remark(ctx context.Context, text string) error {
	if s.seat != nil {
		return s.seat.Note(ctx, text)
	}
	return s.enter(ctx, sources.Entry{Kind: sources.EntryNote, Text: text})
}

// refusedMasks writes into the journal that the masks stay on for the actor, as well as it can.
func (s *session) refusedMasks(ctx context.Context) func(error) {
	return func(why error) {
		if s.seat != nil {
			s.seat.Refused("unmask", why)
			return
		}
		_ = s.enter(ctx, sources.Entry{Kind: sources.EntryRefusal, Verb: "unmask", Text: "refused: " + sources.Visible(why.Error())}) // they stay on all the same
	}
}

// enter writes an entry of a service that has no desk.
func (s *session) enter(ctx context.Context, e sources.Entry) error {
	if s.journal == nil {
		return &sources.Error{Op: "write", Target: "journal", Kind: sources.ErrUnsupported}
	}
	e.Context, e.Service, e.Actor, e.From = s.chosen.Name, s.name, s.actor.Name, s.actor.From
	_, err := s.journal.Append(ctx, e)
	return err
}
