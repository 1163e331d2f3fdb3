package action

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

func TestRampUp_IsRefusedOnAnyDoubt(t *testing.T) {
	prod := func(s *scene) { s.cfg.Env = "prod" }
	for name, c := range map[string]struct {
		set    func(*scene)
		before func(*scene)
		says   string
		kind   error
	}{
		"a viewer":           {func(s *scene) { s.cfg.Roles = map[string]sources.Role{"*": sources.Viewer} }, nil, "ana has the role viewer; set_split takes promoter", sources.ErrDenied},
		"an operator":        {func(s *scene) { s.cfg.Roles = map[string]sources.Role{"ana": sources.Operator} }, nil, "ana has the role operator; set_split takes promoter", sources.ErrDenied},
		"read-only":          {func(s *scene) { s.cfg.ReadOnly = true }, nil, "read-only", sources.ErrDenied},
		"locked":             {prod, nil, "locked", sources.ErrDenied},
		"unlocking is over":  {prod, func(s *scene) { unlock(s, time.Minute); time.Sleep(time.Minute) }, "locked", sources.ErrDenied},
		"stale data":         {nil, func(s *scene) { s.look.Doubts = []Doubt{{Why: "metrics are 3 minutes old"}} }, "3 minutes old", sources.ErrDenied},
		"an alert fires":     {nil, func(s *scene) { s.look.Ceilings = []Ceiling{{Most: 9 * percent, Why: "an alert fires"}} }, "an alert fires", sources.ErrDenied},
		"held":               {nil, func(s *scene) { s.begin(sources.Action{Verb: sources.Hold, Reason: "looking"}) }, "held by ana", sources.ErrDenied},
		"journal is full":    {func(s *scene) { s.journal.fail = errors.New("no space left on device") }, nil, "not journalled, not sent", nil},
		"plane is not there": {nil, func(s *scene) { s.plane.apply = func(int, func()) error { return unreachable(false) } }, "unreachable", sources.ErrUnreachable},
	} {
		play(t, c.set, func(s *scene) {
			if c.before != nil {
				c.before(s)
			}
			_, err := s.do(setTo(10 * percent))
			if err == nil || !strings.Contains(err.Error(), c.says) || c.kind != nil && !errors.Is(err, c.kind) || len(s.plane.writes()) != 0 {
				t.Errorf("%s: %v, wrote %q", name, err, s.plane.writes())
			}
		})
	}
}

func TestRampUp_GoesAsFarAsACeilingAndARollbackKnowsNone(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.look.Ceilings = []Ceiling{{Most: 10 * percent, Why: "an alert fires"}}
		s.until(s.begin(setTo(10*percent)), "observed", observed)
		for _, a := range []sources.Action{setTo(11 * percent), {Verb: sources.Step, To: 25 * percent}, {Verb: sources.Promote}} {
			if _, err := s.do(a); !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "an alert fires") {
				t.Errorf("%s to %v: %v", a.Verb, a.To, err)
			}
		}
		s.begin(sources.Action{Verb: sources.Hold})
		s.begin(sources.Action{Verb: sources.Resume})
		s.until(s.begin(rollBack()), "observed", observed)
	})
}

func unlock(s *scene, d time.Duration) {
	s.Helper()
	if err := s.seat().Unlock(s.Context(), d, "ramp of 42"); err != nil {
		s.Fatal(err)
	}
}

func TestRampUp_InProdGoesOnAfterUnlocking(t *testing.T) {
	play(t, func(s *scene) { s.cfg.Env = "prod" }, func(s *scene) {
		if p := s.preview(setTo(10 * percent)); !strings.Contains(p.Confirm.Refuse, "locked") {
			t.Errorf("%+v", p.Confirm)
		}
		unlock(s, 10*time.Minute)
		if by, until, reason, ok := s.desk.Unlocked(); !ok || by != "ana" || reason != "ramp of 42" || time.Until(until) != 10*time.Minute {
			t.Errorf("%v %v %v %v", by, until, reason, ok)
		}
		s.until(s.begin(setTo(10*percent)), "observed", observed)
		if _, err := s.desk.Seat(Actor{Name: "bo"}).Preview(s.Context(), setTo(20*percent)); err != nil {
			t.Error(err)
		}
		if got := s.journal.kinds(); !strings.HasPrefix(got, "unlock intent receipt rung") {
			t.Errorf("journal: %s", got)
		}
	})
}

