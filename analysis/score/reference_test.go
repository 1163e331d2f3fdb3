package score

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestJudge_AgreesWithTheReferenceInEveryFigure judges the dossiers of testdata/judge/reference and compares every figure
// that its script worked out from all blocks at once.
func TestJudge_AgreesWithTheReferenceInEveryFigure(t *testing.T) {
	const folder = "../../testdata/judge/reference"
	wanted, err := filepath.Glob(filepath.Join(folder, "*.want.jsonl"))
	if err != nil || len(wanted) != 3 {
		t.Fatalf("%d tables, %v; want 3", len(wanted), err)
	}
	for _, file := range wanted {
		name := strings.TrimSuffix(filepath.Base(file), ".want.jsonl")
		t.Run(name, func(t *testing.T) {
			in := Input{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(filepath.Join(folder, name+".jsonl")) }}
			var out, faults bytes.Buffer
			if err := Run(t.Context(), JSONLines, Options{}, []Input{in}, &out, &faults); err != nil {
				t.Fatal(err, faults.String())
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := decoded(t, out.Bytes())
			for _, want := range decoded(t, text) {
				block := int(want["block"].(float64))
				agree(t, fmt.Sprintf("block %d", block), got[block-1], want)
			}
		})
	}
}

func decoded(t *testing.T, text []byte) (lines []map[string]any) {
	t.Helper()
	for line := range bytes.Lines(text) {
		var m map[string]any
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, m)
	}
	return lines
}

// agree compares what is wanted, field by field; what is not wanted is passed over.
func agree(t *testing.T, at string, got, want any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Fatalf("%s: %v, want %v", at, got, want)
		}
		for _, k := range slices.Sorted(maps.Keys(w)) {
			agree(t, at+"."+k, g[k], w[k])
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			t.Fatalf("%s: %v, want %v", at, got, want)
		}
		for i := range w {
			agree(t, at, g[i], w[i])
		}
	case float64:
		if g, ok := got.(float64); !ok || math.Abs(g-w) > 6e-9*max(.01, math.Abs(w)) {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	default:
		if got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}
