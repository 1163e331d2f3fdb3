package ui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/ui/cell"
)

// export writes the lines that the filter leaves in, over the charts' window, to a file. They are masked, whatever is on
// the screen.
func (m *Model) export() tea.Cmd {
	f, q, write := m.shown(), m.panels.Logs.Query(), m.env.Export
	w := sources.Window{From: m.end().Add(-m.state.Span), To: m.end()}
	if q.Past > 0 { // from the index: as far back as the window begins
		q.Past = max(q.Past, m.env.Now().Sub(w.From)+time.Minute)
	}
	m.say("writing the window's lines")
	return m.call(exportDeadline, func(ctx context.Context) (string, error) {
		path, n, err := write(ctx, f, q, w)
		if err != nil {
			return "", fmt.Errorf("export: %w", err)
		}
		return cell.Count(int64(n)) + " lines: " + path, nil
	})
}

// bundle writes what is on the screen, and all that is behind it, to a folder of the operator's. A frozen screen is
// kept as it stands: it was frozen because of what it shows.
func (m *Model) bundle() tea.Cmd {
	f, write := m.shown(), m.env.Bundle
	if f == nil {
		return m.warn("bundle: nothing is known yet")
	}
	return m.call(askDeadline, func(ctx context.Context) (string, error) {
		path, err := write(ctx, f)
		if err != nil {
			return "", fmt.Errorf("bundle: %w", err)
		}
		return "bundle: " + path, nil
	})
}
