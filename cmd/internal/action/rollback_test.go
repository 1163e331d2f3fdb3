package action

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

func TestRollBack_IsFollowedRungByRungUntilTrafficShowsItAndThenWatched(t *testing.T) {
	play(t, nil, func(s *scene) {
		tr := s.begin(rollBack())
		p := s.until(tr, "observed", observed)
		var rungs []sources.Rung
		for _, r := range p.Rungs {
			rungs = append(rungs, r.Rung)
			if r.At.IsZero() {
				t.Errorf("%v has no time", r.Rung)
			}
		}
		if want := []sources.Rung{sources.Sent, sources.Accepted, sources.Configured, sources.Effective, sources.Observed}; !slices.Equal(rungs, want) {
			t.Errorf("rungs %v", rungs)
		}
		if p.Done || !p.Watching.After(time.Now().Add(9*time.Minute)) {
			t.Errorf("watched until %v, done %v", p.Watching, p.Done)
		}
		p = s.until(tr, "done", done)
		if p.Err != nil || time.Since(p.Began) < 10*time.Minute {
			t.Errorf("ended after %v with %v", time.Since(p.Began), p.Err)
		}
		if got := s.journal.kinds(); got != "intent receipt rung rung" {
			t.Errorf("journal: %s", got)
		}
	})
}

func TestRollBack_IsJournalledBeforeItIsSent(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.plane.apply = func(_ int, set func()) error {
			if got := s.journal.kinds(); got != "intent" {
				t.Errorf("sent when the journal had %q", got)
			}
			s.journal.do(func() {
				if e := s.journal.entries[0]; !strings.HasSuffix(e.Text, "(errors)") || !strings.Contains(string(e.Data), `"reason":"errors"`) {
					t.Errorf("the intent does not say why: %s %s", e.Text, e.Data)
				}
			})
			set()
			return nil
		}
		s.begin(rollBack())
	})
}

