package runner

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"rampart/analysis/ramp"
	"rampart/sources"
	"rampart/sources/audit"
)

// killed are the environment of a runner that shall die: its folder, and after how many places.
const killedDir, killedAt = "RUNNER_TEST_DIR", "RUNNER_TEST_KILL"

var crashSteps = []string{"1% for 20s", "5% for 20s", "100%"}

// TestRunner_ThatDies is the runner that the next test kills. It runs a ramp in a folder and kills itself at a place, the
// hard way.
func TestRunner_ThatDies(t *testing.T) {
	dir := os.Getenv(killedDir)
	if dir == "" {
		t.Skip("only as a child of the next test")
	}
	last, err := strconv.Atoi(os.Getenv(killedAt))
	if err != nil {
		t.Fatal(err)
	}
	var places atomic.Int64
	g := start(t, dir, plan(t, crashSteps...), func(place string) {
		if int(places.Add(1)) == last {
			fmt.Println("at", place)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	if st := g.driver.State(); st.Phase == ramp.Idle {
		g.begin(t, "ana")
	}
	st := g.until(t, "its end, and no intent left open", func(s ramp.State) bool { return !s.Phase.Live() && len(open(t, g.path)) == 0 })
	g.stop()
	fmt.Println("at", places.Load(), st.Phase)
}

// child runs the test binary as a runner and returns the last place it was at.
func child(t *testing.T, dir string, kill int) (place string, alive bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRunner_ThatDies$")
	cmd.Env = append(os.Environ(), killedDir+"="+dir, killedAt+"="+strconv.Itoa(kill))
	out, err := cmd.Output()
	_, said, _ := strings.Cut(string(out), "at ")
	said, _, _ = strings.Cut(said, "\n")
	if said == "" {
		said = string(out)
	}
	return said, err == nil
}

// writes are the shares that the router was told, in order.
func writes(t *testing.T, dir string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "writes"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(string(b))
}

// open lists intents without a known outcome.
func open(t *testing.T, path string) []string {
	t.Helper()
	j, err := audit.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for e, err := range j.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		switch e.Kind {
		case sources.EntryIntent:
			left[e.IntentID] = true
		case sources.EntryRung, sources.EntryReverted, sources.EntryRefusal:
			delete(left, e.IntentID)
		case sources.EntryReceipt:
			var r struct{ Known bool }
			if json.Unmarshal(e.Data, &r) == nil && r.Known {
				delete(left, e.IntentID)
			}
		}
	}
	var out []string
	for id := range left {
		out = append(out, id)
	}
	return out
}

func TestRunner_KilledBetweenAnyTwoStepsOfAnActionGoesOnAndWritesNothingTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts and kills some fifty processes")
	}
	whole := t.TempDir()
	said, alive := child(t, whole, -1)
	n, err := strconv.Atoi(strings.TrimSuffix(said, " promoted"))
	if !alive || err != nil || n < 15 {
		t.Fatalf("a runner that nobody kills: %q, alive %v", said, alive)
	}
	if got := writes(t, whole); !slices.Equal(got, []string{"10000", "50000", "1000000"}) {
		t.Fatalf("it wrote %q", got)
	}
	for kill := 1; kill <= n; kill++ {
		t.Run(fmt.Sprint(kill), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			place, alive := child(t, dir, kill)
			if alive {
				return // this one had fewer places, as when a rung was seen together with the one before
			}
			said, alive := child(t, dir, -1)
			if !alive || !strings.HasSuffix(said, " promoted") {
				t.Fatalf("killed %s: the next one did not end well: %s", place, said)
			}
			got := writes(t, dir)
			if len(slices.Compact(slices.Clone(got))) != len(got) || len(got) != 3 || got[2] != "1000000" {
				t.Errorf("killed %s: the router was told %q", place, got)
			}
			if left := open(t, filepath.Join(dir, "audit.jsonl")); len(left) > 0 {
				t.Errorf("killed %s: intents without an outcome: %q", place, left)
			}
			if r, err := audit.Verify(t.Context(), filepath.Join(dir, "audit.jsonl")); err != nil || r.Broken != nil {
				t.Errorf("killed %s: the journal is broken: %v, %v", place, r.Broken, err)
			}
		})
	}
}
