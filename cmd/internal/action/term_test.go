package action

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

// set is a wall clock that somebody sets.
type set struct{ by atomic.Int64 }

func (c *set) now() time.Time { return time.Now().Add(time.Duration(c.by.Load())).Round(0) }

// wound runs a scene by a clock that can be set.
func wound(c *set) func(*scene) {
	return func(s *scene) {
		began := time.Now()
		s.cfg.Lives, s.cfg.Now, s.cfg.Elapsed = true, c.now, func() time.Duration { return time.Since(began) }
		s.cfg.Env, s.cfg.Roles = "prod", map[string]sources.Role{"*": sources.Promoter}
	}
}

func TestLimit_AClockThatIsSetForwardOrBackRevertsOnceAndNotLater(t *testing.T) {
	for name, jumps := range map[string][]time.Duration{
		"back an hour": {-time.Hour}, "forward an hour": {time.Hour}, "forward and back": {time.Hour, 0}, "back and forward": {-time.Hour, 0}, "a day back": {-24 * time.Hour},
	} {
		for _, stage := range []sources.Rung{sources.Sent, sources.Configured, sources.Observed} {
			c := &set{}
			play(t, wound(c), func(s *scene) {
				if err := s.seat().Unlock(s.Context(), time.Hour, "model 42"); err != nil {
					t.Fatal(err)
				}
				track := s.begin(within(10 * time.Minute))
				s.until(track, stage.String(), func(p sources.Progress) bool { return p.Rung >= stage })
				for _, by := range jumps {
					c.by.Store(int64(by))
					time.Sleep(100 * time.Millisecond)
				}
				time.Sleep(10*time.Minute + 30*time.Second)
				synctest.Wait()
				if w := s.plane.writes(); s.share() != 5*percent || len(w) != 2 {
					t.Errorf("%s at %v: the candidate has %v after %q", name, stage, s.share(), w)
				}
				time.Sleep(2 * time.Hour)
				if w := s.plane.writes(); len(w) != 2 {
					t.Errorf("%s at %v: later %q", name, stage, w)
				}
			})
		}
	}
}

func TestLimit_AClockThatWasSetBackWhileNobodyRanAddsNothingToATimeLimit(t *testing.T) {
	c := &set{}
	play(t, wound(c), func(s *scene) {
		_ = s.seat().Unlock(s.Context(), time.Hour, "model 42")
		s.until(s.begin(within(10*time.Minute)), "observed", observed)
		s.end()
		s.desk.Wait()
		c.by.Store(int64(-time.Hour))
		s.open()
		time.Sleep(10*time.Minute + 30*time.Second)
		synctest.Wait()
		if w := s.plane.writes(); s.share() != 5*percent || len(w) != 2 {
			t.Errorf("the candidate has %v after %q", s.share(), w)
		}
	})
}

func TestUnlock_AClockThatIsSetBackUnlocksForNoLonger(t *testing.T) {
	c := &set{}
	play(t, wound(c), func(s *scene) {
		if err := s.seat().Unlock(s.Context(), 10*time.Minute, "model 42"); err != nil {
			t.Fatal(err)
		}
		if _, _, _, ok := s.desk.Unlocked(); !ok {
			t.Fatal("it is locked")
		}
		c.by.Store(int64(-time.Hour))
		time.Sleep(11 * time.Minute)
		if _, _, _, ok := s.desk.Unlocked(); ok {
			t.Error("it is still unlocked by the wall")
		}
		if p := s.preview(setTo(10 * percent)); !strings.Contains(p.Confirm.Refuse, "locked") {
			t.Errorf("refused for %q", p.Confirm.Refuse)
		}
	})
}