func TestRollBack_IsNotStoppedByLockHoldDoubtsOrAge(t *testing.T) {
	play(t, func(s *scene) {
		s.cfg.Env, s.cfg.Roles = "prod", map[string]sources.Role{"ana": sources.Operator}
		s.look.Doubts = []Doubt{{Why: "metrics are 3 minutes old"}, {Why: "freeze until Monday"}}
	}, func(s *scene) {
		s.begin(sources.Action{Verb: sources.Hold, Reason: "looking"})
		p := s.preview(rollBack())
		time.Sleep(time.Hour)
		if _, err := s.seat().Do(s.Context(), p.ID, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestRollBack_IsPlannedAgainInPlaceWhenTheSplitMoved(t *testing.T) {
	play(t, nil, func(s *scene) {
		a := rollBack()
		a.Seen.Split = sources.SplitAt(3*percent, time.Now())
		p := s.preview(a)
		if !strings.Contains(p.Replan, "5 % now, the screen showed 3 %") || p.Confirm.Refuse != "" {
			t.Errorf("%+v", p)
		}
		s.plane.do(func() { s.plane.share, s.plane.rev = 20*percent, 7 })
		tr, err := s.seat().Start(s.Context(), p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		s.until(tr, "observed", observed)
		if got := s.plane.writes(); !slices.Equal(got, []string{"set canary-1 0 %"}) {
			t.Errorf("wrote %q", got)
		}
	})
}

func TestRollBack_ShowsAnotherCandidateAndRefusesAnotherLegacy(t *testing.T) {
	play(t, nil, func(s *scene) {
		a := rollBack()
		a.Seen.Identity = sources.ByArm[sources.Text]{Legacy: sources.NewText("41"), Candidate: sources.NewText("42")}
		s.look.Identity = sources.ByArm[sources.Text]{Legacy: sources.NewText("41"), Candidate: sources.NewText("43")}
		if p := s.preview(a); !strings.Contains(p.Replan, "candidate is 43 now, the screen showed 42") || p.Confirm.Refuse != "" {
			t.Errorf("%+v", p)
		}
		p := s.preview(a)
		s.look.Identity.Legacy = sources.NewText("40")
		if _, err := s.seat().Do(s.Context(), p.ID, ""); !errors.Is(err, sources.ErrConflict) {
			t.Errorf("legacy changed after the preview: %v", err)
		}
		if p := s.preview(a); !strings.Contains(p.Confirm.Refuse, "legacy is 40 now") {
			t.Errorf("%+v", p.Confirm)
		}
		if len(s.plane.writes()) != 0 {
			t.Error("something was written")
		}
	})
}

func TestRollBack_ToALegacyWithoutAServerTakesATypedWord(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.plane.legacyUp = 0
		p := s.preview(rollBack())
		if p.Confirm.Word == "" || !strings.Contains(p.Confirm.Why, "no legacy server of 10") || p.Servers.Legacy != [2]int{0, 10} {
			t.Errorf("%+v", p.Confirm)
		}
		if _, err := s.seat().Do(s.Context(), p.ID, ""); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("without the word: %v", err)
		}
		if _, err := s.seat().Do(s.Context(), p.ID, p.Confirm.Word); err != nil {
			t.Errorf("with the word: %v", err)
		}
	})
	play(t, nil, func(s *scene) {
		p := s.preview(rollBack())
		s.plane.do(func() { s.plane.legacyUp = 0 })
		if _, err := s.seat().Do(s.Context(), p.ID, ""); !errors.Is(err, sources.ErrConflict) || len(s.plane.writes()) != 0 {
			t.Errorf("legacy went down after the preview: %v, wrote %q", err, s.plane.writes())
		}
	})
}

func TestRollBack_KeepsTryingUntilThePlaneIsReached(t *testing.T) {
	play(t, nil, func(s *scene) {
		until := time.Now().Add(5 * time.Minute)
		s.plane.read = func() error {
			if time.Now().Before(until) {
				return unreachable(false)
			}
			return nil
		}
		p := s.preview(rollBack())
		if len(p.Warnings) == 0 || !strings.Contains(p.Warnings[0].Text.String(), "tried until it can") {
			t.Errorf("warnings %v", p.Warnings)
		}
		tr, err := s.seat().Start(s.Context(), p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if p := tr.Progress(); !strings.Contains(p.Alarm, "trying again") || p.Done {
			t.Errorf("%+v", p)
		}
		got := s.until(tr, "observed", observed)
		if wait := got.Rungs[0].At.Sub(until); wait < 0 || wait > 16*time.Second {
			t.Errorf("sent %v after the plane came back", wait)
		}
		if got.Alarm != "" {
			t.Errorf("the alarm stays: %s", got.Alarm)
		}
	})
}

func TestRollBack_KeepsTryingWhileThePlaneAnswersNonsense(t *testing.T) {
	play(t, nil, func(s *scene) {
		until := time.Now().Add(time.Minute)
		s.plane.read = func() error {
			if time.Now().Before(until) {
				return &sources.Error{Op: "read", Target: "lb1", Kind: sources.ErrInvalid, Cause: errors.New("<html>back soon")}
			}
			return nil
		}
		if _, err := s.seat().Preview(s.Context(), setTo(10*percent)); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("a ramp is previewed blindly: %v", err)
		}
		tr := s.begin(rollBack())
		if p := tr.Progress(); p.Done || !p.Change.To.Known || p.Change.To.Candidate != 0 || p.Change.From.Known {
			t.Errorf("of a split that cannot be read nothing but the way is known: %+v", p)
		}
		s.until(tr, "observed", observed)
	})
}

func TestRollBack_WithAnUnknownOutcomeIsReadBackBeforeAnythingElse(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.plane.apply = func(n int, set func()) error {
			set() // the answer is lost, the write is not
			if n == 1 {
				return unreachable(true)
			}
			return nil
		}
		tr := s.begin(rollBack())
		s.until(tr, "observed", observed)
		if got := s.plane.writes(); !slices.Equal(got, []string{"set canary-1 0 %"}) {
			t.Errorf("wrote %q", got)
		}
	})
}

func TestRollBack_IsRefusedAtOnceWhereItHasNoRight(t *testing.T) {
	play(t, nil, func(s *scene) {
		began := time.Now()
		denied := &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrDenied, Cause: errors.New("Permission denied"), Sent: true}
		s.plane.apply = func(int, func()) error { return denied }
		_, _ = s.do(rollBack())
		synctest.Wait()
		p := s.desk.Progress()[0]
		if !p.Done || !errors.Is(p.Err, sources.ErrDenied) || s.plane.applies != 1 || !strings.Contains(p.Next, "by hand") || p.Rung != sources.RungNone {
			t.Errorf("%d tries: %+v", s.plane.applies, p)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("it was followed for %s", took)
		}
		if got := s.journal.kinds(); got != "intent receipt refusal" || !strings.Contains(s.journal.data("receipt"), "Permission denied") {
			t.Errorf("%s: %s", got, s.journal.data("receipt"))
		}
	})
}

