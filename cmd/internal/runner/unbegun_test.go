package runner

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// disk is a journal on a disk that can be full.
type disk struct {
	sources.Journal
	full *atomic.Bool
}

func (d disk) Append(ctx context.Context, e sources.Entry) (sources.Entry, error) {
	if d.full.Load() {
		return e, &sources.Error{Op: "append", Target: "audit.jsonl", Kind: sources.ErrUnreachable, Cause: errors.New("no space left on device")}
	}
	return d.Journal.Append(ctx, e)
}

func TestRamp_ThatTheJournalCannotTakeIsNotBegunAndSaysSo(t *testing.T) {
	var full atomic.Bool
	g := startWith(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet, func(*Config) {}, func(c *action.Config) { c.Journal = disk{c.Journal, &full} })
	t.Cleanup(g.stop)
	g.until(t, "a first look", func(ramp.State) bool { g.driver.mu.Lock(); defer g.driver.mu.Unlock(); return g.driver.newest != nil })
	full.Store(true)
	if _, err := g.ask(t, "ana", sources.Action{Verb: sources.Start}); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("it was started: %v", err)
	}
	if st := g.driver.State(); st.Phase.Live() || g.router.state() != 0 {
		t.Errorf("it is %s at %v", st.Phase, g.router.state())
	}
	full.Store(false)
	g.begin(t, "ana")
	g.until(t, "5 %", func(s ramp.State) bool { return s.Set.Candidate == 5*percent && !s.Writing })
}

func TestRamp_ThatIsStoppedOnAFullDiskSaysSoAndIsWrittenAsSoonAsItCanBe(t *testing.T) {
	var full atomic.Bool
	g := startWith(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet, func(*Config) {}, func(c *action.Config) { c.Journal = disk{c.Journal, &full} })
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	g.until(t, "5 %", func(s ramp.State) bool { return s.Set.Candidate == 5*percent && !s.Writing })
	full.Store(true)
	p, err := g.ask(t, "ana", sources.Action{Verb: sources.Stop})
	if err != nil || !strings.Contains(p.Unnoted, "no space left") {
		t.Errorf("%v; what is not written: %q", err, p.Unnoted)
	}
	written := func() ramp.Phase {
		st, err := StateOf(t.Context(), g.driver.cfg.Journal, "prod", "ranker")
		if err != nil {
			t.Fatal(err)
		}
		return st.Phase
	}
	if written() != ramp.Running {
		t.Fatalf("the journal has it: %s", written())
	}
	full.Store(false)
	g.until(t, "the journal knows that it was stopped", func(ramp.State) bool { return written() == ramp.Ended })
}

// stopped runs a ramp on a disk that is full by the time at which something is asked of it, and lets another runner take it
// over once there is room again. unwritten tells what was asked and is not written.
func stopped(t *testing.T, where func(dir string) string, ask sources.Verb) (next *rig, unwritten string) {
	t.Helper()
	var full atomic.Bool
	dir := t.TempDir()
	with := func() *rig {
		return startWith(t, dir, plan(t, "5% for 1h", "25% for 1h", "100%"), quiet,
			func(c *Config) { c.Mark = where(dir); c.Journal = disk{c.Journal, &full} }, func(c *action.Config) { c.Journal = disk{c.Journal, &full} })
	}
	g := with()
	g.begin(t, "ana")
	g.until(t, "5 %", func(s ramp.State) bool { return s.Set.Candidate == 5*percent && !s.Writing })
	full.Store(true)
	if ask == sources.RollBack {
		g.router.mu.Lock()
		g.router.settle = time.Hour // it is killed before the router does so
		g.router.mu.Unlock()
	}
	p, err := g.ask(t, "ana", sources.Action{Verb: ask})
	if err != nil {
		t.Fatal(err)
	}
	switch ask {
	case sources.Hold:
		g.until(t, "held", phase(ramp.Held))
	case sources.RollBack:
		g.until(t, "rolling back", phase(ramp.RollingBack))
		g.until(t, "a mark", func(ramp.State) bool { _, err := os.Lstat(where(dir)); return err == nil })
	}
	g.stop() // with nothing written, as if it was killed
	full.Store(false)
	next = with()
	t.Cleanup(next.stop)
	return next, p.Unnoted
}

func beside(dir string) string { return filepath.Join(dir, "ranker.unwritten") }

func TestRamp_ThatWasStoppedOnAFullDiskStaysStoppedWhoeverDrivesItNext(t *testing.T) {
	g, said := stopped(t, beside, sources.Stop)
	if !strings.Contains(said, "a mark beside the lease tells") {
		t.Errorf("it says %q", said)
	}
	st := g.until(t, "ended", phase(ramp.Ended))
	if !strings.Contains(st.Why, "it was ended while the journal could not be written") {
		t.Errorf("it ended because of %q", st.Why)
	}
	g.until(t, "no mark", func(ramp.State) bool { _, err := os.Lstat(beside(g.dir)); return errors.Is(err, fs.ErrNotExist) })
	if st, err := StateOf(t.Context(), g.driver.cfg.Journal, "prod", "ranker"); err != nil || st.Phase != ramp.Ended {
		t.Errorf("the journal has %s, %v", st.Phase, err)
	}
}

func TestRamp_ThatWasHeldOnAFullDiskWaitsForSomebodyWhoeverDrivesItNext(t *testing.T) {
	g, _ := stopped(t, beside, sources.Hold)
	st := g.until(t, "held", phase(ramp.Held))
	if !strings.Contains(st.Why, "the runner before could not write down where it stood (held)") {
		t.Errorf("it is held because of %q", st.Why)
	}
	if _, err := g.ask(t, "ana", sources.Action{Verb: sources.Resume}); err != nil {
		t.Fatal(err)
	}
	g.until(t, "going on", phase(ramp.Running))
}

func TestRamp_ThatWasRollingBackOnAFullDiskGoesOnToZeroWhoeverDrivesItNext(t *testing.T) {
	g, _ := stopped(t, beside, sources.RollBack)
	st := g.until(t, "rolled back, or a wait for somebody", func(s ramp.State) bool { return s.Phase == ramp.RolledBack || s.Phase == ramp.Held })
	if st.Phase != ramp.RolledBack || g.router.state() != 0 {
		t.Errorf("it is %s with %v: %s", st.Phase, g.router.state(), st.Why)
	}
}

func TestRamp_ThatIsStoppedWhereNotEvenAMarkCanBeLeftSaysThatNobodyElseKnows(t *testing.T) {
	g, said := stopped(t, func(string) string { return "/proc/no/mark" }, sources.Stop)
	if !strings.Contains(said, "DOES NOT KNOW") || !strings.Contains(said, "keep this one running") {
		t.Errorf("it says %q", said)
	}
	g.until(t, "going on", phase(ramp.Running)) // which is what was said
}

func TestMark_OfAnotherRampIsNone(t *testing.T) {
	m := mark{beside(t.TempDir())}
	began := time.Unix(100, 0)
	if err := m.leave(ramp.State{Phase: ramp.Ended, Started: began}); err != nil {
		t.Fatal(err)
	}
	if events := m.heed(ramp.State{Phase: ramp.Running, Started: began}); len(events) != 1 || events[0].Kind != ramp.Stop {
		t.Errorf("of the same: %+v", events)
	}
	if events := m.heed(ramp.State{Phase: ramp.Running, Started: began.Add(time.Hour)}); events != nil {
		t.Errorf("of another: %+v", events)
	}
	if events := m.heed(ramp.State{Phase: ramp.Running, Started: began}); events != nil {
		t.Error("one that told nothing any more stays")
	}
}
