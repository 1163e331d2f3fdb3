package runner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/cmd/internal/runner/gate"
	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
	"rampart/sources/audit"
)

func quiet(string) {}

// running starts a ramp of ana's and waits until its first step is set.
func running(t *testing.T, steps ...string) *rig {
	t.Helper()
	g := start(t, t.TempDir(), plan(t, steps...), quiet)
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	g.until(t, "its first step", func(s ramp.State) bool { return s.Step == 0 && !s.Writing })
	return g
}

func phase(p ramp.Phase) func(ramp.State) bool {
	return func(s ramp.State) bool { return s.Phase == p }
}

func TestRamp_GoesUpByItsStepsAndEndsPromoted(t *testing.T) {
	g := running(t, "1% for 10s", "25% for 10s", "100%")
	g.until(t, "promoted", phase(ramp.Promoted))
	if got := writes(t, g.dir); !slices.Equal(got, []string{"10000", "250000", "1000000"}) {
		t.Errorf("the router was told %q", got)
	}
}

func TestRamp_RollsBackByItselfWhenTheCandidateIsWorse(t *testing.T) {
	g := running(t, "5% for 1h", "100%")
	g.world.set(func(w *world) { w.call = analysis.Worse })
	g.until(t, "rolled back", phase(ramp.RolledBack))
	p := g.desk.Progress()[0]
	if p.Action.Verb != sources.RollBack || p.Via != sources.ByRule || !strings.Contains(p.Action.Reason, "WORSE") || g.router.state() != 0 {
		t.Errorf("%v by %s because of %q; the candidate has %v", p.Action.Verb, p.Via.Of(p.Actor), p.Action.Reason, g.router.state())
	}
}

func TestRamp_AsksInsteadWhileAGaugeIsRed(t *testing.T) {
	g := running(t, "5% for 1h", "100%")
	g.world.set(func(w *world) { w.call, w.red = analysis.Worse, true })
	st := g.until(t, "asking", phase(ramp.Asking))
	if st.Question == "" || g.router.state() != 5*percent {
		t.Errorf("it asks %q; the candidate has %v", st.Question, g.router.state())
	}
}

func TestRamp_WaitsWhileAnAlertFiresAndGoesOnAfterIt(t *testing.T) {
	g := start(t, t.TempDir(), plan(t, "5% for 10s", "100%"), quiet)
	t.Cleanup(g.stop)
	g.world.set(func(w *world) { w.alert = true })
	g.until(t, "an alert", func(ramp.State) bool {
		g.driver.mu.Lock()
		defer g.driver.mu.Unlock()
		return g.driver.newest != nil && g.driver.newest.Alerting.Firing() != ""
	})
	g.begin(t, "ana")
	st := g.until(t, "waiting for the alert", func(s ramp.State) bool { return strings.Contains(s.Why, "an alert fires: HighErrors") })
	if st.Phase != ramp.Running || len(writes(t, g.dir)) != 0 {
		t.Errorf("%s after %q", st.Phase, writes(t, g.dir))
	}
	g.world.set(func(w *world) { w.alert = false })
	g.until(t, "promoted", phase(ramp.Promoted))
}

func TestRamp_TakesBackWhatAReloadRaisedWhateverTheNumbersSay(t *testing.T) {
	var doubt atomic.Bool
	g := startWith(t, t.TempDir(), plan(t, "2% for 100h", "100%"), quiet, func(*Config) {}, func(c *action.Config) {
		c.Look = func() action.Look {
			if doubt.Load() {
				return action.Look{Doubts: []action.Doubt{{Why: "the call is NO DATA"}}}
			}
			return action.Look{}
		}
	})
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	g.until(t, "its first step", func(s ramp.State) bool { return s.Step == 0 && !s.Writing && !s.Since.IsZero() })
	doubt.Store(true)
	g.router.reload(20 * percent)
	g.until(t, "what it had set", func(s ramp.State) bool {
		return s.Step == 0 && !s.Writing && slices.Equal(writes(t, g.dir), []string{"20000", "20000"}) && g.router.state() == 2*percent
	})
	g.until(t, "going on", func(s ramp.State) bool { return s.Phase != ramp.Running || s.Baked > 90*time.Second }) // whoever watched the first step saw it undone by then
	if st := g.driver.State(); st.Phase != ramp.Running {
		t.Errorf("it is %s: %s", st.Phase, st.Why)
	}
}

