// Package celltest compares grids with pictures kept as plain text, so that a change of the screen is a change of a file
// that a person can read. GOLDEN=update writes the files anew.
package celltest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rampart/ui/cell"
)

// Golden compares a grid with testdata/NAME.golden in the folder of the test, and its rows with its width.
func Golden(t *testing.T, name string, g cell.Grid) {
	t.Helper()
	Aligned(t, g)
	Text(t, name, g.String())
}

// Text compares a text with testdata/NAME.golden in the folder of the test.
func Text(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	got += "\n"
	if os.Getenv("GOLDEN") == "update" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (GOLDEN=update writes it)", err)
	}
	if string(want) != got {
		t.Errorf("%s differs:\n--- got\n%s--- want\n%s", path, got, want)
	}
}

// Aligned fails where a row takes other than the grid's columns in a terminal, or holds a byte that could command one.
func Aligned(t *testing.T, g cell.Grid) {
	t.Helper()
	for _, glyphs := range []cell.Glyphs{cell.Braille, cell.Blocks, cell.ASCII} {
		for y := range g.H {
			var b strings.Builder
			for _, c := range g.Row(y) {
				b.WriteString(glyphs.Draw(c))
			}
			row := b.String()
			if a, w := ansi.StringWidth(row), ansi.StringWidthWc(row); a != g.W || w != g.W {
				t.Fatalf("row %d is %d or %d columns wide in %s glyphs, the grid %d: %q", y, a, w, glyphs, g.W, row)
			}
			for _, r := range row {
				if r < ' ' || r == 0x7f || glyphs == cell.ASCII && r > '~' {
					t.Fatalf("row %d holds %U in %s glyphs: %q", y, r, glyphs, row)
				}
			}
		}
	}
}
