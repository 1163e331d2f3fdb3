package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources/demo"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
)

// tripled is a world at a share of 5 % in which a template of one in twenty requests has tripled for three minutes, and the
// half minute that lines are waited for.
const tripled = `seed: 5
history: 12m
rate: 100
timeline:
  - {at: -11m, deploy: {track: canary}}
  - {at: -11m, share: 5%}
  - {at: -3m30s, scenario: tripled-template}
`

// TestLogDiff_ATemplateThatTriplesAtFivePercentStandsFirstWithinThreeMinutes goes the whole way: the world's lines through
// Elasticsearch's API, the tail, the comparison and the frame onto the screen that D shows.
func TestLogDiff_ATemplateThatTriplesAtFivePercentStandsFirstWithinThreeMinutes(t *testing.T) {
	if testing.Short() {
		t.Skip("it plays minutes of a world's lines, ten times as long under the race detector: the first look comes before all is read")
	}
	t.Parallel()
	dir := t.TempDir()
	file, config := filepath.Join(dir, "tripled.world"), filepath.Join(dir, "rampart.yaml")
	if err := os.WriteFile(file, []byte(tripled), 0o600); err != nil {
		t.Fatal(err)
	}
	world, err := demo.Start(t.Context(), demo.Options{WorldFile: file})
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()
	patient := strings.ReplaceAll(string(world.Config()), `{url: `, `{timeout: 10m, url: `) // the machine may be slow
	if err := os.WriteFile(config, []byte(patient), 0o600); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string { return map[string]string{"RAMPART_STATE": dir}[name] }
	g := &globals{streams: streams{out: io.Discard, err: io.Discard, env: env}, config: config}
	asked := time.Now()
	f, err := g.compared(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	panel := logview.NewLogs()
	panel.ToggleDiff()
	for _, box := range []part.Box{{W: 80, H: 18}, {W: 120, H: 34}, {W: 200, H: 54}} {
		text := panel.View(f, part.State{Now: f.At}, box).String()
		_, rows, _ := strings.Cut(text, "TEMPLATE")
		first := ""
		for row := range strings.SplitSeq(rows, "\n") {
			if strings.HasPrefix(strings.TrimSpace(row), "›") {
				first = row
			}
		}
		if !strings.Contains(first, "▲ bad request: unknown") || !strings.Contains(text, "EVIDENCE") || !strings.Contains(first, "×") {
			t.Errorf("%v: %q stands first\n%s", box, first, text)
		}
	}
	if len(f.Logs.Diff) == 0 {
		t.Fatalf("nothing was compared: %+v", f.Logs.DiffBasis)
	}
	if since := asked.Sub(f.Logs.DiffBasis.Window.To); since > 2*time.Minute || !f.Logs.Diff[0].Selected {
		t.Errorf("compared up to %v before it was asked, selected %v", since, f.Logs.Diff[0].Selected)
	}
}