func TestRamp_KnowsHowLongThePlaneTakesForWhatItWasAsked(t *testing.T) {
	g := start(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet)
	t.Cleanup(g.stop)
	g.router.mu.Lock()
	g.router.settle = time.Hour
	g.router.mu.Unlock()
	g.begin(t, "ana")
	g.until(t, "knowing it", func(s ramp.State) bool {
		g.driver.mu.Lock()
		defer g.driver.mu.Unlock()
		return s.Writing && g.driver.in.Settle == time.Hour
	})
}

func TestRamp_EndsWhenSomebodyRollsBackByHandAndSaysWho(t *testing.T) {
	g := running(t, "5% for 1h", "100%")
	if _, err := g.ask(t, "ben", sources.Action{Verb: sources.RollBack, Reason: "pager"}); err != nil {
		t.Fatal(err)
	}
	st := g.until(t, "rolled back", phase(ramp.RolledBack))
	if !strings.Contains(st.Why, "ben") || len(writes(t, g.dir)) != 2 {
		t.Errorf("it says %q; the router was told %q", st.Why, writes(t, g.dir))
	}
}

func TestRamp_NextStepIsTakenInTheNameOfWhoAskedForIt(t *testing.T) {
	g := running(t, "5% for 1h", "25% for 1h", "100%")
	p, err := g.ask(t, "ben", sources.Action{Verb: sources.Step})
	if err != nil || p.Actor != "ben" || p.Via != sources.ByHand {
		t.Fatalf("by %s: %v", p.Via.Of(p.Actor), err)
	}
	g.until(t, "the second step", func(s ramp.State) bool { return s.Step == 1 && !s.Writing })
	if g.router.state() != 25*percent {
		t.Errorf("the candidate has %v", g.router.state())
	}
}

func TestRamp_StepPreviewedBeforeSomebodyElseActedIsRefused(t *testing.T) {
	g := running(t, "5% for 1h", "25% for 1h", "100%")
	ana := g.driver.Seat(action.Actor{Name: "ana"})
	p, err := ana.Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.Step, Seen: sources.Precondition{Split: sources.SplitAt(5*percent, time.Now())}})
	if err != nil || p.Confirm.Refuse != "" || p.Change.To.Candidate != 25*percent {
		t.Fatalf("the preview: %v to %v, %q", err, p.Change.To, p.Confirm.Refuse)
	}
	if _, err := g.ask(t, "ben", sources.Action{Verb: sources.Step}); err != nil {
		t.Fatal(err)
	}
	g.until(t, "ben's step", func(s ramp.State) bool { return s.Step == 1 && !s.Writing })
	if _, err := ana.Do(t.Context(), p.ID, ""); !errors.Is(err, sources.ErrConflict) || g.router.state() != 25*percent {
		t.Errorf("ana's step: %v; the candidate has %v", err, g.router.state())
	}
}

func TestRamp_NothingRisesOnceTheLeaseIsStolen(t *testing.T) {
	g := running(t, "5% for 10s", "100%")
	_, was, err := lease.Steal(g.dir+"/ranker.lease", lease.Holder{Actor: "ben", PID: 1, Reason: "ana's runner hangs"})
	if err != nil || was.Actor != "ana" {
		t.Fatal(was, err)
	}
	before := g.driver.State().At
	st := g.until(t, "a minute later", func(s ramp.State) bool { return s.At.Sub(before) > time.Minute })
	if st.Step != 0 || g.router.state() != 5*percent {
		t.Errorf("step %d, the candidate has %v", st.Step+1, g.router.state())
	}
	if r := g.driver.Frame(); !strings.Contains(st.Why, "held by ben") || r.Lease || !strings.Contains(r.Holder, "ben") {
		t.Errorf("it waits because %q; the lease is %q's", st.Why, r.Holder)
	}
	if _, err := g.ask(t, "ana", sources.Action{Verb: sources.RollBack}); err != nil {
		t.Errorf("a rollback without the lease: %v", err)
	}
}

