package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

// mostCopied is what terminals take in one OSC 52: xterm's and tmux's bound, in bytes of text.
const mostCopied = 74_994

func (m *Model) copyLine() tea.Cmd {
	text := m.now.Selected(m.shown())
	if text == "" {
		return m.warn("nothing is selected here; Y copies the panel")
	}
	return m.copy(text)
}

// copyPanel copies what stands on the screen, without its colours.
func (m *Model) copyPanel() tea.Cmd {
	return m.copy(m.now.View(m.shown(), m.state, part.Box{W: m.w, H: max(m.h-panel.HeaderHeight-1, 1)}).Text(cell.Blocks))
}

// copy hands text to the operator's own clipboard, through the terminal and over any distance.
func (m *Model) copy(text string) tea.Cmd {
	if len(text) > mostCopied {
		return m.warn(fmt.Sprintf("too long to copy: %s bytes of at most %s", cell.Count(int64(len(text))), cell.Count(mostCopied)))
	}
	return tea.Batch(tea.SetClipboard(text), m.say("copied "+cell.Count(int64(len(text)))+" bytes, if the terminal allows it"))
}
