package runner

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
	"rampart/sources/audit"
)

// killed are the environment of a runner that shall die: its folder, after how many places, and with a candidate that
// is worse.
const killedDir, killedAt, killedWorse = "RUNNER_TEST_DIR", "RUNNER_TEST_KILL", "RUNNER_TEST_WORSE"

// steps are those of a ramp that is walked to its end, or of one whose candidate turns worse in its first step.
func steps(worse bool) []string {
	if worse {
		return []string{"1% for 1h", "100%"}
	}
	return []string{"1% for 20s", "5% for 20s", "100%"}
}

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
	worse := os.Getenv(killedWorse) != ""
	var places atomic.Int64
	g := start(t, dir, plan(t, steps(worse)...), func(place string) {
		if int(places.Add(1)) == last {
			fmt.Println("at", place)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	if st := g.driver.State(); st.Phase == ramp.Idle {
		g.begin(t, "ana")
	}
	if worse {
		g.until(t, "its first step", func(s ramp.State) bool { return s.Share > 0 || !s.Phase.Live() })
		g.world.set(func(w *world) { w.call = analysis.Worse })
	}
	st := g.until(t, "its end, and no intent left open", func(s ramp.State) bool { return !s.Phase.Live() && len(open(t, g.path)) == 0 })
	g.stop()
	fmt.Println("at", places.Load(), st.Phase)
}

// child runs the test binary as a runner and returns the last place it was at.
func child(t *testing.T, dir string, kill int, worse bool) (place string, alive bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRunner_ThatDies$")
	cmd.Env = append(os.Environ(), killedDir+"="+dir, killedAt+"="+strconv.Itoa(kill))
	if worse {
		cmd.Env = append(cmd.Env, killedWorse+"=1")
	}
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

// killing is a kind of ramp whose runner is killed.
type killing struct {
	name, end string
	worse     bool
	most      []string // what the router is told when nobody is killed
}

// holds proves what must be so after a runner was killed and another one went on: the router was told nothing twice, and
// all of it where the ramp walks to its end; it has what it was told last; each intent has an outcome; the journal is whole.
func (c killing) holds(t *testing.T, dir, place string) {
	t.Helper()
	got, path := writes(t, dir), filepath.Join(dir, "audit.jsonl")
	if unlike := !slices.Equal(got, c.most); unlike && (!c.worse || len(got) > 0) {
		t.Errorf("killed %s: the router was told %q", place, got)
	}
	want := "0"
	if len(got) > 0 {
		want = got[len(got)-1]
	}
	if is := fmt.Sprint(uint32((&router{dir: dir}).state())); is != want {
		t.Errorf("killed %s: the router has %s, it was told %q", place, is, got)
	}
	if left := open(t, path); len(left) > 0 {
		t.Errorf("killed %s: intents without an outcome: %q", place, left)
	}
	if r, err := audit.Verify(t.Context(), path); err != nil || r.Broken != nil {
		t.Errorf("killed %s: the journal is broken: %v, %v", place, r.Broken, err)
	}
}

// tally counts who was killed where.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (k *tally) add(place string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of[place]++
}

// proves says how often each place was hit, and fails where one that matters was not: between an intent that is synced, a
// write that was sent, an answer that was read, a receipt that is synced, and a rung that was seen.
func (k *tally) proves(t *testing.T) {
	t.Helper()
	for _, place := range slices.Sorted(maps.Keys(k.of)) {
		t.Logf("%2d × killed %s", k.of[place], place)
	}
	k.of["at rung"] = k.of["before rung"] + k.of["after rung"]
	for _, place := range []string{"before intent", "after intent", "before the write is sent", "after the write was sent", "before receipt", "after receipt", "at rung"} {
		if k.of[place] == 0 {
			t.Errorf("nobody was killed %s", place)
		}
	}
}

func TestRunner_KilledBetweenAnyTwoStepsOfAnActionGoesOnAndWritesNothingTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts and kills some fifty processes")
	}
	for _, c := range []killing{
		{"a ramp", "promoted", false, []string{"10000", "50000", "1000000"}},
		{"a rollback", "rolled_back", true, []string{"10000", "0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			whole := t.TempDir()
			said, alive := child(t, whole, -1, c.worse)
			n, err := strconv.Atoi(strings.TrimSuffix(said, " "+c.end))
			if !alive || err != nil || n < 10 {
				t.Fatalf("a runner that nobody kills: %q, alive %v", said, alive)
			}
			if got := writes(t, whole); !slices.Equal(got, c.most) {
				t.Fatalf("it wrote %q", got)
			}
			killed := &tally{of: map[string]int{}}
			t.Cleanup(func() { killed.proves(t) })
			for kill := 1; kill <= n; kill++ {
				t.Run(fmt.Sprint(kill), func(t *testing.T) {
					t.Parallel()
					dir := t.TempDir()
					place, alive := child(t, dir, kill, c.worse)
					if alive {
						return // this one had fewer places, as when a rung was seen together with the one before
					}
					killed.add(place)
					said, alive := child(t, dir, -1, c.worse)
					if !alive || !strings.HasSuffix(said, " "+c.end) {
						t.Fatalf("killed %s: the next one did not end well: %s", place, said)
					}
					c.holds(t, dir, place)
				})
			}
		})
	}
}
