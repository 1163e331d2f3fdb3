package action

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

func lives(s *scene) { s.cfg.Lives = true }

// share is what the plane has now.
func (s *scene) share() sources.Share {
	s.plane.mu.Lock()
	defer s.plane.mu.Unlock()
	return s.plane.share
}

// within is a ramp-up to 10 % that reverts by itself.
func within(d time.Duration) sources.Action {
	return sources.Action{Verb: sources.SetSplit, To: 10 * percent, Confirm: d}
}

func TestLimit_AChangeThatNobodyConfirmsRevertsAndTheRevertIsFollowed(t *testing.T) {
	play(t, lives, func(s *scene) {
		track := s.begin(within(10 * time.Minute))
		p := s.until(track, "observed", observed)
		if !p.Deadline.Open() || p.Deadline.At.Sub(p.Began) != 10*time.Minute || p.Deadline.Back.Candidate != 5*percent {
			t.Errorf("%+v", p.Deadline)
		}
		if got := s.journal.kinds(); !strings.HasPrefix(got, "intent receipt") || !strings.Contains(s.journal.text("intent"), "back to 5 % at ") {
			t.Errorf("%s: %s", got, s.journal.text("intent"))
		}
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		newest := s.desk.Progress()[0]
		if got := s.share(); got != 5*percent || newest.Via != sources.ByDeadline || newest.Rung != sources.Observed || newest.Actor != "ana" {
			t.Errorf("the candidate has %v: %+v", got, newest)
		}
		if p := track.Progress(); p.Deadline.Open() {
			t.Errorf("still open: %+v", p.Deadline)
		}
		if n := len(s.plane.writes()); n != 2 {
			t.Errorf("%q", s.plane.writes())
		}
	})
}

