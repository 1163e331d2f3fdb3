package cell_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rampart/ui/cell"
)

// TestGlyphs_EverySignThatTheScreenWritesHasAnASCIIForm reads what the screen is made of: a sign that only one rare view
// shows is as much a question mark there as one that all show.
func TestGlyphs_EverySignThatTheScreenWritesHasAnASCIIForm(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || path == filepath.Join("..", "cell", "glyphs.go") || strings.Contains(path, "uitest") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				return true
			}
			for _, r := range text {
				if r < 0x80 {
					continue
				}
				seen++
				if drawn := cell.ASCII.Draw(cell.Cell{Text: string(r)}); drawn == "?" {
					t.Errorf("%s: %q has no ASCII form", path, r)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d signs were read: %v", seen, err)
	}
}

func TestGlyphs_TheSideOfADialogIsNoWarning(t *testing.T) {
	if got := cell.ASCII.Draw(cell.Cell{Text: "┃"}); got != "|" {
		t.Errorf("drawn as %q", got)
	}
}
