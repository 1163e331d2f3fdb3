//go:build integration

package rig

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// ladder are the places at which somebody is killed.
var ladder = []string{journalled, arrived, made, "sent", "accepted", "configured", "effective", "observed"}

// cutting is a plane behind a toll, and the binary that is killed on its way to it.
type cutting struct {
	*story
	*toll
	reset func() // gives the candidate its traffic back, as somebody else would
	share func() float64
	path  string // the journal
	cuts  map[string]int
}

func newCutting(t *testing.T, bin *Rampart, traffic string, g *toll, reset func(), share func() float64, dir string) *cutting {
	t.Helper()
	c := &cutting{story: &story{dir: dir}, toll: g, reset: reset, share: share, cuts: map[string]int{}}
	var err error
	c.rampart, err = bin.home(dir)
	must(t, err)
	c.config = filepath.Join(dir, "rampart.yaml")
	must(t, os.WriteFile(c.config, []byte(`version: 1
contexts: {rig: {env: dev, prometheus: {url: 'http://127.0.0.1:9'}}}
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: c, bad: 'code="500"'}}
    traffic: `+traffic+"\n"), 0o600))
	c.path = filepath.Join(dir, "home", "state", "rampart", "rig", "audit.jsonl")
	return c
}

// opened is a plane of a kind, and a binary of its own to be killed.
type opened func(t *testing.T, bin *Rampart) *cutting

// built is the one binary of a test.
func built(t *testing.T) *Rampart {
	t.Helper()
	bin, err := FindRampart(folder(t))
	need(t, err)
	return bin
}

// overHAProxy cuts on the way to a real HAProxy under load.
func overHAProxy(t *testing.T, bin *Rampart) *cutting {
	dir := folder(t)
	stable, canary := arms(t, nil)
	h := balancer(t, dir, stable, canary)
	load := StartLoad(h.Front, 300, 12*time.Minute)
	t.Cleanup(load.Stop)
	g := &toll{}
	at := g.socket(t, h, filepath.Join(dir, "toll.sock"))
	traffic := fmt.Sprintf(`{kind: haproxy, sockets: ['%s'], backend: %s, servers: {legacy: [stable-*], candidate: [canary-*]}}`, at, Backend)
	var c *cutting
	c = newCutting(t, bin, traffic, g, func() { c.weights(t, 80, 30) }, func() float64 {
		stats, err := h.Stats()
		must(t, err)
		return float64(stats["canary-1"].Weight + stats["canary-2"].Weight)
	}, dir)
	c.haproxy, c.stable, c.canary = h, stable, canary
	return c
}

// sends is a command that posts what it is given, and lives on when the one who started it is killed.
const sends = `import sys, socket
b = sys.stdin.buffer.read()
host, port = sys.argv[1].split(":")
s = socket.create_connection((host, int(port)))
s.sendall(b"POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(b) + b)
print(s.makefile(newline="").read().split("\r\n\r\n", 1)[1])`

// python is the interpreter itself, and not what finds it anew each time.
func python(t *testing.T) string {
	t.Helper()
	found, err := find("python3")
	need(t, err)
	path, err := exec.CommandContext(t.Context(), found, "-c", "import sys; print(sys.executable)").Output()
	must(t, err)
	return strings.TrimSpace(string(path))
}

// overSplitter cuts on the way to a router of one's own, behind a command or a web server.
func overSplitter(kind string) opened {
	return func(t *testing.T, bin *Rampart) *cutting {
		s := startSplitter(t)
		traffic := fmt.Sprintf(`{kind: webhook, webhook: {read: '%[1]s', write: '%[1]s'}}`, s.URL)
		if kind == "exec" {
			traffic = fmt.Sprintf(`{kind: exec, exec: {command: [%s, -ISc, %q, '%s']}}`, python(t), sends, s.Listener.Addr())
		}
		return newCutting(t, bin, traffic, s.toll, func() { s.set(20) }, s.share, folder(t))
	}
}

// TestCut_AConsoleKilledAtEveryStepOfTheLadderLeavesNoIntentOpenAndWritesNothingTwice kills `rampart rollback`, which
// writes by itself, at each place of each plane, and lets a runner find out what became of it. Over HAProxy, consoles in a
// terminal are cut.
func TestCut_AConsoleKilledAtEveryStepOfTheLadderLeavesNoIntentOpenAndWritesNothingTwice(t *testing.T) {
	t.Parallel()
	bin := built(t)
	for kind, c := range map[string]struct {
		open opened
		cuts int
	}{"exec": {overSplitter("exec"), 8}, "webhook": {overSplitter("webhook"), 8}} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := c.open(t, bin)
			for _, place := range places(c.cuts) {
				w.cut(t, place, nil)
			}
			w.tally(t)
			if len(w.open()) == 0 {
				t.Error("nothing was left open, so nothing is proved")
			}
			runner, err := w.rampart.start("runner", "run", "-c", w.config, "--plan", "100%")
			must(t, err)
			t.Cleanup(runner.Stop)
			w.allKnown(t, 0)
		})
	}
}

// TestCut_ARunnerFinishesWhatAConsoleAskedForWhoWasKilledAndGoesOnWhenItIsKilledItself kills consoles of a runner, and then
// the runner itself, which is started again each time.
func TestCut_ARunnerFinishesWhatAConsoleAskedForWhoWasKilledAndGoesOnWhenItIsKilledItself(t *testing.T) {
	t.Parallel()
	bin := built(t)
	for kind, open := range map[string]opened{"haproxy": overHAProxy, "exec": overSplitter("exec")} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := open(t, bin)
			runner := w.runs(t)
			consoles := places(len(ladder))
			if w.haproxy != nil { // over that, those in a terminal are cut
				consoles = nil
			}
			for _, place := range consoles {
				id := w.cut(t, place, nil)
				eventually(t, 30*time.Second, func() error { return w.reached(t, id, "observed") })
			}
			for _, place := range places(len(ladder)) {
				w.cut(t, place, runner)
				runner = w.runs(t)
			}
			t.Cleanup(runner.Stop)
			w.tally(t)
			w.allKnown(t, 1)
		})
	}
}

