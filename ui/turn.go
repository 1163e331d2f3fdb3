package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"rampart/ui/panel"
)

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
