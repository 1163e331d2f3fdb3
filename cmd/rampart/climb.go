package main

import (
	"context"
	"fmt"
	"time"

	"rampart/sources"
)

// climb prints the rungs of one action as they are reached, and what is wrong meanwhile.
type climb struct {
	*streams
	at      func() sources.Progress
	printed int
	said    string // what was wrong when it was said last, without its numbers
}

// follow does what was previewed and prints each rung. Its caller may be interrupted; the desk goes on until the change
// is read back.
func (g *globals) follow(ctx context.Context, s *session, p sources.Preview, word string, timeout time.Duration) error {
	track, err := s.seat.Start(ctx, p.ID, word)
	if err != nil {
		return err
	}
	c := &climb{streams: &g.streams, at: track.Progress}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		changed := s.desk.Changed()
		pr := c.print()
		switch {
		case pr.Rung >= sources.Observed:
			return nil
		case pr.Done:
			return s.ended(pr)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return c.leave(ctx, s)
		}
	}
}

// print says what is new.
func (c *climb) print() sources.Progress {
	pr := c.at()
	for _, r := range pr.Rungs[c.printed:] {
		if r.Rung < sources.Configured && len(pr.Change.Writes) == 0 {
			continue // nothing was to be written, so nothing was sent
		}
		fmt.Fprintf(c.out, "%s %-10s %s\n", r.At.UTC().Format(time.TimeOnly), r.Rung, pr.Means(r))
	}
	if len(pr.Rungs) > c.printed {
		c.printed, c.said = len(pr.Rungs), ""
	}
	what := pr.Alarm
	switch over := pr.Done && pr.Err != nil; { // the error itself is the last line
	case over && pr.Next != "":
		what = "what to do: " + pr.Next
	case over:
		what = ""
	case what != "" && pr.Next != "":
		what += " (" + pr.Next + ")"
	}
	if kind := sources.Uncounted(what); kind != c.said && what != "" { // a frame that is older than the answer has none yet
		fmt.Fprintf(c.err, "rampart: %s\n", unfolded(what))
		c.said = kind
	}
	return pr
}

// leave ends the desk before it tells how far the action came: what is on its way at this moment is no matter of guessing.
// What was sent is read back; what never reached the plane is not tried for longer. ctx is what is over.
func (c *climb) leave(ctx context.Context, s *session) error {
	p, still := c.at(), "what was sent is read back before this ends"
	if p.Rung == sources.RungNone && len(p.Members) == 0 {
		s.patience, still = unsentDeadline, "a write that may be on its way right now is waited for"
	}
	if p.Rung < sources.Configured && !p.Done { // else there is nothing to wait for
		fmt.Fprintf(c.err, "rampart: %s: %s, for up to %s\n", over(ctx), still, s.patience)
	}
	s.close()
	pr := c.print()
	if pr.Rung >= sources.Observed {
		return nil
	}
	return s.unobserved(pr)
}

// over says why an action is followed no longer.
func over(ctx context.Context) string {
	if s, told := byHangup(ctx); told {
		return hangup{s}.Error()
	}
	return "the time of --timeout is over"
}

// ended is the error of an action that is over and was not observed.
func (s *session) ended(p sources.Progress) error {
	if p.Err != nil {
		return p.Err
	}
	return s.unobserved(p)
}

// unobserved tells what is known of a rollback that traffic does not show: nothing was sent, or its outcome is open.
func (s *session) unobserved(p sources.Progress) error {
	if p.Rung == sources.RungNone && len(p.Members) == 0 {
		return &exitError{exitStale, fmt.Errorf("rollback %s: nothing was sent: the candidate may still get traffic", s.name)}
	}
	return &exitError{exitUnknown, fmt.Errorf("rollback %s: %s, not observed in traffic; look again with: rampart rollback --dry-run", s.name, p.Rung)}
}
