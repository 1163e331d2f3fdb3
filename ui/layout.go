package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

// deepest bounds the way back.
const deepest = 32

// goTo shows a panel; esc comes back.
func (m *Model) goTo(p panel.Panel) tea.Cmd {
	if p == m.now {
		return nil
	}
	if m.past = append(m.past, m.now); len(m.past) > deepest {
		m.past = m.past[1:]
	}
	m.now = p
	return m.askLogs()
}

func (m *Model) goToNamed(name string) tea.Cmd {
	p, ok := m.panels.Named(name)
	if !ok {
		return m.warn("there is no panel " + name)
	}
	return m.goTo(p)
}

func (m *Model) home() tea.Cmd {
	m.past, m.now = nil, m.panels.Overview
	return nil
}

// cycle goes through the overview and the numbered panels.
func (m *Model) cycle(by int) tea.Cmd {
	all := append([]panel.Panel{m.panels.Overview}, m.panels.Numbered()...)
	i := max(slices.Index(all, m.now), 0)
	m.past, m.now = nil, all[(i+by+len(all))%len(all)]
	return m.askLogs()
}

// back closes what is uppermost: a remark, something opened in a panel, the cursor, the panel. It never leaves.
func (m *Model) back() tea.Cmd {
	switch {
	case m.status.line != nil && m.status.until.IsZero():
		m.status = status{}
	case m.now.Back():
	case !m.state.Cursor.IsZero():
		return m.setCursor(noTime)
	case len(m.past) > 0:
		m.now = m.past[len(m.past)-1]
		m.past = m.past[:len(m.past)-1]
	default:
		return m.home()
	}
	return m.askLogs()
}

func (m *Model) move(to part.Move) tea.Cmd {
	m.now.Move(to)
	return m.led()
}

// enter opens what is selected: a log line's fields, a service, another panel, or something in place.
func (m *Model) enter() tea.Cmd {
	switch m.now {
	case panel.Panel(m.panels.Logs):
		if m.panels.Logs.ByPattern(m.shown()) {
			return m.led()
		}
		if id, ok := m.panels.Logs.Open(); ok {
			return m.openLine(id, false)
		}
	case panel.Panel(m.panels.Services):
		if name := m.panels.Services.Selected(m.shown()); name != "" {
			return m.service(name)
		}
	}
	if name := m.now.Enter(m.shown()); name != "" {
		return m.goToNamed(name)
	}
	return m.askLogs()
}

// query shows the expanded queries of the panel.
func (m *Model) query() tea.Cmd {
	if m.now == panel.Panel(m.panels.Query) {
		return m.copyLine()
	}
	name := m.now.Name()
	if name == "overview" {
		name = ""
	}
	m.panels.Query.For(name)
	return m.goTo(m.panels.Query)
}

// turned notices that the frames are another service's now: what was looked at in the old one means nothing.
func (m *Model) turned(f *frame.Frame) {
	if m.turning == f.Service {
		m.turning = ""
	}
	if m.live != nil && m.live.Service != f.Service {
		m.still, m.state.Frozen, m.state.Cursor, m.state.End, m.state.Unmasked = nil, noTime, noTime, noTime, noTime
		m.panels.Logs.Forget()
	}
}

// elsewhere is the service under the cursor of the list while another one is on the screen: who acts there means the one
// and would hit the other. Empty: there is no such doubt.
func (m *Model) elsewhere() string {
	if m.now != panel.Panel(m.panels.Services) || m.live == nil {
		return ""
	}
	if name := m.panels.Services.Selected(m.shown()); name != m.live.Service {
		return name
	}
	return ""
}

// turnFirst shows the service under the cursor before anything is asked for it: what is acted on is always what the top
// four lines tell of.
func (m *Model) turnFirst() tea.Cmd {
	if m.env.Ask == nil {
		return m.warn("this session has one service")
	}
	return m.turnTo(m.elsewhere(), m.elsewhere()+" is on the screen now: the same again acts on it")
}

// turnTo asks for another service's frames. Until the first one comes the screen still shows the one before.
func (m *Model) turnTo(name, says string) tea.Cmd {
	m.home()
	ask := m.env.Ask
	if m.live != nil && m.live.Service != name {
		m.turning = name
	}
	return m.call(askDeadline, func(ctx context.Context) (string, error) { return says, ask.Service(ctx, name) })
}
