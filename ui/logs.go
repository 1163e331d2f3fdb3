package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"rampart/ui/panel"
	"rampart/ui/panel/logview"
)

// askLogs asks for the lines that the log panel needs, if it is shown and needs any.
func (m *Model) askLogs() tea.Cmd {
	f := m.shown()
	if m.env.Ask == nil || f == nil || m.now != panel.Panel(m.panels.Logs) {
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

// page hands the answer to the panel, which drops it when it has asked anew since.
func (m *Model) page(msg pageMsg) tea.Cmd {
	if msg.err != nil {
		m.panels.Logs.Fail(msg.tag, msg.err)
		return nil
	}
	m.panels.Logs.SetPage(msg.tag, msg.page)
	return m.askLogs()
}

// openLine asks for a line with all its fields.
func (m *Model) openLine(id string) tea.Cmd {
	if m.env.Ask == nil {
		return m.warn("nobody answers questions about lines")
	}
	m.lineTag++
	tag, parent, ask := m.lineTag, m.env.Ctx, m.env.Ask
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, askDeadline)
		defer cancel()
		line, err := ask.Line(ctx, id)
		return lineMsg{tag, line, err}
	}
}

func (m *Model) line(msg lineMsg) tea.Cmd {
	switch {
	case msg.tag != m.lineTag:
		return nil
	case msg.err != nil:
		return m.fail(msg.err)
	}
	m.panels.Logs.SetLine(msg.line)
	return nil
}

// seek goes to another line, or says that there is none.
func (m *Model) seek(f func(*logview.Logs) bool, none string) tea.Cmd {
	if !f(m.panels.Logs) {
		return tea.Batch(m.say(none), m.askLogs())
	}
	return m.askLogs()
}
