package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

// ageStep is how far the ages under the header may lag behind where no frame comes: a frame draws them all.
const ageStep = 10 * time.Second

// picture is what the terminal shows. A second of the clock changes a few digits of the header. They are written past the
// renderer, which would read the whole screen again and compare each of its cells, in a console that mostly rests the
// dearest thing that it does. The renderer never hears of them: before it is given another picture, the digits that it
// believes in are put back. Each write is a single one, as the renderer's own are, so that neither cuts the other in two.
type picture struct {
	view  tea.View  // as the renderer was given it last
	given cell.Grid // the same in cells
	head  cell.Grid // the header as it stands on the terminal
	at    time.Time // of the view, on the engine's clock
}

// resting tells whether a tick changes nothing but the header: the overview lies open and nothing is asked or typed.
func (m *Model) resting() bool {
	p := &m.picture
	switch {
	case m.env.Terminal == nil || m.live == nil || m.now != panel.Panel(m.panels.Overview):
		return false
	case m.leaving != nil || m.confirm != nil || m.prompt != nil:
		return false
	case p.given.W != m.w || p.given.H != m.h || !panel.Fits(part.Box{W: m.w, H: m.h}):
		return false
	}
	return m.state.Now.Sub(p.at) < ageStep
}

// second writes the header's cells that a second changed; false: it has to be drawn with all the rest.
func (m *Model) second() bool {
	head := panel.Header(m.shown(), m.state, m.w)
	text, ok := m.styles.Patch(m.picture.head, head)
	if !ok || !m.write(text) {
		return false
	}
	m.picture.head = head
	return true
}

// putBack shows again what the renderer believes to be on the terminal. Of another size it is erased and drawn anew.
func (m *Model) putBack() {
	p := &m.picture
	if p.given.W != m.w || p.given.H != m.h || p.head.H == 0 {
		return
	}
	if text, ok := m.styles.Patch(p.head, p.given.Top(p.head.H)); ok {
		m.write(text)
	}
}

// write reports whether a text reached the terminal.
func (m *Model) write(text string) bool {
	if text == "" {
		return true
	}
	_, err := m.env.Terminal.Write([]byte(text))
	return err == nil
}

// give keeps what the renderer is given.
func (m *Model) give(v tea.View, g cell.Grid) {
	m.picture = picture{view: v, given: g, head: g.Top(panel.HeaderHeight), at: m.state.Now}
}
