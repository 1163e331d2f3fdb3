package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rampart/sources/demo"
)

// storied is a young world at an even split in which a scenario has gone on for ten minutes.
const storied = `seed: 3
history: 12m
rate: 200
stable: {pods: 2}
canary: {pods: 2}
timeline:
  - {at: -11m, deploy: {track: canary}}
  - {at: -11m, share: 50%%}
  - {at: -10m, scenario: %s}
`

// checked runs `rampart check` against a world and gives its exit code and all that it said.
func checked(t *testing.T, scenario string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "young.world")
	if err := os.WriteFile(file, fmt.Appendf(nil, storied, scenario), 0o600); err != nil {
		t.Fatal(err)
	}
	world, err := demo.Start(t.Context(), demo.Options{WorldFile: file})
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()
	config := filepath.Join(dir, "rampart.yaml")
	// A twentieth of what is usual: of these worlds one in some hundred would be called worse by chance.
	if err := os.WriteFile(config, bytes.ReplaceAll(world.Config(), []byte("alpha: 0.05"), []byte("alpha: 0.0025")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "rampart", "check", "-c", config, "--until", "2s", "--accept", "undecided")
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+dir)
	said, err := cmd.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(said)
}

// The crash loop is not among them: whether it is seen hangs on the router's counters between two scrapes, and on how many
// servers are up at the instant of the look.
func TestScenarios_EachIsCalledWhatItIs(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a world for each scenario")
	}
	for _, c := range []struct {
		scenario string
		code     int
		says     []string
	}{
		{"healthy", exitOK, []string{"✓ over 250 ms"}},
		{"error-burst", exitWorse, []string{"WORSE  errors ×", "it IS the candidate"}},
		{"slow-tail", exitWorse, []string{"WORSE  over 250 ms ×", "it IS the candidate"}},
		{"slow-leak", exitWorse, []string{"WORSE  over 250 ms ×", "it IS the candidate"}},
		{"low-traffic", exitOK, []string{"UNDECIDED", "do: wait"}},
		{"feature-drift", exitUndecided, []string{"features over the limit, worst: feature_ctr_7d"}},
		{"both-worse", exitOK, []string{"BOTH WORSE since", "legacy is over its own limit"}},
		{"prometheus-down", exitStale, []string{"STALE", "prometheus: ", "unreachable"}},
		{"elastic-lag", exitOK, []string{"✓ over 250 ms"}},
	} {
		t.Run(c.scenario, func(t *testing.T) {
			t.Parallel()
			code, said := checked(t, c.scenario)
			if code != c.code {
				t.Errorf("ended with %d, want %d", code, c.code)
			}
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("does not say %q", want)
				}
			}
			if t.Failed() {
				t.Log(said)
			}
		})
	}
}
