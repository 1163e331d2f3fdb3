package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/ui/panel"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
)

// Verb is what a key asks for, by the name that config and palette use.
type Verb string

// binding is a verb with its keys: a row of the one table from which keys, help, palette and README come.
type binding struct {
	verb  Verb
	keys  []string
	where where
	help  string
	does  func(*Model) tea.Cmd
	off   func(*frame.Frame, Session) string // why it cannot be done now; nil: it can
}

// How the verbs that show a numbered panel are named and explained.
const (
	panelVerb  = "panel_"
	panelHelp  = "panel "
	panelsHelp = "panels "
)

func (b binding) isPanel() bool { return strings.HasPrefix(string(b.verb), panelVerb) }

func (b binding) disabled(f *frame.Frame, s Session) string {
	if b.off == nil {
		return ""
	}
	return b.off(f, s)
}

// verbs is the table. Capitals act on traffic or on the whole session, and no letter beside them does.
func verbs() []binding {
	all := generalVerbs()
	all = append(all, moveVerbs()...)
	all = append(all, chartVerbs()...)
	all = append(all, logVerbs()...)
	return append(all, actionVerbs()...)
}

func generalVerbs() []binding {
	all := []binding{
		{"help", []string{"?"}, everywhere, "all keys", func(m *Model) tea.Cmd { return m.goTo(m.panels.Help) }, nil},
		{"palette", []string{":"}, everywhere, "type a command", (*Model).openPalette, nil},
		{"next_panel", []string{"tab"}, everywhere, "next panel", func(m *Model) tea.Cmd { return m.cycle(1) }, nil},
		{"previous_panel", []string{"shift+tab"}, everywhere, "previous panel", func(m *Model) tea.Cmd { return m.cycle(-1) }, nil},
	}
	for i, p := range panel.NewSet().Numbered() {
		name := p.Name()
		all = append(all, binding{
			Verb(panelVerb + name),
			[]string{string(rune('1' + i))},
			everywhere, panelHelp + name,
			func(m *Model) tea.Cmd { return m.goToNamed(name) }, nil,
		})
	}
	return append(all, []binding{
		{"overview", []string{"0"}, everywhere, "the overview", func(m *Model) tea.Cmd { return m.home() }, nil},
		{"open", []string{"enter"}, everywhere, "open what is selected", (*Model).enter, nil},
		{"back", []string{"esc"}, everywhere, "one level back; never leaves", (*Model).back, nil},
		{"query", []string{"i"}, everywhere, "the panel's expanded queries", (*Model).query, nil},
		{"copy", []string{"y"}, everywhere, "copy the selected line or query", (*Model).copyLine, nil},
		{"copy_panel", []string{"Y"}, everywhere, "copy the panel as text", (*Model).copyPanel, nil},
		{"bundle", []string{"b"}, everywhere, "write an incident bundle", (*Model).bundle, cannotBundle},
		{"refresh", []string{"ctrl+r"}, everywhere, "ask all sources again now", (*Model).refresh, needsAsk},
		{"redraw", []string{"ctrl+l"}, everywhere, "draw the screen anew", func(*Model) tea.Cmd { return tea.ClearScreen }, nil},
		{"theme", []string{"T"}, everywhere, "next theme", (*Model).nextTheme, nil},
		{"suspend", []string{"ctrl+z"}, everywhere, "suspend; fg comes back", func(*Model) tea.Cmd { return tea.Suspend }, nil},
		{"quit", []string{"q"}, everywhere, "quit; asks while an action is under way", (*Model).quit, nil},
		{"quit_now", []string{"ctrl+c"}, everywhere, "quit at once", func(*Model) tea.Cmd { return tea.Quit }, nil},
	}...)
}

func moveVerbs() []binding {
	row := func(v Verb, move part.Move, help string, keys ...string) binding {
		return binding{v, keys, moving, help, func(m *Model) tea.Cmd { return m.move(move) }, nil}
	}
	return []binding{
		row("down", part.Down, "down", "j", "down"), row("up", part.Up, "up", "k", "up"),
		row("left", part.Left, "left", "h", "left"), row("right", part.Right, "right", "l", "right"),
		row("top", part.Top, "first", "g", "home"), row("bottom", part.Bottom, "last", "G", "end"),
		row("half_down", part.HalfDown, "half a page down", "ctrl+d"), row("half_up", part.HalfUp, "half a page up", "ctrl+u"),
		row("page_down", part.PageDown, "a page down", "pgdown"), row("page_up", part.PageUp, "a page up", "pgup"),
	}
}

