//go:build integration

package rig

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// rungs are those that a console shows, and spots all places at which its connection is cut.
var (
	rungs = []string{"sent", "accepted", "configured", "effective", "observed"}
	spots = append([]string{confirmed, journalled, arrived, made, received}, rungs...)
)

// snip is one cut of a terminal's connection.
type snip struct {
	place string
	// hangUp closes the terminal, and the console is left to itself as under sshd; otherwise it gets SIGHUP and then dies.
	hangUp bool
	late   time.Duration // after the place; zero: right there, and what it waits for is held back until then
}

// snips are at least so many, each place among them in both ways, in any order.
func snips(n int, r *rand.Rand) (out []snip) {
	for _, place := range spots {
		out = append(out, snip{place, false, 0}, snip{place, true, 0})
	}
	for len(out) < n {
		out = append(out, snip{spots[1+r.IntN(len(spots)-1)], false, time.Duration(r.IntN(4000)) * time.Microsecond})
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// open is 1 for a cut whose outcome the journal may not know. They come first: a later process looks at what was left open
// half a minute ago, and the other cuts pass that time.
func (s snip) open() int {
	if !s.hangUp && slices.Contains([]string{journalled, arrived, made}, s.place) {
		return 1
	}
	return 0
}

// overTerminal cuts consoles over a real HAProxy and a real Prometheus whose candidate is bad.
func overTerminal(t *testing.T, bin *Rampart) (*cutting, *rand.Rand) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("RAMPART_CUT_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		must(t, err)
	}
	t.Logf("RAMPART_CUT_SEED=%d cuts in the same order", seed)
	c := overHAProxy(t, bin)
	bad := Healthy()
	bad.Errors = .3
	c.canary.Behave(bad)
	var err error
	c.prometheus, err = StartPrometheus(c.dir, append(c.stable.Targets(), c.canary.Targets()...), c.haproxy.Exporter)
	need(t, err)
	t.Cleanup(func() { c.prometheus.Stop() })
	c.config, err = Render(c.dir, "rampart.yaml", settings{Prometheus: c.prometheus.URL, Sockets: []string{"unix://" + filepath.Join(c.dir, "toll.sock")}})
	must(t, err)
	return c, rand.New(rand.NewPCG(seed, 0))
}

// TestCut_ATerminalLostAtEveryStepOfTheLadderLeavesTheSplitAsItWasOrAtZero cuts consoles that write by themselves, in a
// terminal with the key and the confirmation of a person, and lets a console that comes later find out what became of it.
func TestCut_ATerminalLostAtEveryStepOfTheLadderLeavesTheSplitAsItWasOrAtZero(t *testing.T) {
	t.Parallel()
	c, r := overTerminal(t, built(t))
	unknown := 0
	all := snips(24, r)
	slices.SortStableFunc(all, func(a, b snip) int { return cmp.Compare(b.open(), a.open()) })
	for i, s := range all {
		if c.snip(t, i, s, false) {
			unknown++
		}
	}
	c.tallyOf(t, spots)
	if t.Logf("%d outcomes were not known when the console was gone", unknown); unknown < 3 {
		t.Error("hardly anything was left open, so nothing is proved")
	}
	c.watch(t, "later", 120, 40)
	c.allKnown(t, 0)
}

// TestCut_ATerminalLostOverARunnerStopsNothing does the same to consoles that are attached to a runner: what was begun
// goes on until traffic shows it.
func TestCut_ATerminalLostOverARunnerStopsNothing(t *testing.T) {
	t.Parallel()
	c, r := overTerminal(t, built(t))
	runner := c.runs(t)
	t.Cleanup(runner.Stop)
	once := map[string]bool{} // in whichever way comes first
	for i, s := range snips(0, r) {
		if !once[s.place] {
			once[s.place] = true
			c.snip(t, i, s, true)
		}
	}
	c.tallyOf(t, spots)
	c.allKnown(t, 1)
}

// snip opens a console, asks for a rollback with R and enter, and cuts its connection at a place.
// over tells that a runner writes, which goes on. It returns whether the journal does not know the outcome.
func (c *cutting) snip(t *testing.T, n int, s snip, over bool) (unknown bool) {
	t.Helper()
	began := time.Now()
	c.reset()
	was := c.share()
	before, wrote := len(intentsOf(c.path)), c.count()
	screen := c.watch(t, fmt.Sprintf("cut-%d", n), 120, 40)
	shows(t, screen, time.Minute, `WORSE`, `SPLIT.*set 20\.0`)
	must(t, screen.Press("R"))
	shows(t, screen, time.Minute, `enter roll back`, `canary-1`)
	hit := c.cutsAt(screen, s, before)
	c.presses(t, screen, s.place, before, hit)
	if _, err := screen.Wait(time.Minute); err != nil {
		t.Fatalf("cut at %q: %v", s.place, err)
	}
	c.guard(nil, nil)
	if !over {
		eventually(t, 10*time.Second, c.idle)
	}
	all := intentsOf(c.path)[before:]
	if over && len(all) > 0 { // the runner goes on
		eventually(t, 30*time.Second, func() error { return c.reached(t, all[0], "observed") })
	}
	writes, share := c.count()-wrote, c.share()
	var journal []string
	if len(all) > 0 {
		journal = c.entries(t, all[0])
	}
	t.Logf("%5d ms: %v where %q: %d writes, the candidate has %g, the journal %v", time.Since(began).Milliseconds(), way(s), s.place, writes, share, journal)
	c.cuts[s.place]++
	switch {
	case len(all) > 1 || writes > len(all):
		t.Errorf("one confirmation made %d intents and %d writes", len(all), writes)
	case writes == 0 && share != was, writes == 1 && share != 0:
		t.Errorf("after %d writes the candidate has %g, it had %g", writes, share, was)
	case s.place != confirmed && len(all) == 0:
		t.Errorf("cut where %q, and the journal has no intent", s.place)
	case s.place == confirmed && !s.hangUp && len(all) > 0:
		t.Errorf("the console was to be cut before it had written anything: %v", journal)
	case s.hangUp && len(all) > 0 && (writes != 1 || slices.Contains(c.open(), all[0])):
		t.Errorf("a console that was hung up on left what it had begun: %d writes, %v", writes, journal)
	}
	return len(all) > 0 && slices.Contains(c.open(), all[0])
}

func way(s snip) string {
	switch {
	case s.hangUp:
		return "hung up"
	case s.late > 0:
		return fmt.Sprintf("killed %v after", s.late)
	}
	return "killed"
}

// cutsAt arms the cut. What it returns is closed once the console came by its place; the first place is that of the key.
func (c *cutting) cutsAt(screen *Console, s snip, before int) chan struct{} {
	hit := make(chan struct{})
	lose := func() {
		if s.hangUp {
			screen.HangUp()
			return
		}
		_ = screen.Signal(syscall.SIGHUP)
		screen.Kill()
	}
	var once sync.Once
	c.guard(func() string { return c.placeOf(before) }, func(at string) {
		if at != s.place {
			return
		}
		once.Do(func() {
			if s.late > 0 {
				time.AfterFunc(s.late, lose)
			} else {
				lose()
			}
			close(hit)
		})
	})
	return hit
}

// placeOf is where the newest action is by the journal.
func (c *cutting) placeOf(before int) string {
	all := intentsOf(c.path)
	if len(all) <= before {
		return ""
	}
	for _, l := range linesOf(c.path) {
		if l.Kind == "receipt" && l.IntentID == all[before] {
			return received
		}
	}
	return journalled
}

// came tells whether the action on its way came to a rung, by the screen and by the journal: a runner's console still shows
// the action before.
func (c *cutting) came(rung string, before int, text string) bool {
	all := intentsOf(c.path)
	if len(all) <= before || !slices.Contains(rungs, rung) || !matches(`✓ `+rung+`|was undone`, text) { // that the one before was undone may take its line
		return false
	}
	want := map[string]string{"sent": "receipt", "accepted": "receipt"}[rung]
	return slices.ContainsFunc(linesOf(c.path), func(l line) bool {
		return l.IntentID == all[before] && l.Kind == cmp.Or(want, "rung") && (rung != "observed" || strings.HasPrefix(l.Text, rung))
	})
}

// presses confirms until the dialog takes it, and looks for the rungs on the screen.
func (c *cutting) presses(t *testing.T, screen *Console, place string, before int, hit chan struct{}) {
	t.Helper()
	late := time.After(time.Minute)
	for again := time.NewTicker(time.Second); ; {
		text, drawn := screen.look()
		if strings.Contains(text, "enter roll back") {
			if screen.Press("enter") != nil {
				return // it is gone
			}
			if place == confirmed {
				c.at(confirmed)
			}
		}
		for rest := true; rest; {
			select {
			case <-hit:
				again.Stop()
				return
			case <-late:
				t.Fatalf("the console never came by %q; the journal has %v\n%s", place, linesOf(c.path), screen.Screen())
			case <-again.C:
				rest = false
			case <-drawn:
				text, drawn = screen.look()
				if c.came(place, before, text) {
					c.at(place)
				}
			}
		}
	}
}
