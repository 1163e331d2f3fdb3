package ui

import (
	tea "charm.land/bubbletea/v2"

	"rampart/ui/dialog"
)

// quit leaves, or asks once while an action is under way.
func (m *Model) quit() tea.Cmd {
	p, ok := m.pending()
	if !ok {
		return tea.Quit
	}
	m.leaving = &dialog.Quit{Pending: p}
	return m.closeGate()
}

func (m *Model) pressLeaving(k tea.Key) tea.Cmd {
	if !m.gateOpen() {
		return nil
	}
	switch m.leaving.Key(k) {
	case dialog.Stay, dialog.Again:
	case dialog.Go:
		return tea.Quit
	case dialog.Leave:
		m.leaving = nil
	}
	return nil
}

// goesOn keeps what the question before leaving says of the action true.
func (m *Model) goesOn() {
	if m.leaving == nil || m.live == nil {
		return
	}
	for _, p := range m.live.Actions {
		if p.IntentID == m.leaving.Pending.IntentID {
			m.leaving.Pending = p
		}
	}
}

// nudge draws again after a suspension.
func (m *Model) nudge() tea.Cmd { return tea.ClearScreen }
