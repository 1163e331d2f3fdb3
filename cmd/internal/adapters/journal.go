package adapters

import (
	"time"

	"rampart/cmd/internal/statedir"
	"rampart/sources/audit"
)

// Journal opens the journal of a context.
func Journal(env func(string) string, context string, now func() time.Time) (*audit.Journal, error) {
	at, err := statedir.For(env, context)
	if err != nil {
		return nil, err
	}
	return audit.Open(at.Journal(), now)
}
