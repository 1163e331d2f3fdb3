package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/ui/dialog"
)

// kind is what a typed line is for.
type kind uint8

const (
	forCommand kind = iota
	forSearch
	forFilter
	forSplit
	forUnmask
	forApproval
)

// mostTyped bounds what is remembered of each kind.
const mostTyped = 50

// prompting is a line being typed.
type prompting struct {
	dialog.Prompt
	kind kind
	take func(text string) (tea.Cmd, error)
}

// open begins a line; what was typed before comes back with the arrow up.
func (m *Model) open(k kind, p dialog.Prompt, take func(string) (tea.Cmd, error)) tea.Cmd {
	p.History = m.typed[k]
	m.prompt = &prompting{Prompt: p, kind: k, take: take}
	return nil
}

func (m *Model) openPalette() tea.Cmd {
	return m.open(forCommand, dialog.Prompt{Label: ":", Hint: "a command; tab completes, esc leaves", Complete: m.complete}, m.command)
}

func (m *Model) askSplit() tea.Cmd {
	p := dialog.Prompt{Label: "split: candidate's share ", Hint: "such as 5%; it is confirmed next"}
	return m.open(forSplit, p, func(text string) (tea.Cmd, error) {
		share, err := sources.ParseShare(text)
		if err != nil {
			return nil, err
		}
		return m.propose(sources.SetSplit, share, ""), nil
	})
}

// askApproval asks which share is approved; the one that the next gate asks for stands there already.
func (m *Model) askApproval() tea.Cmd {
	p := dialog.Prompt{Label: "approve: share ", Hint: "such as 25% 30m reason; for this candidate only"}
	if f := m.shown(); f != nil && f.NextApproval() > 0 {
		p.Field.Set(f.NextApproval().String() + " ")
	}
	return m.open(forApproval, p, m.approve)
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
	a := sources.Approval{Candidate: f.Shown().Identity.Candidate, To: share, Reason: rest}
	length, reason, _ := strings.Cut(rest, " ")
	if d, err := time.ParseDuration(length); err == nil && d > 0 {
		a.Until, a.Reason = m.env.Now().Add(d), strings.TrimSpace(reason)
	}
	op := m.env.Operator
	return m.call(askDeadline, func(ctx context.Context) (string, error) {
		return "approved: " + share.String() + " for this candidate", op.Approve(ctx, a)
	}), nil
}

// pressPrompt takes a key of the line. A line that is refused stays, with the reason.
func (m *Model) pressPrompt(k tea.Key) tea.Cmd {
	p := m.prompt
	switch p.Key(k) {
	case dialog.Stay, dialog.Again:
	case dialog.Leave:
		m.prompt = nil
	case dialog.Go:
		text := p.Text()
		cmd, err := p.take(text)
		if err != nil {
			p.Wrong = err.Error()
			return cmd
		}
		if m.prompt == p {
			m.prompt = nil
		}
		m.remember(p.kind, text)
		return cmd
	}
	return nil
}

func (m *Model) remember(k kind, text string) {
	old := m.typed[k]
	if text == "" || len(old) > 0 && old[len(old)-1] == text {
		return
	}
	if old = append(old, text); len(old) > mostTyped {
		old = old[1:]
	}
	m.typed[k] = old
}
