package audit

import (
	"path/filepath"
	"testing"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

func TestJournal_KeepsWhatAllJournalsPromise(t *testing.T) {
	sourcetest.Journal(t, func(t *testing.T) func() sources.Journal {
		path := filepath.Join(t.TempDir(), "audit.jsonl")
		return func() sources.Journal { return open(t, path) }
	})
}
