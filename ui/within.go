package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
)

// confirmWithin makes what ramps up from now on revert by itself unless somebody confirms it in time.
func (m *Model) confirmWithin(args string) (tea.Cmd, error) {
	if args == "off" {
		m.within = 0
		return m.say("changes stay"), nil
	}
	d, err := time.ParseDuration(args)
	if err != nil || d <= 0 {
		return nil, errors.New("confirm-within wants a time, such as 10m, or off")
	}
	m.within = d
	return m.say("what ramps up reverts after " + args + " unless it is confirmed (:confirm)"), nil
}

// limitOf is the time limit of an action. Only what gives the candidate more has one: reverting the rest would ramp up.
func (m *Model) limitOf(v sources.Verb, to sources.Share) time.Duration {
	switch v {
	case sources.Step, sources.Promote:
		return m.within
	case sources.SetSplit:
		if f := m.live; f == nil || !f.Traffic.Set.Known || to > f.Traffic.Set.Candidate {
			return m.within
		}
	case sources.RollBack, sources.Hold, sources.Resume:
	}
	return 0
}

// confirmChange keeps the change that would revert by itself.
func (m *Model) confirmChange(args string) (tea.Cmd, error) {
	if args != "" {
		return nil, errors.New("confirm takes nothing behind it")
	}
	op := m.env.Operator
	return m.call(askDeadline, func(ctx context.Context) (string, error) {
		return "confirmed: the change stays", op.Confirm(ctx, "")
	}), nil
}

// approve lets the candidate on the screen have a share for a while.
func (m *Model) approve(args string) (tea.Cmd, error) {
	number, rest, _ := strings.Cut(args, " ")
	rest = strings.TrimSpace(strings.TrimPrefix(rest, "%"))
	share, err := sources.ParseShare(number)
	if err != nil {
		return nil, err
	}
	f := m.shown()
	if f == nil {
		return nil, errors.New("nothing is known yet")
	}
	a := sources.Approval{Candidate: seen(f).Identity.Candidate, To: share, Reason: rest}
	length, reason, _ := strings.Cut(rest, " ")
	if d, err := time.ParseDuration(length); err == nil && d > 0 {
		a.Until, a.Reason = m.env.Now().Add(d), strings.TrimSpace(reason)
	}
	op := m.env.Operator
	return m.call(askDeadline, func(ctx context.Context) (string, error) {
		return "approved: " + share.String() + " for this candidate", op.Approve(ctx, a)
	}), nil
}