func chartVerbs() []binding {
	return []binding{
		{"cursor_back", []string{"left"}, charts, "time cursor back", func(m *Model) tea.Cmd { return m.moveCursor(-1) }, nil},
		{"cursor_forward", []string{"right"}, charts, "time cursor forward", func(m *Model) tea.Cmd { return m.moveCursor(1) }, nil},
		{"zoom_in", []string{"+"}, charts, "shorter window", func(m *Model) tea.Cmd { return m.zoom(-1) }, nil},
		{"zoom_out", []string{"-"}, charts, "longer window", func(m *Model) tea.Cmd { return m.zoom(1) }, nil},
		{"zoom_reset", []string{"="}, charts, "the usual window", func(m *Model) tea.Cmd { return m.zoom(0) }, nil},
		{"window_back", []string{",", "["}, charts, "window back", func(m *Model) tea.Cmd { return m.pan(-1) }, nil},
		{"window_forward", []string{".", "]"}, charts, "window forward", func(m *Model) tea.Cmd { return m.pan(1) }, nil},
		{"freeze", []string{"space"}, everywhere, "freeze or go on", (*Model).freeze, nil},
		{"live", []string{"L"}, everywhere, "back to live: no cursor, no freeze", (*Model).goLive, nil},
		{"expand", []string{"z"}, charts, "one chart in all the room", (*Model).expand, nil},
	}
}

func logVerbs() []binding {
	row := func(v Verb, help string, does func(*Model) tea.Cmd, keys ...string) binding {
		return binding{v, keys, inLogs, help, does, nil}
	}
	toggle := func(f func(*logview.Logs)) func(*Model) tea.Cmd {
		return func(m *Model) tea.Cmd { f(m.panels.Logs); return m.led() }
	}
	all := []binding{
		row("search", "search", func(m *Model) tea.Cmd { return m.openSearch() }, "/"),
		row("next_match", "next match", func(m *Model) tea.Cmd { return m.seek((*logview.Logs).Next, (*logview.Logs).Sought, true) }, "n"),
		row("previous_match", "previous match", func(m *Model) tea.Cmd { return m.seek((*logview.Logs).Prev, (*logview.Logs).Sought, false) }, "N"),
		row("filter", "filter by one more: text, !not, /regexp/, level:error, arm:candidate, field:value", func(m *Model) tea.Cmd { return m.openFilter() }, "&"),
		row("unfilter", "take the newest filter away", (*Model).unfilter, "backspace"),
		row("next_error", "next error", func(m *Model) tea.Cmd { return m.seek((*logview.Logs).NextError, (*logview.Logs).SoughtError, true) }, "e"),
		row("previous_error", "previous error", func(m *Model) tea.Cmd { return m.seek((*logview.Logs).PrevError, (*logview.Logs).SoughtError, false) }, "E"),
		row("follow", "follow the newest line", toggle((*logview.Logs).ToggleFollow), "f"),
		row("wrap", "wrap long lines", toggle((*logview.Logs).ToggleWrap), "w"),
		row("time", "clock times or ages", toggle((*logview.Logs).ToggleTime), "t"),
		row("mark", "mark the line, or clear its mark", (*Model).mark, "m"),
		row("mark_range", "mark from the last mark to here", (*Model).markRange, "M"),
		row("next_mark", "to the next marked line, older ones first", (*Model).nextMark, "'"),
		row("pin", "pin the selected field as a column", (*Model).pin, "p"),
		row("fields", "choose fields as columns", (*Model).pickFields, "F"),
		row("diff", "what the candidate says that legacy does not", toggle((*logview.Logs).ToggleDiff), "D"),
		row("pairs", "compare both arms' answers to the same requests, in pairs", toggle((*logview.Logs).TogglePairs), "c"),
		row("export", "write the window's lines to a file, masked", (*Model).export, "x"),
		row("unmask", "show what is masked, for a while; it is journalled", (*Model).unmask, "u"),
	}
	for i, b := range all {
		switch b.verb {
		case "export":
			all[i].off = cannotExport
		case "unmask":
			all[i].off = cannotUnmask
		}
	}
	return all
}

func actionVerbs() []binding {
	return []binding{
		{"rollback", []string{"R"}, acting, "roll back: all traffic to legacy", (*Model).rollBack, cannotRollBack},
		{"hold", []string{"H"}, acting, "hold the ramp, or resume it", (*Model).holdOrResume, cannotHold},
		{"split", []string{"S"}, acting, "set the candidate's share", (*Model).askSplit, cannotSplit},
		{"step", []string{"P"}, acting, "next step of the ramp", (*Model).step, cannotStep},
		{"approve", []string{"A"}, acting, "approve a share for this candidate", (*Model).askApproval, cannotApprove},
	}
}

// extraBinding is a verb that only this session has.
func extraBinding(x Extra) binding {
	return binding{Verb("extra_" + x.Key), []string{keyName(x.Key)}, extras, x.Help, func(m *Model) tea.Cmd {
		parent := m.env.Ctx
		return func() tea.Msg {
			ctx, cancel := context.WithTimeout(parent, askDeadline)
			defer cancel()
			text, err := x.Do(ctx)
			return saidMsg{text, err, true}
		}
	}, nil}
}
