package panel_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

var update = flag.Bool("update", false, "write the goldens anew")

// golden compares a grid with what it looked like when somebody last looked at it.
func golden(t *testing.T, name string, g cell.Grid) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "screens", "panel_"+name+".golden")
	got := g.String() + "\n"
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s changed; look at it, then go test -update\n%s", path, got)
	}
}

// sizes are the terminals that people have.
var sizes = []part.Box{{W: 60, H: 15}, {W: 80, H: 24}, {W: 120, H: 40}, {W: 200, H: 60}}

func at(box part.Box) string { return fmt.Sprintf("%dx%d", box.W, box.H) }

// screen draws a whole screen of a panel.
func screen(f *frame.Frame, p panel.Panel, box part.Box) cell.Grid {
	return panel.Screen(f, state(), p, p.Hints(), nil, box)
}

func state() part.State { return part.State{Now: sample.Now(), Link: 180_000_000} }