func TestLimit_AConfirmedChangeStays(t *testing.T) {
	play(t, lives, func(s *scene) {
		track := s.begin(within(10 * time.Minute))
		s.until(track, "observed", observed)
		if err := s.desk.Seat(Actor{Name: "bo"}).Confirm(s.Context(), track.Progress().IntentID); err != nil {
			t.Fatal(err)
		}
		if d := track.Progress().Deadline; d.Open() || d.Confirmed != "bo" {
			t.Errorf("%+v", d)
		}
		time.Sleep(time.Hour)
		if s.share() != 10*percent || len(s.plane.writes()) != 1 {
			t.Errorf("%v, %q", s.share(), s.plane.writes())
		}
		if err := s.seat().Confirm(s.Context(), ""); !errors.Is(err, sources.ErrConflict) {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestLimit_IsConfirmedElsewhereAndIsReadFromTheJournal(t *testing.T) {
	play(t, lives, func(s *scene) {
		track := s.begin(within(10 * time.Minute))
		s.until(track, "observed", observed)
		_, _ = s.journal.Append(s.Context(), sources.Entry{Kind: sources.EntryConfirm, Context: "c", Service: "ranker", Actor: "bo", IntentID: track.Progress().IntentID})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if d := track.Progress().Deadline; d.Confirmed != "bo" {
			t.Errorf("%+v", d)
		}
		time.Sleep(time.Hour)
		if s.share() != 10*percent {
			t.Errorf("reverted to %v", s.share())
		}
	})
}

func TestLimit_TheJournalHasDeadlineAndInverseBeforeThePlaneHearsOfIt(t *testing.T) {
	play(t, lives, func(s *scene) {
		s.plane.apply = func(_ int, set func()) error {
			if got := s.journal.data("intent"); !strings.Contains(got, `"confirm":{"at":"`) || !strings.Contains(got, `"back":50000`) {
				t.Errorf("the journal had %q when it was written", got)
			}
			set()
			return nil
		}
		s.until(s.begin(within(time.Minute)), "observed", observed)
	})
}

func TestLimit_ARestartedProcessKeepsTheDeadline(t *testing.T) {
	for name, c := range map[string]struct {
		away time.Duration
		then func(*scene)
		want sources.Share
		says string
	}{
		"back in time":               {time.Minute, nil, 5 * percent, "receipt"},
		"back too late":              {time.Hour, nil, 5 * percent, "receipt"},
		"somebody went lower":        {time.Hour, func(s *scene) { s.plane.share = percent }, percent, "lapse"},
		"somebody rolled back":       {time.Hour, func(s *scene) { s.plane.share = 0 }, 0, "lapse"},
		"somebody went higher":       {time.Hour, func(s *scene) { s.plane.share = 20 * percent }, 5 * percent, "receipt"},
		"it was set back by someone": {time.Hour, func(s *scene) { s.plane.share = 5 * percent }, 5 * percent, "lapse"},
	} {
		play(t, lives, func(s *scene) {
			s.until(s.begin(within(10*time.Minute)), "configured", func(p sources.Progress) bool { return p.Rung >= sources.Configured })
			s.end()
			s.desk.Wait()
			time.Sleep(c.away)
			if c.then != nil {
				s.plane.do(func() { c.then(s) })
			}
			s.open()
			if c.away < 10*time.Minute {
				if p := s.desk.Progress(); len(p) != 1 || !p[0].Deadline.Open() {
					t.Errorf("%s: %+v", name, p)
				}
			}
			time.Sleep(10 * time.Minute)
			synctest.Wait()
			if got := s.share(); got != c.want || !strings.Contains(s.journal.kinds(), c.says) {
				t.Errorf("%s: the candidate has %v; %s", name, got, s.journal.kinds())
			}
			if _, open := s.desk.openLimit(""); open {
				t.Errorf("%s: the limit is still open", name)
			}
		})
	}
}

func TestLimit_IsKeptUntilThePlaneAnswers(t *testing.T) {
	play(t, lives, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		s.plane.do(func() { s.plane.read = func() error { return unreachable(false) } })
		time.Sleep(30 * time.Minute)
		if p := s.desk.Progress()[0]; !strings.Contains(p.Alarm, "trying again") {
			t.Errorf("%+v", p)
		}
		s.plane.do(func() { s.plane.read = nil })
		time.Sleep(time.Minute)
		if s.share() != 5*percent {
			t.Errorf("the candidate has %v", s.share())
		}
	})
}

func TestLimit_IsKeptWhileTheJournalIsFull(t *testing.T) {
	play(t, lives, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		s.journal.do(func() { s.journal.fail = errors.New("no space left on device") })
		time.Sleep(time.Hour)
		if s.share() != 5*percent || len(s.plane.writes()) != 2 {
			t.Errorf("the candidate has %v: %q", s.share(), s.plane.writes())
		}
	})
}

func TestLimit_ARollbackEndsIt(t *testing.T) {
	play(t, lives, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		s.until(s.begin(rollBack()), "observed", observed)
		time.Sleep(time.Hour)
		if s.share() != 0 || strings.Contains(s.journal.kinds(), "lapse") {
			t.Errorf("the candidate has %v; %s", s.share(), s.journal.kinds())
		}
	})
}

func TestLimit_NothingElseRampsUpBeforeItIsConfirmed(t *testing.T) {
	play(t, lives, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		if p := s.preview(setTo(20 * percent)); !strings.Contains(p.Confirm.Refuse, "confirm it first") {
			t.Errorf("%+v", p.Confirm)
		}
	})
}

func TestLimit_IsRefusedWhereItCouldNotBeKept(t *testing.T) {
	lower := within(time.Minute)
	lower.To = percent
	for name, c := range map[string]struct {
		set  func(*scene)
		a    sources.Action
		says string
	}{
		"a console that may be closed": {nil, within(time.Minute), "rampart run"},
		"a change downwards":           {lives, lower, "giving the candidate more"},
		"a week":                       {lives, within(7 * 24 * time.Hour), "24h"},
		"less than nothing":            {lives, within(-time.Minute), "24h"},
	} {
		play(t, c.set, func(s *scene) {
			p := s.preview(c.a)
			_, err := s.seat().Do(s.Context(), p.ID, "")
			if !strings.Contains(p.Confirm.Refuse, c.says) || !errors.Is(err, sources.ErrInvalid) || len(s.plane.writes()) > 0 {
				t.Errorf("%s: %q, %v", name, p.Confirm.Refuse, err)
			}
		})
	}
}

