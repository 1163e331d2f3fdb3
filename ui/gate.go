package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/ui/dialog"
)

// gate is that of the open dialog; nil when none is open.
func (m *Model) gate() *dialog.Gate {
	switch {
	case m.leaving != nil:
		return &m.leaving.Gate
	case m.confirm != nil:
		return &m.confirm.Gate
	}
	return nil
}

// gateOpen tells whether the open dialog's keys count.
func (m *Model) gateOpen() bool {
	g := m.gate()
	return g != nil && g.Open(time.Now(), m.link.rtt)
}

// closeGate shuts the open dialog's keys out until its new picture is known to have arrived. It names the picture by a
// new tag, so that answers to older queries prove nothing.
func (m *Model) closeGate() tea.Cmd {
	g := m.gate()
	m.tag++
	g.Reset(time.Now())
	return tea.Batch(m.ask(m.tag), m.gateTick())
}

// gateTick looks again when the gate opens by itself.
func (m *Model) gateTick() tea.Cmd {
	g := m.gate()
	if g == nil || m.gateOpen() {
		return nil
	}
	return tea.Tick(max(time.Until(g.Opens(m.link.rtt)), time.Millisecond), func(time.Time) tea.Msg { return gateMsg{} })
}
