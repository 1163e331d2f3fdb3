package ui

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"
)

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