// The look that found the step due held the lease; whoever steals it before the write must find nothing written after.
func TestRamp_WhoseLeaseIsStolenBetweenTheLookAndTheWriteWritesNothing(t *testing.T) {
	g := running(t, "5% for 1h", "100%")
	if _, _, err := lease.Steal(g.dir+"/ranker.lease", lease.Holder{Actor: "ben", PID: 1, Reason: "ana's runner hangs"}); err != nil {
		t.Fatal(err)
	}
	g.driver.mu.Lock()
	in := g.driver.in
	g.driver.mu.Unlock()
	in.Split = sources.SplitAt(5*percent, in.At) // as the next look finds it
	before := len(writes(t, g.dir))
	g.driver.set(t.Context(), ramp.SetShare{To: sources.Whole, Step: 1, By: "ana"}, nil, in)
	g.until(t, "another look", func(s ramp.State) bool { return s.At.After(in.At) })
	if got := writes(t, g.dir); len(got) != before || g.router.state() != 5*percent {
		t.Errorf("the candidate has %v, the router was told %q", g.router.state(), got[before:])
	}
}

func TestRamp_IsNotStartedTwiceAndAStepNeedsOne(t *testing.T) {
	g := start(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet)
	t.Cleanup(g.stop)
	g.until(t, "a first look", func(s ramp.State) bool { return !s.At.IsZero() })
	if _, err := g.ask(t, "ana", sources.Action{Verb: sources.Step}); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "no ramp runs") {
		t.Errorf("a step of no ramp: %v", err)
	}
	g.begin(t, "ana")
	if _, err := g.ask(t, "ben", sources.Action{Verb: sources.Start}); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "ana") {
		t.Errorf("a second start: %v", err)
	}
	if _, err := g.ask(t, "ben", sources.Action{Verb: sources.Stop}); err != nil {
		t.Fatal(err)
	}
	if st := g.driver.State(); st.Phase != ramp.Ended {
		t.Errorf("stopped, it is %s", st.Phase)
	}
}

func TestRamp_WaitsForItsCommandAndAsksItWhereItStands(t *testing.T) {
	dir := t.TempDir()
	p := plan(t, "5% for 10s then command: /bin/check it", "100%")
	yes := make(chan bool, 1)
	var asked []gate.Question
	g := startWith(t, dir, p, quiet, func(c *Config) {
		c.Ask = func(ctx context.Context, q gate.Question) (gate.Answer, error) {
			asked = append(asked, q)
			select {
			case a := <-yes:
				return gate.Answer{Yes: a}, nil
			case <-ctx.Done():
				return gate.Answer{}, ctx.Err()
			}
		}
	})
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	g.until(t, "the command runs", func(s ramp.State) bool { return s.Gate.Running })
	yes <- true
	g.until(t, "promoted", phase(ramp.Promoted))
	if q := asked[0]; len(asked) != 1 || q.Step != 1 || q.Share != 5*percent || q.Next != sources.Whole || !slices.Equal(q.Command, []string{"/bin/check", "it"}) {
		t.Errorf("asked %+v", asked)
	}
}

func TestState_OfAJournalThatIsBrokenIsNotGuessed(t *testing.T) {
	g := running(t, "5% for 1h", "100%")
	if st, err := StateOf(t.Context(), g.driver.cfg.Journal, "prod", "ranker"); err != nil || st.Phase != ramp.Running || st.Starter != "ana" {
		t.Fatalf("%+v, %v", st, err)
	}
	if st, err := StateOf(t.Context(), g.driver.cfg.Journal, "prod", "search"); err != nil || st.Phase != ramp.Idle {
		t.Errorf("another service's: %+v, %v", st, err)
	}
	harm(t, g.path)
	if _, err := StateOf(t.Context(), g.driver.cfg.Journal, "prod", "ranker"); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("a harmed journal: %v", err)
	}
}

func TestRamp_LookingAtAPreviewTakesNothingAwayFromTheRamp(t *testing.T) {
	g := running(t, "5% for 1h", "25% for 1h", "100%")
	ana := g.driver.Seat(action.Actor{Name: "ana"})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_, _ = ana.Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.Step}) // somebody has the dialog open
			}
		}
	})
	if _, err := g.ask(t, "ben", sources.Action{Verb: sources.RollBack, Reason: "pager"}); err != nil {
		t.Fatal(err)
	}
	st := g.until(t, "rolled back", phase(ramp.RolledBack))
	close(stop)
	wg.Wait()
	if !strings.Contains(st.Why, "rolled back by ben: pager") {
		t.Errorf("who did it is lost: %q", st.Why)
	}
}

