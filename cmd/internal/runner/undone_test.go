package runner

import (
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

func TestRunner_WithoutARampDoesNotRepeatARollbackOfAnotherProcessThatSomebodyUndid(t *testing.T) {
	dir := t.TempDir()
	g := start(t, dir, plan(t, "5% for 1h", "100%"), quiet)
	g.stop()
	g.router.put(40 * percent)
	g.rollBackBeside(t, func(d *action.Desk) *action.Seat { return d.Seat(action.Actor{Name: "bo"}) }, "drill")
	told := len(writes(t, dir))

	g = startWith(t, dir, plan(t, "5% for 1h", "100%"), quiet, func(*Config) {}, func(c *action.Config) { c.Patience.Watch = time.Hour })
	defer g.stop()
	g.router.put(40 * percent)
	g.until(t, "a look at what was undone", func(ramp.State) bool {
		g.driver.reading.Lock()
		defer g.driver.reading.Unlock()
		all := g.desk.Progress()
		return len(all) > 0 && g.driver.known[all[0].IntentID]
	})
	if st := g.driver.State(); st.Phase != ramp.Idle || len(writes(t, dir)) != told {
		t.Errorf("without a ramp it is %s: %q; the router was told %q", st.Phase, st.Why, writes(t, dir))
	}
	if all := g.desk.Progress(); len(all) != 1 || all[0].Action.Verb != sources.RollBack || all[0].Alarm == "" {
		t.Errorf("nobody is told that it was undone: %v", all)
	}
}

func TestRunner_ARollbackFromBeforeTheRampDoesNotRollItBackWhenSomebodyRaisesTheShare(t *testing.T) {
	dir := t.TempDir()
	steps := plan(t, "5% for 1h", "100%")
	g := start(t, dir, steps, quiet)
	g.stop()
	g.router.put(40 * percent)
	g.rollBackBeside(t, func(d *action.Desk) *action.Seat { return d.Seat(action.Actor{Name: "bo"}) }, "drill")
	g = start(t, dir, steps, quiet)
	g.world.set(func(w *world) { w.call = analysis.Stale }) // nothing rises: the ramp is at 0 %
	g.begin(t, "ana")
	g.stop()

	g = startWith(t, dir, steps, quiet, func(*Config) {}, func(c *action.Config) { c.Patience.Watch = time.Hour })
	defer g.stop()
	g.router.put(40 * percent)
	st := g.until(t, "a look at what was undone", func(st ramp.State) bool {
		g.driver.reading.Lock()
		defer g.driver.reading.Unlock()
		all := g.desk.Progress()
		return len(all) > 0 && g.driver.known[all[0].IntentID] && st.Phase != ramp.Running
	})
	if st.Phase == ramp.RollingBack || st.Phase == ramp.RolledBack {
		t.Errorf("it is %s: %q", st.Phase, st.Why)
	}
}

func TestRunner_RollsBackAgainAtOnceWhenAReloadUndoesARollbackThatIsStillWatched(t *testing.T) {
	g := startWith(t, t.TempDir(), plan(t, "5% for 100h", "100%"), quiet, func(*Config) {}, func(c *action.Config) {
		c.Patience.Poll = time.Hour // whoever watches it looks once, and not again in time
	})
	defer g.stop()
	g.router.put(40 * percent)
	if _, err := g.ask(t, "ana", sources.Action{Verb: sources.RollBack, Reason: "drill"}); err != nil {
		t.Fatal(err)
	}
	g.until(t, "rolled back", phase(ramp.RolledBack))
	g.router.reload(20 * percent)
	g.until(t, "0 % again", func(ramp.State) bool { return len(writes(t, g.dir)) == 2 && g.router.state() == 0 })
}