func TestUnlock_WantsAPromoterAReasonAndAnEnd(t *testing.T) {
	play(t, func(s *scene) { s.cfg.Roles = map[string]sources.Role{"ana": sources.Promoter, "op": sources.Operator} }, func(s *scene) {
		for name, err := range map[string]error{
			"no reason":   s.seat().Unlock(s.Context(), time.Minute, " "),
			"for ever":    s.seat().Unlock(s.Context(), 24*time.Hour, "x"),
			"an operator": s.desk.Seat(Actor{Name: "op"}).Unlock(s.Context(), time.Minute, "x"),
		} {
			if !errors.Is(err, sources.ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestRampUp_IsRefusedWhenTheScreenWasAnotherAndSaysWhatChanged(t *testing.T) {
	identity := sources.ByArm[sources.Text]{Legacy: sources.NewText("41"), Candidate: sources.NewText("42")}
	for name, c := range map[string]struct {
		seen   sources.Precondition
		before func(*scene)
		after  func(*scene)
		says   string
	}{
		"another split":     {sources.Precondition{Split: sources.SplitAt(3*percent, time.Time{})}, nil, nil, "5 % now, the screen showed 3 %"},
		"another candidate": {sources.Precondition{Identity: identity}, func(s *scene) { s.look.Identity.Candidate = sources.NewText("43") }, nil, "candidate is 43 now, the screen showed 42"},
		"another legacy":    {sources.Precondition{Identity: identity}, func(s *scene) { s.look.Identity.Legacy = sources.NewText("40") }, nil, "legacy is 40 now"},
		"moved since":       {sources.Precondition{}, nil, func(s *scene) { s.plane.do(func() { s.plane.share = 7 * percent }) }, "7 % now, the preview showed 5 %"},
		"reloaded since":    {sources.Precondition{}, nil, func(s *scene) { s.plane.do(func() { s.plane.rev++ }) }, "not those of the preview"},
		"too old":           {sources.Precondition{}, nil, func(*scene) { time.Sleep(time.Hour) }, "too old"},
	} {
		play(t, nil, func(s *scene) {
			if c.before != nil {
				c.before(s)
			}
			a := setTo(10 * percent)
			a.Seen = c.seen
			p := s.preview(a)
			if c.after != nil {
				c.after(s)
			}
			_, err := s.seat().Do(s.Context(), p.ID, "")
			if !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), c.says) || len(s.plane.writes()) != 0 {
				t.Errorf("%s: %v, wrote %q", name, err, s.plane.writes())
			}
			if got := s.journal.kinds(); !strings.HasSuffix(got, "refusal") {
				t.Errorf("%s: journal %s", name, got)
			}
		})
	}
}

func TestRampUp_WithAnUnknownOutcomeIsReadAndNeverSentAgain(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		play(t, nil, func(s *scene) {
			s.plane.apply = func(_ int, set func()) error {
				if arrived {
					set()
				}
				return unreachable(true)
			}
			tr := s.begin(setTo(10 * percent))
			if arrived {
				s.until(tr, "observed", observed)
			} else if p := s.until(tr, "done", done); !errors.Is(p.Err, sources.ErrAmbiguous) || p.Rung != sources.Sent {
				t.Errorf("%+v", p)
			}
			if s.plane.applies != 1 {
				t.Errorf("sent %d times", s.plane.applies)
			}
		})
	}
}

func TestRampUp_WaitsForNothingThatIsHalfWay(t *testing.T) {
	play(t, nil, func(s *scene) {
		slow := make(chan struct{})
		s.plane.apply = func(_ int, set func()) error { <-slow; set(); return nil }
		s.begin(rollBack())
		if _, err := s.do(setTo(10 * percent)); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "rollback by ana is under way") {
			t.Errorf("err %v", err)
		}
		close(slow)
	})
}

func TestRampDown_IsAnOperatorsAndNeedsNoUnlocking(t *testing.T) {
	play(t, func(s *scene) {
		s.cfg.Env, s.cfg.Roles = "prod", map[string]sources.Role{"ana": sources.Operator}
		s.look.Doubts = []Doubt{{Why: "stale"}}
	}, func(s *scene) {
		s.until(s.begin(setTo(2*percent)), "observed", observed)
	})
}

func TestHold_OutlivesTheProcessAndStopsOthersUntilResumed(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.begin(sources.Action{Verb: sources.Hold, Reason: "looking"})
		s.end()
		s.desk.Wait()
		s.open()
		if got := s.desk.Held(); !strings.Contains(got, "held by ana") || !strings.Contains(got, "looking") {
			t.Errorf("held %q", got)
		}
		if _, err := s.do(setTo(10 * percent)); !errors.Is(err, sources.ErrDenied) {
			t.Errorf("err %v", err)
		}
		s.begin(sources.Action{Verb: sources.Resume, Reason: "fine"})
		if got := s.desk.Held(); got != "" {
			t.Errorf("held %q", got)
		}
		s.begin(setTo(10 * percent))
	})
}

