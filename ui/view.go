package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel"
)

// View implements tea.Model. It draws to cells and turns them into ink once.
func (m *Model) View() tea.View {
	defer m.drawn()
	grid, cursor := m.Draw()
	v := tea.NewView(m.styles.Render(grid))
	v.AltScreen, v.Cursor, v.WindowTitle = true, cursor, m.title()
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
		m.over(&g, m.leaving.View(m.w, m.h, m.gateOpen()))
	case m.confirm != nil:
		m.over(&g, m.confirm.View(m.w, m.h, m.gateOpen()))
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
	box := panel.Box{W: m.w, H: m.h}
	defer func() {
		if why := recover(); why != nil {
			g = cell.Lines(m.w, m.h,
				cell.Say(cell.Bad, "the panel "+m.now.Name()+" cannot be drawn: "+sources.Visible(fmt.Sprint(why))),
				cell.Say(cell.Plain, "R rolls back all the same · 0 overview · 1-9 panels · q quit"))
		}
	}()
	return panel.Screen(f, st, m.now, m.hints(), m.statusLine(), box)
}

// over puts a dialog in the middle.
func (m *Model) over(g *cell.Grid, d cell.Grid) {
	g.Blit(max((g.W-d.W)/2, 0), max((g.H-d.H)/2, 0), d)
}

// title is the terminal window's: it changes with the call alone.
func (m *Model) title() string {
	if m.live == nil {
		return "rampart"
	}
	return "rampart " + sources.Visible(m.live.Service) + " " + m.live.Verdict.Call.Label()
}

// hints are the footer's keys: what acts, what this session has beside, what matters in this panel, how to go on.
func (m *Model) hints() []panel.Hint {
	out := []panel.Hint{m.hint("rollback", "roll back")}
	for _, x := range m.env.Extras {
		out = append(out, panel.Hint{Key: x.Key, Does: x.Help})
	}
	out = append(out, m.now.Hints()...)
	if m.now == panel.Panel(m.panels.Overview) {
		out = append(out, panel.Hint{Key: "1-9", Does: "panel"}, m.hint("open", "open"))
	} else {
		out = append(out, m.hint("back", "back"))
	}
	freeze := "freeze"
	if m.still != nil {
		freeze = "go on"
	}
	out = append(out, m.hint("query", "query"), m.hint("palette", "command"), m.hint("freeze", freeze), m.hint("help", "help"), m.hint("quit", "quit"))
	return slices.DeleteFunc(out, func(h panel.Hint) bool { return h.Key == "" })
}

// hint is a verb with the first key that does it in this session.
func (m *Model) hint(v Verb, does string) panel.Hint {
	b, ok := m.keys.named(v)
	if !ok || len(b.keys) == 0 {
		return panel.Hint{}
	}
	return panel.Hint{Key: shownKey(b.keys[0]), Does: does, Off: b.disabled(m.live, m.session())}
}
