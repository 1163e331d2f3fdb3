package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rampart/ui/uitest/sample"
)

func TestBundle_TellsTheIncidentToThoseWhoWereNotThere(t *testing.T) {
	state := t.TempDir()
	write := bundlesOf(func(name string) string {
		if name == "XDG_STATE_HOME" {
			return state
		}
		return ""
	})
	dir, err := write(t.Context(), sample.Incident())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "report.md")
	report, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# ranker: WORSE\n", "    do: R roll back", "KeyError", "## Journal", "## Queries"} {
		if !strings.Contains(string(report), want) {
			t.Errorf("no %q in\n%s", want, report)
		}
	}
	whole, err := os.ReadFile(filepath.Join(dir, "frame.json"))
	if err != nil || !json.Valid(whole) {
		t.Errorf("frame.json: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

func TestBundle_NoTextOfTheWorldBreaksOutOfTheReport(t *testing.T) {
	for line := range strings.Lines(string(incidentReport(sample.Hostile()))) {
		if text := strings.TrimRight(line, "\n"); strings.ContainsAny(text, "\x1b\x07\r") {
			t.Errorf("%q could command a terminal", text)
		}
	}
}
