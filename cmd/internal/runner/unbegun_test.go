package runner

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

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