func TestLimit_ARollbackTakesNone(t *testing.T) {
	play(t, lives, func(s *scene) {
		a := rollBack()
		a.Confirm = time.Minute
		s.until(s.begin(a), "observed", observed)
		time.Sleep(time.Hour)
		if s.share() != 0 {
			t.Errorf("a rollback was reverted to %v", s.share())
		}
	})
}

func TestLimit_ConfirmingTakesAPromoterAndAJournal(t *testing.T) {
	play(t, func(s *scene) {
		lives(s)
		s.cfg.Roles = map[string]sources.Role{"ana": sources.Promoter, "op": sources.Operator}
	}, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		if err := s.desk.Seat(Actor{Name: "op"}).Confirm(s.Context(), ""); !errors.Is(err, sources.ErrDenied) {
			t.Error(err)
		}
		s.journal.do(func() { s.journal.fail = errors.New("full") })
		if err := s.seat().Confirm(s.Context(), ""); err == nil || !strings.Contains(err.Error(), "still reverts at") {
			t.Error(err)
		}
	})
}

func TestLimit_WhatAnotherHandRaisedAboveItGoesBackLikeIt(t *testing.T) {
	play(t, lives, func(s *scene) {
		track := s.begin(within(10 * time.Minute))
		s.until(track, "observed", observed)
		s.plane.do(func() { s.plane.share = 75 * percent }) // a reload that forgot the weights
		time.Sleep(time.Minute)
		synctest.Wait()
		if p := track.Progress(); !errors.Is(p.Err, sources.ErrReverted) || !p.Deadline.Open() {
			t.Errorf("%+v", p)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		newest := s.desk.Progress()[0]
		if got := s.share(); got != 5*percent || newest.Via != sources.ByDeadline || newest.Rung != sources.Observed {
			t.Errorf("the candidate has %v: %+v", got, newest)
		}
		if p := track.Progress(); p.Deadline.Open() {
			t.Errorf("still open: %+v", p.Deadline)
		}
	})
}

func TestLimit_ARevertThatIsUndoneIsAlarmedAndNotFoughtOver(t *testing.T) {
	play(t, lives, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		s.plane.do(func() {
			s.plane.apply = func(_ int, set func()) error { // an agent whose next answer undoes it
				set()
				time.AfterFunc(5*time.Second, func() { s.plane.do(func() { s.plane.share = 75 * percent }) })
				return nil
			}
		})
		time.Sleep(time.Hour)
		synctest.Wait()
		newest := s.desk.Progress()[0]
		if n := len(s.plane.writes()); n != 2 || newest.Via != sources.ByDeadline || newest.Alarm == "" {
			t.Errorf("%d writes: %+v", n, newest)
		}
		if _, open := s.desk.openLimit(""); open {
			t.Error("it would be tried for ever")
		}
	})
}

func TestLimit_StaysOpenWhereAnAgentCheckMakesLessOfTheChangeAndEndsWhereItIsNoMoreThanBefore(t *testing.T) {
	for name, c := range map[string]struct {
		agent, want sources.Share
		says        string
	}{
		"less than nobody confirmed": {7 * percent, 5 * percent, "receipt"},
		"less than there was":        {4 * percent, 4 * percent, "reverted"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, lives, func(s *scene) {
				s.until(s.begin(within(10*time.Minute)), "observed", observed)
				s.plane.do(func() { s.plane.share, s.plane.agent = c.agent, 1 })
				time.Sleep(9 * time.Minute)
				s.plane.do(func() { s.plane.agent = 0 }) // it is silenced, and what it set stands
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if got := s.share(); got != c.want || s.journal.text(sources.EntryKind(c.says)) == "" {
					t.Errorf("the candidate has %v: %s", got, s.journal.kinds())
				}
			})
		})
	}
}
