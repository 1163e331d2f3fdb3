package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Session is what a session can do beside looking. Beside it stand the reasons why a verb cannot be done now, in words
// that an operator can act on. They only explain: what may be written is decided where it is written.
type Session struct {
	Acts  bool // there is an operator
	Asks  bool // questions are answered
	Keeps bool // there is a folder for bundles
	Bares bool // masks may come off
	Saves bool // there is a folder for exported lines
}

func (m *Model) session() Session {
	return Session{Acts: m.env.Operator != nil, Asks: m.env.Ask != nil, Keeps: m.env.Bundle != nil, Bares: m.env.Unmask != nil, Saves: m.env.Export != nil}
}

func cannotBundle(f *frame.Frame, s Session) string {
	switch {
	case !s.Keeps:
		return "there is no folder to write it to"
	case f == nil:
		return "nothing is known yet"
	}
	return ""
}

func cannotExport(f *frame.Frame, s Session) string {
	switch {
	case !s.Saves:
		return "there is no folder to write it to"
	case f == nil:
		return "nothing is known yet"
	}
	return ""
}

// cannotUnmask explains who may see secrets: those who may act. Reading is no acting, so a read-only console may, where
// the role is there.
func cannotUnmask(f *frame.Frame, s Session) string {
	switch {
	case !s.Bares:
		return "there is no journal to write it into"
	case f != nil && f.Session.Role < sources.Operator:
		return takesRole + sources.Operator.String() + "; " + strings.TrimSpace(sources.Visible(f.Session.Actor)) + " is " + f.Session.Role.String()
	}
	return ""
}

func needsAsk(_ *frame.Frame, s Session) string {
	if !s.Asks {
		return "there are no sources to ask"
	}
	return ""
}

// cannotRollBack has few reasons: stale data, a locked console, a freeze or no frame at all are none.
func cannotRollBack(f *frame.Frame, s Session) string {
	return cannotAct(f, s, sources.Operator)
}

func cannotHold(f *frame.Frame, s Session) string { return cannotAct(f, s, sources.Operator) }

func cannotSplit(f *frame.Frame, s Session) string { return cannotAct(f, s, sources.Operator) }

// cannotStep explains what stands in the way of ramping up.
func cannotStep(f *frame.Frame, s Session) string {
	if why := cannotAct(f, s, sources.Promoter); why != "" {
		return why
	}
	switch {
	case f == nil:
		return "nothing is known yet"
	case f.Unlock.Needed && !f.At.Before(f.Unlock.Until):
		return "ramping up is locked: :unlock 10m REASON"
	case f.Traffic.Held != "":
		return "the ramp is held: " + sources.Visible(f.Traffic.Held)
	case f.NextStep() == 0:
		return "there is no next step; :split N% sets a share"
	}
	return ""
}

// cannotApprove explains why a share cannot be approved.
func cannotApprove(f *frame.Frame, s Session) string { return cannotAct(f, s, sources.Promoter) }

func cannotAct(f *frame.Frame, s Session, least sources.Role) string {
	switch {
	case !s.Acts:
		return "no traffic plane is configured: there is nothing to write to"
	case f == nil:
		return ""
	case f.Session.ReadOnly:
		return "this console is read-only"
	case f.Session.Role < least:
		who := strings.TrimSpace(sources.Visible(f.Session.Actor))
		return takesRole + least.String() + "; " + who + " is " + f.Session.Role.String()
	}
	return ""
}

// takesRole begins the reason why a role does not suffice.
const takesRole = "it takes the role "

// tried lets the place that writes hear of what the role on the screen refused, so that its journal has who tried. What it
// asks can only be looked at or refused: should the role be a larger one there by now, nothing is done all the same.
func (m *Model) tried(name, why string) tea.Cmd {
	op, allow, parent, f := m.env.Operator, m.env.Unmask, m.env.Ctx, m.live
	if f == nil || !strings.HasPrefix(why, takesRole) {
		return nil
	}
	a := sources.Action{Service: f.Service, Seen: f.Shown()}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, previewDeadline)
		defer cancel()
		switch name { // what comes back was said already
		case "approve":
			_ = op.Approve(ctx, sources.Approval{})
		case "confirm":
			_ = op.Confirm(ctx, "nothing")
		case "unlock":
			_ = op.Unlock(ctx, 0, "")
		case "unmask":
			_, _ = allow(ctx, unmaskedFor, "")
		case "split":
			a.Verb = sources.SetSplit
			_, _ = op.Preview(ctx, a)
		default:
			if v, err := sources.ParseVerb(name); err == nil {
				a.Verb = v
				_, _ = op.Preview(ctx, a)
			}
		}
		return nil
	}
}
