package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/panel"
	"rampart/ui/panel/logview"
)

// readsLogs tells whether the log panel is on the screen.
func (m *Model) readsLogs() bool { return m.now == panel.Panel(m.panels.Logs) }

// askLogs asks for the lines that the log panel needs, if it is shown and needs any.
func (m *Model) askLogs() tea.Cmd {
	f := m.shown()
	if m.env.Ask == nil || f == nil || !m.readsLogs() {
		return nil
	}
	q, tag, want := m.panels.Logs.Ask(f, m.state)
	if !want {
		return nil
	}
	parent, ask := m.env.Ctx, m.env.Ask
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, askDeadline)
		defer cancel()
		page, err := ask.Logs(ctx, q)
		return pageMsg{tag, page, err}
	}
}

// led puts the charts' time cursor where the log panel is being read, and asks for the lines that the panel needs.
func (m *Model) led() tea.Cmd {
	if !m.readsLogs() {
		return m.askLogs()
	}
	if at, moved := m.panels.Logs.Lead(); moved {
		m.state.Cursor = at
		if from := m.end().Add(-m.state.Span); !at.IsZero() && (at.Before(from) || at.After(m.end())) {
			m.endAt(at.Add(m.state.Span / 2))
		}
	}
	return m.askLogs()
}

// page hands the answer to the panel, which drops it when it has asked anew since.
func (m *Model) page(msg pageMsg) tea.Cmd {
	if msg.err != nil {
		m.panels.Logs.Fail(msg.tag, msg.err)
		return nil
	}
	m.panels.Logs.SetPage(msg.tag, msg.page)
	return m.askLogs()
}

// openLine asks for a line with all its fields, to be read or to choose columns from.
func (m *Model) openLine(id string, picks bool) tea.Cmd {
	if m.env.Ask == nil {
		return m.warn("nobody answers questions about lines")
	}
	m.lineTag++
	tag, parent, ask := m.lineTag, m.env.Ctx, m.env.Ask
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, askDeadline)
		defer cancel()
		line, err := ask.Line(ctx, id)
		return lineMsg{tag, picks, line, err}
	}
}

func (m *Model) line(msg lineMsg) tea.Cmd {
	switch {
	case msg.tag != m.lineTag:
		return nil
	case msg.err != nil:
		return m.fail(msg.err)
	case msg.picks:
		m.panels.Logs.SetFields(msg.line)
	default:
		m.panels.Logs.SetLine(msg.line)
	}
	return nil
}

// seek goes to another line: among those that the panel has, or else among all that are held.
func (m *Model) seek(near func(*logview.Logs) bool, far func(*logview.Logs) (frame.LogsQuery, string, bool), newer bool) tea.Cmd {
	if near(m.panels.Logs) {
		return m.led()
	}
	q, from, ok := far(m.panels.Logs)
	switch {
	case !ok:
		return m.warn("nothing is searched for: / does")
	case m.env.Seek == nil:
		return m.say(noneFound(newer, false))
	}
	index := q.Past > 0
	m.seekTag++
	tag, parent, find := m.seekTag, m.env.Ctx, m.env.Seek
	if index {
		m.say("searching the index")
	} else {
		m.say("looking through all held lines")
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, askDeadline)
		defer cancel()
		line, err := find(ctx, q, from, newer)
		if errors.Is(err, sources.ErrNoData) {
			err = errors.New(noneFound(newer, index))
		}
		return soughtMsg{tag, line, err}
	}
}

func noneFound(newer, index bool) string {
	age, where := "older", "held line"
	if newer {
		age = "newer"
	}
	if index {
		where = "line of the window"
	}
	return "no " + age + " " + where + " matches"
}

// sought goes to the line that was looked for, unless something else was looked for since.
func (m *Model) sought(msg soughtMsg) tea.Cmd {
	switch {
	case msg.tag != m.seekTag:
		return nil
	case msg.err != nil:
		return m.say(msg.err.Error())
	}
	m.status.pass()
	m.panels.Logs.GoTo(msg.line)
	return m.askLogs()
}
