package runner

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

func TestRamp_StartShowsWhatItWritesAndNothingThatComesLater(t *testing.T) {
	for name, c := range map[string]struct {
		share  sources.Share
		alert  bool
		writes int
		says   string
	}{
		"the first step is written":         {0, false, 1, ""},
		"the first step waits for an alert": {0, true, 1, "not at once: an alert fires"},
		"it stands above its first step":    {9 * percent, false, 0, "nothing is written now: the candidate has 9 %, and the ramp begins in step 1, 1% for 1h (it is watched for 1h first)"},
	} {
		g := start(t, t.TempDir(), plan(t, "1% for 1h", "10% for 1h", "100%"), quiet)
		g.router.put(c.share)
		g.world.set(func(w *world) { w.alert = c.alert })
		g.until(t, "a first look", func(s ramp.State) bool { return !s.At.IsZero() })
		ana := g.driver.Seat(action.Actor{Name: "ana"})
		var p sources.Preview
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); { // until a frame tells the world as it is
			var err error
			if p, err = ana.Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.Start}); err != nil {
				t.Fatal(err)
			}
			if len(p.Change.Writes) == c.writes && strings.Contains(fmt.Sprint(p.Warnings), c.says) {
				break
			}
		}
		if len(p.Change.Writes) != c.writes || !strings.Contains(fmt.Sprint(p.Warnings), c.says) || c.writes == 1 && p.Change.To.Candidate != percent {
			t.Errorf("%s: it shows %v to %v, says %v", name, p.Change.Writes, p.Change.To, p.Warnings)
		}
		g.stop()
	}
}

func TestRamp_StartOnAWorseCandidateSaysSoAndWhatToDo(t *testing.T) {
	g := start(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet)
	t.Cleanup(g.stop)
	g.world.set(func(w *world) { w.call = analysis.Worse })
	g.until(t, "a first look", func(s ramp.State) bool { return !s.At.IsZero() })
	ana := g.driver.Seat(action.Actor{Name: "ana"})
	p, err := ana.Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.Start})
	for deadline := time.Now().Add(10 * time.Second); err == nil && p.Confirm.Refuse == "" && time.Now().Before(deadline); { // until a frame says so
		p, err = ana.Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.Start})
	}
	if err != nil || !strings.Contains(p.Confirm.Refuse, "the candidate is called WORSE") || !strings.Contains(p.Confirm.Refuse, "deploy another candidate version") {
		t.Errorf("%q, %v", p.Confirm.Refuse, err)
	}
	if _, err := ana.Do(t.Context(), p.ID, ""); !errors.Is(err, sources.ErrConflict) || len(writes(t, g.dir)) != 0 {
		t.Errorf("done all the same: %v, the router was told %q", err, writes(t, g.dir))
	}
}

func TestRamp_StartOnACandidateThatTheLastRampTookDownForHarmSaysSo(t *testing.T) {
	g := start(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet)
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	g.world.set(func(w *world) { w.call = analysis.Worse })
	g.until(t, "rolled back", phase(ramp.RolledBack))
	g.world.set(func(w *world) { w.call = analysis.NoCandidateTraffic })
	ana := g.driver.Seat(action.Actor{Name: "ana"})
	preview := func(until func(sources.Preview) bool) (p sources.Preview) {
		for deadline := time.Now().Add(10 * time.Second); !until(p) && time.Now().Before(deadline); { // until a frame tells the world as it is
			var err error
			if p, err = ana.Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.Start}); err != nil {
				t.Fatal(err)
			}
		}
		return p
	}
	began := func(p sources.Preview) bool { return p.ID != "" && p.Confirm.Refuse == "" }
	if p := preview(began); !began(p) || !strings.Contains(fmt.Sprint(p.Warnings), "the last ramp rolled back (worse)") {
		t.Errorf("%q, %v", p.Confirm.Refuse, p.Warnings)
	}
	g.world.set(func(w *world) { w.who = "43" })
	p := preview(func(p sources.Preview) bool {
		return began(p) && !strings.Contains(fmt.Sprint(p.Warnings), "rolled back")
	})
	if !began(p) || strings.Contains(fmt.Sprint(p.Warnings), "rolled back") {
		t.Errorf("another version: %q, %v", p.Confirm.Refuse, p.Warnings)
	}
}
