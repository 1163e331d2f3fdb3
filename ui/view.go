package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

// View implements tea.Model. It draws to cells and turns them into ink once; a second that changed the header alone is
// written at once, and the renderer is given what it has.
func (m *Model) View() tea.View {
	if m.ticked && m.second() {
		if !m.picture.had {
			m.picture.had = true
			m.drawn()
		}
		return m.picture.view
	}
	defer m.drawn()
	m.putBack()
	grid, cursor := m.Draw()
	v := tea.NewView(m.styles.Render(grid))
	v.AltScreen, v.Cursor, v.WindowTitle = true, cursor, m.title()
	m.give(v, grid)
	return v
}

// Draw draws the whole screen to cells, and says where the text cursor stands; nil where no text is typed.
func (m *Model) Draw() (cell.Grid, *tea.Cursor) {
	if m.w <= 0 || m.h <= 0 {
		return cell.New(0, 0), nil
	}
	g := m.body()
	switch {
	case m.leaving != nil:
		m.over(&g, m.leaving.View(m.w, m.room(), m.gateOpen()))
	case m.confirm != nil:
		m.over(&g, m.confirm.View(m.w, m.room(), m.gateOpen()))
	case m.prompt != nil:
		line, x := m.prompt.View(m.w, m.h)
		y := max(m.h-line.H, 0)
		g.Fill(0, y, m.w, line.H, " ", cell.Plain)
		g.Blit(0, y, line)
		return g, tea.NewCursor(x, m.h-1)
	}
	return g, nil
}

// body draws header, panel and footer. A panel that fails is said to have failed, and rolling back still works.
func (m *Model) body() (g cell.Grid) {
	f, st := m.shown(), m.state
	box := part.Box{W: m.w, H: m.h}
	defer func() {
		if why := recover(); why != nil {
			g = cell.Lines(m.w, m.h,
				cell.Say(cell.Bad, "the panel "+m.now.Name()+" cannot be drawn: "+sources.Visible(fmt.Sprint(why))),
				cell.Say(cell.Plain, "R rolls back all the same · 0 overview · 1-9 panels · q quit"))
		}
	}()
	return panel.Screen(f, st, m.now, m.hints(), m.statusLine(), box)
}

// headKept are the header's rows that a dialog never covers where it can help it: where one is, and the call.
const headKept = 2

// over puts a dialog under the header where there is room, and otherwise as low as the stripe and the call.
func (m *Model) over(g *cell.Grid, d cell.Grid) {
	x, y := max((g.W-d.W)/2, 0), max((g.H-d.H)/2, min(headKept, g.H-d.H), 0)
	if free := g.H - panel.HeaderHeight; d.H <= free {
		y = max(y, panel.HeaderHeight)
	}
	g.Fill(x-1, y, d.W+2, d.H, " ", cell.Plain)
	g.Blit(x, y, d)
}

// room is the height that a dialog may take.
func (m *Model) room() int {
	if m.h > 2*headKept {
		return m.h - headKept
	}
	return m.h
}

// title is the terminal window's: it changes with the call alone.
func (m *Model) title() string {
	if m.live == nil {
		return "rampart"
	}
	return "rampart " + sources.Visible(m.live.Service) + " " + m.live.Verdict.Call.Label()
}

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
	// had tells that the renderer has the view for certain: it may have been held up behind a stalled terminal when the
	// painting was asked for, so that is asked for once more at the first second after it.
	had bool
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
