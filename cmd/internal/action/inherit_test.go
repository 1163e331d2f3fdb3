package action

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// again ends the process that rolled back, and opens another one after a while.
func (s *scene) again(after time.Duration) {
	s.end()
	s.desk.Wait()
	time.Sleep(after)
	s.open()
}

func rolledBack(s *scene) {
	tr := s.begin(rollBack())
	s.until(tr, "observed", observed)
}

func TestRevert_OfARollbackByAProcessThatIsGoneIsSaidByTheNextOne(t *testing.T) {
	play(t, nil, func(s *scene) {
		rolledBack(s)
		s.again(time.Minute)
		time.Sleep(time.Minute)
		if got := s.desk.Progress(); len(got) != 0 {
			t.Fatalf("nobody undid it, and there is %+v", got)
		}
		s.plane.do(func() { s.plane.share = 5 * percent })
		time.Sleep(10 * time.Second)
		got := s.desk.Progress()
		if len(got) != 1 || !errors.Is(got[0].Err, sources.ErrReverted) || !strings.Contains(got[0].Alarm, "rollback by ana") || !strings.Contains(got[0].Next, "roll back again") {
			t.Fatalf("shown: %+v", got)
		}
		if kinds := s.journal.kinds(); !strings.HasSuffix(kinds, "reverted") {
			t.Errorf("journal: %s", kinds)
		}
		s.again(time.Second)
		time.Sleep(time.Minute)
		if got := s.desk.Progress(); len(got) != 0 || strings.Count(s.journal.kinds(), "reverted") != 1 {
			t.Errorf("said a second time: %+v", got)
		}
	})
}

func TestRevert_OfWhatNobodyConfirmedIsFollowedByTheNextProcessAsWell(t *testing.T) {
	play(t, lives, func(s *scene) {
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		time.Sleep(11 * time.Minute)
		s.again(time.Minute)
		s.plane.do(func() { s.plane.share = 10 * percent })
		time.Sleep(10 * time.Second)
		got := s.desk.Progress()
		if len(got) != 1 || !errors.Is(got[0].Err, sources.ErrReverted) || !strings.Contains(got[0].Alarm, "the revert by the time limit of ana at 00:10:00 was undone: the candidate has 10 % set, it was 5 %") {
			t.Fatalf("shown: %+v", got)
		}
		if kinds := s.journal.kinds(); !strings.HasSuffix(kinds, "reverted") || len(s.plane.writes()) != 2 {
			t.Errorf("journal: %s, wrote %q", kinds, s.plane.writes())
		}
	})
}

func TestRevert_OfAnEarlierProcessIsSaidBelowTheRollbackThatSomebodyMakesMeanwhile(t *testing.T) {
	play(t, nil, func(s *scene) {
		rolledBack(s)
		s.again(time.Minute)
		s.plane.do(func() {
			s.plane.share = 5 * percent
			s.plane.apply = func(_ int, set func()) error {
				time.Sleep(20 * time.Second) // a router that answers late
				set()
				return nil
			}
		})
		newer := s.begin(rollBack())
		time.Sleep(10 * time.Second)
		got := s.desk.Progress()
		if !slices.ContainsFunc(got, func(p sources.Progress) bool { return errors.Is(p.Err, sources.ErrReverted) }) {
			t.Errorf("that the earlier one was undone is not shown: %+v", got)
		}
		if top := got[0]; top.IntentID != newer.Progress().IntentID {
			t.Errorf("one is on its way, and on top is %s: %s", top.Alarm, top.Next)
		}
		s.until(newer, "observed", observed)
		if top := s.desk.Progress()[0]; top.IntentID != newer.Progress().IntentID || top.Next != "" {
			t.Errorf("it did what it was asked to, and on top is %s: %s", top.Alarm, top.Next)
		}
	})
}

func TestRevert_IsNoneWhenSomebodyAskedForItOrItsTimeIsOver(t *testing.T) {
	for name, story := range map[string]func(*scene){
		"set on purpose": func(s *scene) {
			s.again(time.Minute)
			tr := s.begin(setTo(5 * percent))
			s.until(tr, "observed", observed)
		},
		"set on purpose, and the journal cannot be read since": func(s *scene) {
			s.again(time.Minute)
			s.begin(setTo(5 * percent))
			hang := make(chan struct{})
			s.journal.do(func() { s.journal.readHang = hang })
			time.Sleep(time.Minute)
			s.journal.do(func() { s.journal.readHang = nil })
			close(hang)
		},
		"eleven minutes later": func(s *scene) {
			s.again(11 * time.Minute)
			s.plane.do(func() { s.plane.share = 5 * percent })
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *scene) {
				rolledBack(s)
				story(s)
				time.Sleep(time.Minute)
				if kinds := s.journal.kinds(); strings.Contains(kinds, "reverted") {
					t.Errorf("journal: %s", kinds)
				}
			})
		})
	}
}
