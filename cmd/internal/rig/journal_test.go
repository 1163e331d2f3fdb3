//go:build integration

package rig

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// line is what this test reads of the journal.
type line struct {
	Kind     string
	IntentID string `json:"intent_id"`
	Verb     string
	Text     string
	Data     struct{ Known bool }
}

func linesOf(path string) (out []line) {
	b, _ := os.ReadFile(path) // not there: nothing was written
	for text := range strings.Lines(string(b)) {
		var l line
		if json.Unmarshal([]byte(text), &l) == nil { // else it is being written
			out = append(out, l)
		}
	}
	return out
}

func intentsOf(path string) (out []string) {
	for _, l := range linesOf(path) {
		if l.Kind == "intent" && !slices.Contains(out, l.IntentID) {
			out = append(out, l.IntentID)
		}
	}
	return out
}

// entries are the kinds of what the journal has of an intent.
func (c *cutting) entries(t *testing.T, id string) (out []string) {
	t.Helper()
	for _, l := range linesOf(c.path) {
		if l.IntentID == id {
			out = append(out, l.Kind)
		}
	}
	return out
}

// open are the intents of which the journal does not know what became.
func (c *cutting) open() []string {
	left := map[string]bool{}
	for _, l := range linesOf(c.path) {
		switch {
		case l.Kind == "intent":
			left[l.IntentID] = true
		case l.Kind == "rung", l.Kind == "reverted", l.Kind == "refusal", l.Kind == "receipt" && l.Data.Known:
			delete(left, l.IntentID)
		}
	}
	return slices.Sorted(maps.Keys(left))
}
