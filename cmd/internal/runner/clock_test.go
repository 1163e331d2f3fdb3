package runner

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// wall is a clock that somebody sets; what passes does so by itself.
type wall struct{ by, passed atomic.Int64 }

func (c *wall) now() time.Time { return time.Now().Add(time.Duration(c.by.Load())).Round(0) }

func (c *wall) set(by time.Duration) { c.by.Store(int64(by)) }

// timed runs a runner of which ramp, desk and frames go by one clock that can be set.
func timed(t *testing.T, c *wall, p ramp.Plan, at func(place string)) *rig {
	t.Helper()
	began := time.Now()
	g := startWith(t, t.TempDir(), p, at, func(cfg *Config) { cfg.Now = c.now }, func(d *action.Config) {
		d.Now, d.Elapsed = c.now, func() time.Duration { return time.Since(began) + time.Duration(c.passed.Load()) }
	})
	g.world.set(func(w *world) { w.now = c.now })
	return g
}

// jump sets the clock between two looks, and lets the ramp look twice at frames of the new time: by an old frame it would
// know nothing, and wait for that alone.
func (g *rig) jump(t *testing.T, c *wall, by time.Duration) {
	t.Helper()
	g.driver.reading.Lock()
	c.set(by)
	g.sees(t, c)
	g.driver.reading.Unlock()
	g.driver.look(t.Context())
	g.driver.look(t.Context())
}

// sees waits for a frame of the time that the clock shows by now.
func (g *rig) sees(t *testing.T, c *wall) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); time.Now().Before(limit); time.Sleep(time.Millisecond) {
		g.driver.mu.Lock()
		f := g.driver.newest
		g.driver.mu.Unlock()
		if f != nil && c.now().Sub(f.At).Abs() < 10*time.Second {
			return
		}
	}
	t.Error("no frame came of the new time")
}

// step starts the ramp and waits until its first step is set.
func (g *rig) step(t *testing.T) {
	t.Helper()
	g.begin(t, "ana")
	g.until(t, "its first step", func(s ramp.State) bool { return s.Step == 0 && !s.Writing })
}

// jumps are how a clock can be set by an hour.
func jumps() map[string][]time.Duration {
	return map[string][]time.Duration{
		"forward": {time.Hour}, "back": {-time.Hour}, "forward and back": {time.Hour, 0}, "back and forward": {-time.Hour, 0},
	}
}

func TestClock_SetByAnHourAtAnyStageOfAStepRaisesNothingAndDoesNothingTwice(t *testing.T) {
	for name, s := range map[string]struct {
		first  string
		bring  func(t *testing.T, g *rig)
		writes []string
	}{
		"before the start": {"1% for 10m", func(*testing.T, *rig) {}, nil},
		"watched":          {"1% for 10m", func(t *testing.T, g *rig) { g.step(t) }, []string{"10000"}},
		"waiting for safe": {"1% until safe or 10m", func(t *testing.T, g *rig) {
			g.world.set(func(w *world) { w.call = analysis.Undecided })
			g.step(t)
		}, []string{"10000"}},
		"waiting for somebody": {"1% for 1s then approve", func(t *testing.T, g *rig) { g.step(t) }, []string{"10000"}},
		"held": {"1% for 10m", func(t *testing.T, g *rig) {
			g.step(t)
			if _, err := g.ask(t, "bo", sources.Action{Verb: sources.Hold}); err != nil {
				t.Fatal(err)
			}
		}, []string{"10000"}},
		"asking": {"1% for 10m", func(t *testing.T, g *rig) {
			g.step(t)
			g.world.set(func(w *world) { w.call, w.red = analysis.Worse, true })
			g.until(t, "asking", phase(ramp.Asking))
		}, []string{"10000"}},
		"rolled back": {"1% for 10m", func(t *testing.T, g *rig) {
			g.step(t)
			g.world.set(func(w *world) { w.call = analysis.Worse })
			g.until(t, "rolled back", phase(ramp.RolledBack))
		}, []string{"10000", "0"}},
	} {
		for how, sets := range jumps() {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				c := &wall{}
				g := timed(t, c, plan(t, s.first, "5% for 10m", "100%"), quiet)
				defer g.stop()
				s.bring(t, g)
				for _, by := range sets {
					g.jump(t, c, by)
				}
				if got := writes(t, g.dir); !slices.Equal(got, s.writes) {
					t.Errorf("the router was told %q, wanted %q; the ramp is %v: %s", got, s.writes, g.driver.State().Phase, g.driver.State().Why)
				}
			})
		}
	}
}