func TestRollBack_GoesOnWhenItsTerminalCloses(t *testing.T) {
	play(t, nil, func(s *scene) {
		slow := make(chan struct{})
		s.plane.apply = func(_ int, set func()) error { <-slow; set(); return nil }
		p := s.preview(rollBack())
		ctx, hangUp := context.WithCancel(s.Context())
		tr, err := s.seat().Start(ctx, p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		hangUp()
		close(slow)
		if err := s.desk.Finish(s.Context()); err != nil || tr.Progress().Rung < sources.Configured {
			t.Errorf("finished at %v, %v", tr.Progress().Rung, err)
		}
	})
}

func TestRollBack_TwiceIsOnce(t *testing.T) {
	play(t, nil, func(s *scene) {
		slow := make(chan struct{})
		s.plane.apply = func(_ int, set func()) error { <-slow; set(); return nil }
		p := s.preview(rollBack())
		first, err := s.seat().Start(s.Context(), p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.seat().Start(s.Context(), p.ID, "")
		if err != nil || again != first {
			t.Errorf("the same preview: %v", err)
		}
		q := s.preview(rollBack())
		if other, err := s.desk.Seat(Actor{Name: "bo"}).Start(s.Context(), q.ID, ""); !errors.Is(err, sources.ErrConflict) {
			t.Errorf("somebody else's preview: %v, %v", other, err)
		}
		if joined, err := s.seat().Start(s.Context(), q.ID, ""); err != nil || joined != first {
			t.Errorf("another rollback joins the first: %v", err)
		}
		close(slow)
		s.until(first, "observed", observed)
		if len(s.plane.writes()) != 1 {
			t.Errorf("wrote %q", s.plane.writes())
		}
	})
}

func TestRollBack_TakesOverFromARamp(t *testing.T) {
	play(t, nil, func(s *scene) {
		ramp := s.begin(setTo(10 * percent))
		s.until(ramp, "observed", observed)
		back := s.begin(rollBack())
		s.until(back, "observed", observed)
		if p := ramp.Progress(); !p.Done || p.Err != nil || !strings.Contains(p.Alarm, "taken over by rollback of ana") {
			t.Errorf("the ramp: %+v", p)
		}
		if all := s.desk.Progress(); len(all) != 2 || all[0].Action.Verb != sources.RollBack {
			t.Errorf("%d actions", len(all))
		}
		if got := s.desk.Asked(); !got.Known || got.Candidate != 0 {
			t.Errorf("asked %v", got)
		}
	})
}

func TestJournal_ThatCannotBeWrittenDoesNotStopARollbackAndIsToldAboutLater(t *testing.T) {
	full := &sources.Error{Op: "append", Target: "audit.jsonl", Kind: sources.ErrUnreachable, Cause: errors.New("no space left on device")}
	play(t, func(s *scene) { s.journal.fail = full }, func(s *scene) {
		tr := s.begin(rollBack())
		p := s.until(tr, "observed", observed)
		synctest.Wait()
		if !strings.Contains(p.Alarm, "journal cannot be written") || !strings.Contains(s.desk.JournalAlarm(), "no space left") {
			t.Errorf("not loud: %q, %q", p.Alarm, s.desk.JournalAlarm())
		}
		if p.Unnoted != p.Alarm {
			t.Errorf("the journal's trouble is not told from the traffic's: %q", p.Unnoted)
		}
		if _, err := s.do(setTo(10 * percent)); !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "journal") {
			t.Errorf("ramping up: %v", err)
		}
		s.journal.do(func() { s.journal.fail = nil })
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if got := s.journal.kinds(); got != "gap" {
			t.Errorf("journal: %s", got)
		}
		if s.desk.JournalAlarm() != "" {
			t.Errorf("the alarm stays: %s", s.desk.JournalAlarm())
		}
		if e := s.journal.entries[0]; !strings.Contains(string(e.Data), "set canary-1 0 %") {
			t.Errorf("the gap does not say what was done: %s", e.Data)
		}
	})
}

func TestJournal_ThatHangsHoldsARollbackUpForTwoSecondsAtMost(t *testing.T) {
	play(t, nil, func(s *scene) {
		s.journal.hang = make(chan struct{})
		began := time.Now()
		tr := s.begin(rollBack())
		if p := s.until(tr, "accepted", func(p sources.Progress) bool { return p.Rung >= sources.Accepted }); time.Since(began) > 2*time.Second {
			t.Errorf("accepted after %v: %+v", time.Since(began), p)
		}
		close(s.journal.hang)
	})
}
