package action

import (
	"testing"
	"time"

	"rampart/sources"
)

func TestGlass_IsBrokenForAWhileByWhoMayLeaveRulesAsideOnly(t *testing.T) {
	roles := map[string]sources.Role{"root": sources.Breakglass, "ana": sources.Promoter}
	play(t, func(s *scene) { s.cfg.Roles = roles }, func(s *scene) {
		for name, d := range map[string]time.Duration{"ana": time.Hour, "root": 10 * time.Minute} {
			if err := s.desk.Seat(Actor{Name: name}).Unlock(s.Context(), d, "sev 1"); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.desk.BrokenGlass(); len(got) != 1 || got[0].By != "root" || got[0].Reason != "sev 1" {
			t.Errorf("%+v", got)
		}
		time.Sleep(10 * time.Minute)
		if got := s.desk.BrokenGlass(); len(got) != 0 {
			t.Errorf("it is broken for ever: %+v", got)
		}
	})
}
