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

// mostPast is how many bytes go past the renderer for one change, and in all before it is given the whole again: what went
// past it is put back before a key's picture, and nobody is to see that.
const mostPast = 2048

// settled is how long the renderer is given to paint before anything goes past it. It takes 4 ms, and longer on a machine
// that has other work.
const settled = 250 * time.Millisecond

// picture is what the terminal shows. At rest a second changes a few digits of the header, and a reading of the plane or of
// the logs little more. They are written past the renderer, which would read the whole screen again and compare each of its
// cells, in a console that mostly rests the dearest thing that it does. The renderer never hears of them: before it is given
// another picture, the cells that it believes in are put back. Each write is a single one, as the renderer's own are, so that
// neither cuts the other in two.
type picture struct {
	view  tea.View  // as the renderer was given it last
	given cell.Grid // the same in cells
	shown cell.Grid // as the terminal stands
	apart bool      // something went past the renderer: shown has cells of its own
	past  int       // bytes that did under the header
	at    time.Time // of what is shown under the header, on the engine's clock
	asked time.Time // when the renderer was given the view, on the terminal's clock
	// had tells that the renderer has the view for certain: it may have been held up behind a stalled terminal when the
	// painting was asked for, so that is asked for once more at the first second after it.
	had bool
}

// resting tells whether what comes without a key may go past the renderer: the overview lies open and nothing is asked or
// typed.
func (m *Model) resting() bool {
	switch p := &m.picture; {
	case m.env.Terminal == nil || m.live == nil || m.now != panel.Panel(m.panels.Overview):
		return false
	case m.leaving != nil || m.confirm != nil || m.prompt != nil:
		return false
	default:
		return p.given.W == m.w && p.given.H == m.h && panel.Fits(part.Box{W: m.w, H: m.h})
	}
}

// second writes the header's cells that a second changed; false: it has to be drawn with all the rest.
func (m *Model) second() bool {
	p := &m.picture
	head := panel.Header(m.shown(), m.state, m.w)
	text, ok := m.styles.Patch(p.shown.Top(head.H), head)
	if !ok || !m.write(text) {
		return false
	}
	p.part()
	p.shown.Blit(0, 0, head)
	return true
}

// little writes the cells in which a picture differs from what the terminal shows; false: there are too many, or the renderer
// may not have its own yet, and it is given the picture.
func (m *Model) little(g cell.Grid) bool {
	p := &m.picture
	if !p.had || p.view.WindowTitle != m.title() {
		return false
	}
	text, ok := m.styles.Patch(p.shown, g)
	if !ok || p.past+len(text) > mostPast || !m.write(text) {
		return false
	}
	p.shown, p.apart, p.at, p.past = g, true, m.state.Now, p.past+len(text)
	return true
}

// fresh tells a picture that the renderer, which looks some milliseconds later, may not have painted yet. What went past it
// now would be painted over, or left behind where the picture is dropped for the next.
func (p *picture) fresh() bool { return !p.had && time.Since(p.asked) < settled }

// part gives what is shown cells of its own.
func (p *picture) part() {
	if p.apart {
		return
	}
	g := cell.New(p.given.W, p.given.H)
	g.Blit(0, 0, p.given)
	p.shown, p.apart = g, true
}

// putBack shows again what the renderer believes to be on the terminal. Of another size it is erased and drawn anew.
func (m *Model) putBack() {
	p := &m.picture
	if p.given.W != m.w || p.given.H != m.h {
		return
	}
	if text, ok := m.styles.Patch(p.shown, p.given); ok {
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