func TestRamp_IsStoppedByNobodyBelowAnOperator(t *testing.T) {
	roles := map[string]sources.Role{"ana": sources.Promoter, "vi": sources.Viewer}
	g := startWith(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet, func(*Config) {}, func(c *action.Config) { c.Roles = roles })
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	g.until(t, "its first step", func(s ramp.State) bool { return s.Step == 0 && !s.Writing })
	if _, err := g.ask(t, "vi", sources.Action{Verb: sources.Stop}); err == nil || !strings.Contains(err.Error(), "vi has the role viewer; stop takes operator") {
		t.Errorf("a viewer stops it: %v", err)
	}
	if st := g.driver.State(); st.Phase != ramp.Running {
		t.Errorf("it is %s", st.Phase)
	}
	if _, err := g.ask(t, "ana", sources.Action{Verb: sources.Stop}); err != nil || g.router.state() != 5*percent {
		t.Errorf("%v; the candidate has %v", err, g.router.state())
	}
}

func TestRamp_APlanThatThePlaneCannotFollowIsNotStarted(t *testing.T) {
	g := startWith(t, t.TempDir(), plan(t, "5% for 1h", "100%"), quiet, func(c *Config) {
		c.Caps = func(context.Context) (sources.Caps, error) {
			return sources.Caps{Writes: true, Shares: []sources.Share{0, 10 * percent, sources.Whole}}, nil
		}
	})
	t.Cleanup(g.stop)
	g.until(t, "a first look", func(ramp.State) bool { g.driver.mu.Lock(); defer g.driver.mu.Unlock(); return g.driver.newest != nil })
	if _, err := g.ask(t, "ana", sources.Action{Verb: sources.Start}); err == nil || !strings.Contains(err.Error(), `step 1 "5% for 1h": the plane cannot do this share`) {
		t.Errorf("it was started: %v", err)
	}
}

func TestRamp_ThatFindsTheSplitTakenAwayNamesWhoDidItByTheJournal(t *testing.T) {
	for says, seat := range map[string]func(*action.Desk) *action.Seat{
		"set by a rule (rampart watchdog) at": (*action.Desk).Watchdog,
		"set by bo at":                        func(d *action.Desk) *action.Seat { return d.Seat(action.Actor{Name: "bo"}) },
	} {
		dir, steps := t.TempDir(), plan(t, "5% for 1h", "100%")
		g := start(t, dir, steps, quiet)
		g.begin(t, "ana")
		g.until(t, "5 %", func(s ramp.State) bool { return s.Set.Candidate == 5*percent && !s.Writing })
		g.stop()
		g.rollBackBeside(t, seat, "nobody was here")
		g = start(t, dir, steps, quiet)
		st := g.until(t, "its end", func(s ramp.State) bool { return !s.Phase.Live() })
		g.stop()
		if !strings.Contains(st.Why, says) || !strings.Contains(st.Why, "nobody was here") {
			t.Errorf("it says %q, want %q", st.Why, says)
		}
	}
}

// rollBackBeside is a rollback by another process, while no runner is here.
func (g *rig) rollBackBeside(t *testing.T, seat func(*action.Desk) *action.Seat, reason string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	j, err := audit.Open(g.path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := action.New(ctx, action.Config{
		Plane: g.router, Journal: j, Now: time.Now, Context: "prod", Service: "ranker", Patience: action.Patience{Poll: 5 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Wait()
	defer cancel()
	p, err := seat(desk).Preview(t.Context(), sources.Action{Service: "ranker", Verb: sources.RollBack, Reason: reason})
	if err != nil {
		t.Fatal(err)
	}
	track, err := seat(desk).Start(t.Context(), p.ID, p.Confirm.Word)
	if err != nil {
		t.Fatal(err)
	}
	for now := range track.All(t.Context()) {
		if now.Rung >= sources.Configured {
			return
		}
	}
	t.Fatal("the other process's rollback was never read back")
}
