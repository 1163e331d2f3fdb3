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

// View implements tea.Model. It draws to cells and turns them into ink once; at rest the few that changed are written at
// once, and the renderer is given what it has.
func (m *Model) View() tea.View {
	if m.ticked && !m.picture.fresh() && m.second() {
		if !m.picture.had {
			m.picture.had = true
			m.drawn()
		}
		return m.picture.view
	}
	grid, cursor := m.Draw()
	if m.calm && m.little(grid) {
		return m.picture.view
	}
	defer m.drawn()
	m.putBack()
	v := tea.NewView(m.styles.Render(grid))
	v.AltScreen, v.Cursor, v.WindowTitle = true, cursor, m.title()
	m.picture = picture{view: v, given: grid, shown: grid, at: m.state.Now, asked: time.Now()}
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