func TestBreakglass_LeavesPolicyAsideLoudlyOnceUnlocked(t *testing.T) {
	play(t, func(s *scene) { s.cfg.Roles = map[string]sources.Role{"ana": sources.Breakglass} }, func(s *scene) {
		s.look.Doubts = []Doubt{{Why: "freeze until Monday", Do: "wait"}}
		if _, err := s.do(setTo(10 * percent)); !errors.Is(err, sources.ErrDenied) {
			t.Errorf("before unlocking: %v", err)
		}
		unlock(s, time.Minute)
		p := s.preview(setTo(10 * percent))
		if p.Confirm.Refuse != "" || len(p.Warnings) == 0 || !strings.Contains(p.Warnings[0].Text.String(), "leaves aside: freeze until Monday") || strings.Contains(p.Warnings[0].Text.String(), "wait") {
			t.Errorf("%+v", p)
		}
		done, err := s.seat().Do(s.Context(), p.ID, "")
		if err != nil || len(done.Aside) != 1 || !strings.Contains(done.Aside[0], "break-glass by ana (ramp of 42) leaves aside") {
			t.Errorf("%q, %v", done.Aside, err)
		}
		if got := s.journal.kinds(); !strings.Contains(got, "note intent") {
			t.Errorf("journal: %s", got)
		}
	})
}

func TestPlane_ThatCanOnlyBeWatchedRefusesEverythingButAHold(t *testing.T) {
	play(t, func(s *scene) { s.plane.watchOnly = true }, func(s *scene) {
		synctest.Wait()
		for _, a := range []sources.Action{rollBack(), setTo(10 * percent)} {
			if p := s.preview(a); p.Confirm.Refuse != "it can only be watched" {
				t.Errorf("%+v", p.Confirm)
			}
			if _, err := s.do(a); !errors.Is(err, sources.ErrDenied) {
				t.Errorf("err %v", err)
			}
		}
		s.begin(sources.Action{Verb: sources.Hold})
	})
}

func TestPreview_TellsTheLoadOfEachServerBeforeAndAfter(t *testing.T) {
	play(t, nil, func(s *scene) {
		if p := s.preview(rollBack()); p.Rates.Legacy.Known {
			t.Errorf("rates are not known: %+v", p.Rates)
		}
		s.look.Rates = &sources.ByArm[float64]{Legacy: 190, Candidate: 10}
		p := s.preview(rollBack())
		if p.Rates.Legacy != (sources.ServerRates{Before: 19, After: 20, Known: true}) || p.Rates.Candidate != (sources.ServerRates{Before: 10, Known: true}) {
			t.Errorf("%+v", p.Rates)
		}
		if len(p.Change.Writes) != 1 || p.Servers.Legacy != [2]int{10, 10} || p.Confirm.Word != "" || !p.Expires.IsZero() {
			t.Errorf("%+v", p)
		}
	})
}

func TestRestart_FindsOutByReadingWhatBecameOfAnOpenAction(t *testing.T) {
	for share, says := range map[sources.Share]string{0: "is what is set", 5 * percent: "is not what is set"} {
		play(t, nil, func(s *scene) {
			crash := make(chan struct{})
			s.plane.apply = func(int, func()) error { <-crash; return unreachable(false) }
			s.begin(rollBack())
			entries := s.journal.kinds()
			s.end()
			s.journal.do(func() { s.journal.fail = errors.New("this process is dead") })
			close(crash)
			s.desk.Wait()
			if entries != "intent" {
				t.Fatalf("journal: %s", entries)
			}
			s.journal.do(func() { s.journal.fail = nil })
			s.plane.do(func() { s.plane.share, s.plane.applies = share, 0 })
			s.open()
			time.Sleep(time.Minute)
			if got := strings.Join(s.desk.Unfinished(), "\n"); !strings.Contains(got, says) || !strings.Contains(got, "rollback by ana") {
				t.Errorf("%q", got)
			}
			if s.plane.applies != 0 {
				t.Error("it was sent again")
			}
			s.end()
			s.desk.Wait()
			s.open()
			if got := s.desk.Unfinished(); len(got) != 0 {
				t.Errorf("after another restart: %q", got)
			}
		})
	}
}