func TestClock_SetByAnHourAnywhereInAWriteSendsItOnceAndNothingMore(t *testing.T) {
	for _, place := range []string{
		"before ramp", "after ramp", "before intent", "after intent", "before the write is sent", "after the write was sent", "before receipt", "after receipt", "before rung", "after rung",
	} {
		for how, sets := range jumps() {
			t.Run(place+", "+how, func(t *testing.T) {
				t.Parallel()
				onceAt(t, place, sets)
			})
		}
	}
}

// onceAt sets the clock in the middle of a step's write, again afterwards, and right in the end.
func onceAt(t *testing.T, place string, sets []time.Duration) {
	c := &wall{}
	there := make(chan struct{})
	tell := sync.OnceFunc(func() { close(there) })
	g := timed(t, c, plan(t, "1% for 10m", "5% for 10m", "100%"), func(at string) {
		if at == place {
			select {
			case <-there:
			default:
				c.set(sets[0])
				tell()
			}
		}
	})
	g.begin(t, "ana")
	select {
	case <-there:
	case <-time.After(20 * time.Second):
		t.Fatal("it never came there")
	}
	g.sees(t, c)
	g.driver.look(t.Context())
	for _, by := range append(sets, 0) {
		g.jump(t, c, by)
	}
	st := g.until(t, "its first step, or why not", func(s ramp.State) bool { return s.Step == 0 && !s.Writing || s.Hold != "" })
	g.stop()
	if got := writes(t, g.dir); len(got) > 1 || len(got) == 1 && got[0] != "10000" {
		t.Errorf("the router was told %q; the ramp is %v: %s", got, st.Phase, st.Why)
	}
	if left := open(t, g.path); len(left) > 0 {
		t.Errorf("open: %q", left)
	}
}

func TestClock_SetBackDoesNotKeepAStepFromRevertingNorAWorseCandidateFromGoing(t *testing.T) {
	p := plan(t, "1% for 10m", "5% for 10m", "100%")
	p.Confirm = time.Minute
	c := &wall{}
	g := timed(t, c, p, quiet)
	g.step(t)
	c.set(-time.Hour)
	c.passed.Store(int64(time.Minute + time.Second))
	g.until(t, "a share that reverted", func(ramp.State) bool { return g.router.state() == 0 })
	g.jump(t, c, -time.Hour)
	if got := writes(t, g.dir); !slices.Equal(got, []string{"10000", "0"}) {
		t.Errorf("the router was told %q", got)
	}
	g.stop()

	c = &wall{}
	g = timed(t, c, plan(t, "1% for 10m", "5% for 10m", "100%"), quiet)
	g.step(t)
	g.jump(t, c, -time.Hour)
	g.world.set(func(w *world) { w.call = analysis.Worse })
	g.until(t, "rolled back", func(ramp.State) bool { return g.router.state() == 0 })
	if got := writes(t, g.dir); !slices.Equal(got, []string{"10000", "0"}) {
		t.Errorf("the router was told %q", got)
	}
	g.stop()
}

func TestClock_WhatIsApprovedWhileItIsBackWaitsUntilItIsRight(t *testing.T) {
	c := &wall{}
	g := timed(t, c, plan(t, "1% for 1s then approve", "5% for 10m", "100%"), quiet)
	defer g.stop()
	g.step(t)
	g.until(t, "ripe", func(s ramp.State) bool { return s.Baked >= time.Second })
	g.jump(t, c, -time.Hour)
	if err := g.desk.Seat(action.Actor{Name: "bo"}).Approve(t.Context(), sources.Approval{Candidate: sources.NewText("42"), To: 5 * percent, Until: time.Now().Add(2 * time.Hour)}); err != nil { // as long as time is right again
		t.Fatal(err)
	}
	g.jump(t, c, -time.Hour)
	st := g.until(t, "approved", func(s ramp.State) bool { return len(s.Approvals) == 1 })
	if got := writes(t, g.dir); !slices.Equal(got, []string{"10000"}) || !strings.Contains(st.Why, "the clock went back") {
		t.Errorf("the router was told %q; the ramp is %v: %s", got, st.Phase, st.Why)
	}
	c.set(0)
	g.until(t, "its second step", func(s ramp.State) bool { return s.Step == 1 && !s.Writing })
	if got := writes(t, g.dir); !slices.Equal(got, []string{"10000", "50000"}) {
		t.Errorf("the router was told %q", got)
	}
}