func (c *cutting) runs(t *testing.T) *Child {
	t.Helper()
	runner, err := c.rampart.start("runner", "run", "-c", c.config, "--plan", "100%")
	must(t, err)
	eventually(t, 30*time.Second, c.shows(t, "ranker in context rig: "))
	return runner
}

// places are so many, each of the ladder's among them, in any order.
func places(n int) []string {
	out := slices.Clone(ladder)
	for len(out) < n {
		out = append(out, ladder[rand.IntN(len(ladder))])
	}
	rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// cut asks for a rollback and kills the one that is given, the console itself where that is nil, at a place of it. It
// returns the intent's id. A console that outlives its runner reads what that left, and finishes it under an intent of its own.
func (c *cutting) cut(t *testing.T, place string, victim *Child) string {
	t.Helper()
	began := time.Now()
	c.reset()
	before, wrote, own := len(intentsOf(c.path)), c.count(), victim == nil
	cmd := c.rampart.Command("rollback", "-c", c.config, "--yes", "--timeout", "20s", "--reason", "cut at: "+place)
	said, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = cmd.Stdout
	kill := func() { _ = cmd.Process.Kill() }
	if !own {
		kill = victim.Kill
	}
	var once sync.Once
	hit := false
	stop := func(at string) {
		if at == place {
			once.Do(func() { hit = true; kill() })
		}
	}
	c.guard(func() string {
		if len(intentsOf(c.path)) > before {
			return journalled
		}
		return ""
	}, stop)
	must(t, cmd.Start())
	var printed []string
	for lines := bufio.NewScanner(said); lines.Scan(); {
		printed = append(printed, lines.Text())
		if words := strings.Fields(lines.Text()); len(words) > 1 {
			stop(words[1])
		}
	}
	_ = cmd.Wait() // killed, or left alone by its runner
	c.guard(nil, nil)
	all := intentsOf(c.path)
	if more := len(all) - before; !hit || more == 0 || more > 1 && own {
		t.Fatalf("the console never came by: %s; %d intents of it; it said\n%s", place, more, strings.Join(printed, "\n"))
	}
	c.cuts[place]++
	id := all[before]
	t.Logf("%v: killed where %q: the journal has %s of it, %d writes arrived, the candidate has %g", time.Since(began).Round(time.Millisecond), place, strings.Join(c.entries(t, id), ", "), c.count()-wrote, c.share())
	return id
}

// tally proves that somebody was killed at each place, and says how often.
func (c *cutting) tally(t *testing.T) {
	t.Helper()
	c.tallyOf(t, ladder)
}

func (c *cutting) tallyOf(t *testing.T, places []string) {
	t.Helper()
	for _, place := range places {
		t.Logf("%3d × %s", c.cuts[place], place)
		if c.cuts[place] == 0 {
			t.Errorf("nobody was killed where %q", place)
		}
	}
}

// reached asks whether the journal says that an intent came to a rung.
func (c *cutting) reached(t *testing.T, id, rung string) error {
	for _, l := range linesOf(c.path) {
		if l.IntentID == id && l.Kind == "rung" && strings.HasPrefix(l.Text, rung) {
			return nil
		}
	}
	return fmt.Errorf("%s is not %s: %v", id, rung, c.entries(t, id))
}

// allKnown proves that each intent has an outcome in the end, that none was written twice, that the journal is whole, and
// that a rollback goes on as ever. finished is how many rollbacks may be under way by the state of a ramp: a runner that
// finds the candidate with traffic then rolls back under an intent of its own.
func (c *cutting) allKnown(t *testing.T, finished int) {
	t.Helper()
	t.Cleanup(func() {
		if all := linesOf(c.path); t.Failed() {
			for _, l := range all[max(0, len(all)-12):] {
				t.Logf("%+v", l)
			}
		}
	})
	c.reset()
	wrote := c.count()
	eventually(t, 90*time.Second, func() error {
		if open := c.open(); len(open) > 0 {
			return fmt.Errorf("without an outcome: %v", open)
		}
		return nil
	})
	if n := c.count() - wrote; n > finished {
		t.Errorf("to find out, %d writes were sent", n)
	}
	c.nothingTwice(t, finished)
	c.succeeds(t, "rollback", "--yes", "--reason", "the last one")
	if share := c.share(); share != 0 {
		t.Errorf("the candidate has %g", share)
	}
	if r := c.run(t, 30*time.Second, "audit", "verify"); r.Code != 0 {
		t.Errorf("audit verify: code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
}

// nothingTwice counts the writes of each intent where they say whose they are, and those of each server otherwise, of
// which there is one to each rollback that was asked for.
func (c *cutting) nothingTwice(t *testing.T, finished int) {
	t.Helper()
	c.mu.Lock()
	told := strings.FieldsFunc(strings.Join(c.told, ";"), func(r rune) bool { return r == ';' })
	c.mu.Unlock()
	n, most := map[string]int{}, 1
	if c.haproxy != nil {
		for _, n := range c.cuts {
			most += n
		}
		most += finished - 1
	}
	for _, what := range told {
		n[what]++
	}
	for what, n := range n {
		if n > most {
			t.Errorf("%q was written %d times, at most %d were asked for", what, n, most)
		}
	}
	t.Logf("%d intents, %d writes", len(intentsOf(c.path)), len(told))
}
