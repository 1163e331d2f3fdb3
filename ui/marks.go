package ui

import (
	tea "charm.land/bubbletea/v2"

	"rampart/ui/cell"
)

func (m *Model) mark() tea.Cmd {
	m.panels.Logs.Mark()
	return m.led()
}

func (m *Model) markRange() tea.Cmd {
	n := m.panels.Logs.MarkRange()
	m.say(cell.Count(int64(n)) + " marked: ' goes to them, Y copies them")
	return m.led()
}

func (m *Model) nextMark() tea.Cmd {
	if !m.panels.Logs.NextMark() {
		return m.say("no line is marked: m marks")
	}
	return m.led()
}

// pin pins the field that is selected in an opened line; in the list of lines it lets one be chosen.
func (m *Model) pin() tea.Cmd {
	name, pinned, ok := m.panels.Logs.PinSelected()
	switch {
	case !ok:
		return m.pickFields()
	case pinned:
		m.say(name + " is a column now")
	default:
		m.say(name + " is no column (at most eight are)")
	}
	return m.askLogs()
}

// pickFields shows the fields of the selected line, to choose columns from.
func (m *Model) pickFields() tea.Cmd {
	id, ok := m.panels.Logs.Open()
	if !ok {
		return m.warn("no line is selected whose fields could be shown")
	}
	return m.openLine(id, true)
}
