package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

// mostCopied is what terminals take in one OSC 52: xterm's and tmux's bound, in bytes of text.
const mostCopied = 74_994

// screenChunk is how long a string GNU screen passes on in one piece (768 since 2014, less its own wrapping).
const screenChunk = 760

func (m *Model) copyLine() tea.Cmd {
	text := m.now.Selected(m.shown())
	if text == "" {
		return m.warn("nothing is selected here; Y copies the panel")
	}
	return m.copy(text)
}

// copyPanel copies what is marked among log lines, and otherwise what stands on the screen, without its colours.
func (m *Model) copyPanel() tea.Cmd {
	if text := m.panels.Logs.Marked(); m.readsLogs() && text != "" {
		return m.copy(text)
	}
	return m.copy(m.now.View(m.shown(), m.state, part.Box{W: m.w, H: max(m.h-panel.HeaderHeight-1, 1)}).Text(cell.Blocks))
}

// copy hands text to the operator's own clipboard, through the terminal and over any distance. What is too long for that,
// or what a terminal is known not to take, goes to a file.
func (m *Model) copy(text string) tea.Cmd {
	text = inert(text)
	size := cell.Count(int64(len(text))) + " bytes"
	why := ""
	switch {
	case len(text) > mostCopied:
		why = size + " are too long for a clipboard"
	case m.clipless():
		why = "this terminal has no clipboard for programs"
	}
	if why == "" {
		return tea.Batch(m.toClipboard(text), m.say("copied "+size+", if the terminal allows it"))
	}
	if m.env.Keep == nil {
		return m.warn(why + ", and there is no folder to write them to")
	}
	path, err := m.env.Keep(text)
	if err != nil {
		return m.fail(err)
	}
	return m.say(why + ": " + path)
}

// inert spells out, row by row, whatever could command what the text is pasted into.
func inert(text string) string {
	rows := strings.Split(text, "\n")
	for i, r := range rows {
		rows[i] = sources.Visible(r)
	}
	return strings.Join(rows, "\n")
}

// toClipboard sends OSC 52 so that it passes what stands between program and terminal. Inside tmux it is sent both plain
// (for set-clipboard on) and wrapped (for allow-passthrough on): whichever is not allowed is dropped without a trace, and
// both say the same. GNU screen passes only what is wrapped.
func (m *Model) toClipboard(text string) tea.Cmd {
	seq := ansi.SetSystemClipboard(text)
	term := m.environ("TERM")
	switch {
	case m.environ("TMUX") != "" || strings.HasPrefix(term, "tmux"):
		return tea.Batch(tea.SetClipboard(text), tea.Raw(ansi.TmuxPassthrough(seq)))
	case m.environ("STY") != "":
		return tea.Raw(ansi.ScreenPassthrough(seq, screenChunk))
	case strings.HasPrefix(term, "screen"): // either of them, at the other end of an ssh
		return tea.Batch(tea.SetClipboard(text), tea.Raw(ansi.ScreenPassthrough(seq, screenChunk)))
	}
	return tea.SetClipboard(text)
}

// clipless tells terminals that are known to drop OSC 52.
func (m *Model) clipless() bool {
	term := m.environ("TERM")
	return term == "linux" || term == "dumb" || m.environ("TERM_PROGRAM") == "Apple_Terminal"
}

// environ is a variable of the operator's terminal.
func (m *Model) environ(name string) string {
	for _, e := range m.env.Environ {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}
