package ui_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rampart/ui"
)

var update = flag.Bool("update", false, "write what is generated anew")

// The lines of the README between which its table of keys stands.
const (
	keysFrom = "<!-- keys: written by `go test ./ui -run README -update` -->\n"
	keysTo   = "<!-- /keys -->\n"
)

func TestKeys_TheREADMEListsThemAll(t *testing.T) {
	path := filepath.Join("..", "README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), keysFrom)
	listed, after, closed := strings.Cut(rest, keysTo)
	if !ok || !closed {
		t.Fatalf("README.md has no table of keys between %q and %q", keysFrom, keysTo)
	}
	want := ui.KeyTable()
	if listed == want {
		return
	}
	if !*update {
		t.Fatalf("the table of keys in README.md is not that of the console; run go test ./ui -run README -update\ngot\n%s\nwant\n%s", listed, want)
	}
	if err := os.WriteFile(path, []byte(before+keysFrom+want+keysTo+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
