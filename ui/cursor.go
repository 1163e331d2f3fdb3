package ui

import (
	"slices"
	"time"

	"rampart/ui/panel/part"

	tea "charm.land/bubbletea/v2"
)

// noTime is no time: no cursor, no freeze, a window that ends now.
var noTime time.Time // never assigned

// spans are the windows of charts, from the shortest.
func spans() []time.Duration {
	return []time.Duration{
		5 * time.Minute, 10 * time.Minute, 15 * time.Minute, part.DefaultSpan, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour,
	}
}

// end is where the charts' window ends.
func (m *Model) end() time.Time {
	if m.state.End.IsZero() {
		return m.env.Now()
	}
	return m.state.End
}

// moveCursor moves the one time cursor of all charts and the logs. It begins at the window's end and leaves there.
func (m *Model) moveCursor(by int) tea.Cmd {
	if m.now == m.panels.Evidence {
		return m.moveBlock(by)
	}
	step := max(part.CursorStep(m.state, m.w), time.Second)
	at := m.state.Cursor
	if at.IsZero() {
		at = m.end()
	}
	at = at.Add(time.Duration(by) * step).Truncate(step)
	if at.After(m.end()) {
		return m.setCursor(noTime)
	}
	if from := m.end().Add(-m.state.Span); at.Before(from) {
		at = from.Truncate(step).Add(step)
	}
	return m.setCursor(at)
}

// moveBlock moves the cursor by blocks of evidence, and the window with it.
func (m *Model) moveBlock(by int) tea.Cmd {
	at := m.panels.Evidence.Beside(m.shown(), m.state, by)
	if from, to := part.Window(m.state); !at.IsZero() && (at.Before(from) || at.After(to)) {
		m.endAt(at.Add(m.state.Span / 2))
	}
	return m.setCursor(at)
}

func (m *Model) setCursor(at time.Time) tea.Cmd {
	m.state.Cursor = at
	return m.askLogs()
}

// zoom takes a shorter or longer window around the cursor, or the usual one.
func (m *Model) zoom(by int) tea.Cmd {
	if by == 0 {
		m.state.Span = part.DefaultSpan
		return nil
	}
	all := spans()
	i := max(slices.Index(all, m.state.Span), 0) + by
	if i < 0 || i >= len(all) {
		return m.say("no further")
	}
	m.state.Span = all[i]
	if c := m.state.Cursor; !c.IsZero() {
		m.endAt(c.Add(m.state.Span / 2))
	}
	return nil
}

// pan moves the window by a third of itself.
func (m *Model) pan(by int) tea.Cmd {
	m.endAt(m.end().Add(time.Duration(by) * m.state.Span / 3))
	return nil
}

// endAt ends the window at a time, or lets it follow the clock.
func (m *Model) endAt(t time.Time) {
	now := m.env.Now()
	if m.still != nil {
		now = m.state.Frozen
	}
	m.state.End = t
	if !t.Before(now) {
		m.state.End = m.state.Frozen
	}
}

// freeze lets the charts and tables stand still, or go on. The call, the split and actions never stand still.
func (m *Model) freeze() tea.Cmd {
	if m.still != nil {
		return m.goLive()
	}
	if m.live == nil {
		return m.warn("there is nothing to freeze yet")
	}
	m.still = m.live
	m.state.Frozen = m.env.Now()
	if m.state.End.IsZero() {
		m.state.End = m.state.Frozen
	}
	return nil
}

// goLive leaves freeze, cursor and an old window.
func (m *Model) goLive() tea.Cmd {
	m.still, m.state.Frozen, m.state.Cursor, m.state.End = nil, noTime, noTime, noTime
	return m.askLogs()
}

func (m *Model) expand() tea.Cmd {
	m.state.Wide = !m.state.Wide
	return nil
}
