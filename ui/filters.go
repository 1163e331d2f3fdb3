package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/ui/dialog"
	"rampart/ui/panel/logview"
)

func (m *Model) openSearch() tea.Cmd {
	p := dialog.Prompt{Label: "/", Hint: "text or /regexp/; n and N go on"}
	return m.open(forSearch, p, func(text string) (tea.Cmd, error) {
		if err := m.panels.Logs.SetSearch(text); err != nil || text == "" {
			return nil, err
		}
		if m.panels.Logs.Prev() || m.panels.Logs.Next() {
			return m.led(), nil
		}
		return m.seek((*logview.Logs).Prev, sought, false), nil
	})
}

// sought is the question for a match anywhere: from the newest line on.
func sought(l *logview.Logs) (q frame.LogsQuery, from string, ok bool) {
	q, _, ok = l.Sought()
	return q, "", ok
}

// openFilter adds conditions to those that are there; those can be chosen to be taken away.
func (m *Model) openFilter() tea.Cmd {
	logs := m.panels.Logs
	p := dialog.Prompt{Label: "&", Hint: "text, !not, /regexp/, level:error, field:value; nothing shows all", Complete: func(text string) []dialog.Choice {
		var out []dialog.Choice
		for _, t := range logs.Filters() {
			if strings.HasPrefix(t, text) {
				out = append(out, dialog.Choice{Text: t, Help: "take it away"})
			}
		}
		return out
	}}
	p.Field.Set(logs.Suggest())
	return m.open(forFilter, p, func(text string) (tea.Cmd, error) {
		if text == "" {
			logs.SetPattern(0, "")
			return m.askLogs(), logs.SetFilter("")
		}
		if err := logs.AddFilter(text); err != nil {
			return nil, err
		}
		logs.Back()
		return m.askLogs(), nil
	})
}

// unfilter takes the newest condition away.
func (m *Model) unfilter() tea.Cmd {
	if _, ok := m.panels.Logs.DropFilter(); !ok {
		return m.say("no line is left out: & filters")
	}
	return m.askLogs()
}
