package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/ui/dialog"
)

// unmaskedFor is how long masks stay off.
const unmaskedFor = 5 * time.Minute

// unmask asks for the reason why masked text has to be seen, or masks it again at once.
func (m *Model) unmask() tea.Cmd {
	if !m.panels.Logs.Bare().IsZero() {
		m.say("masked again")
		return m.cover()
	}
	p := dialog.Prompt{Label: "unmask for 5 min, because ", Hint: "the reason; it is written into the journal"}
	return m.open(forUnmask, p, func(reason string) (tea.Cmd, error) {
		if reason == "" {
			return nil, errors.New("a reason is wanted")
		}
		parent, allow := m.env.Ctx, m.env.Unmask
		return func() tea.Msg {
			ctx, cancel := context.WithTimeout(parent, askDeadline)
			defer cancel()
			until, err := allow(ctx, unmaskedFor, reason)
			return bareMsg{until, err}
		}, nil
	})
}

// bared takes the masks off, or says why they stay.
func (m *Model) bared(msg bareMsg) tea.Cmd {
	if msg.err != nil {
		return m.fail(msg.err)
	}
	m.panels.Logs.SetBare(msg.until)
	m.state.Unmasked = msg.until
	m.say("unmasked until " + sources.Visible(m.state.Exact(msg.until)) + ": u masks again")
	return m.askLogs()
}

// cover puts the masks on again, here and where the lines are handed out.
func (m *Model) cover() tea.Cmd {
	m.panels.Logs.SetBare(noTime)
	m.state.Unmasked = noTime
	parent, allow := m.env.Ctx, m.env.Unmask
	return tea.Batch(m.askLogs(), func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, askDeadline)
		defer cancel()
		_, _ = allow(ctx, 0, "") // it ends by itself where this is not heard
		return nil
	})
}

// remask puts the masks on when the time is over.
func (m *Model) remask() tea.Cmd {
	if m.state.Unmasked.IsZero() || m.env.Now().Before(m.state.Unmasked) {
		return nil
	}
	return m.cover()
}
