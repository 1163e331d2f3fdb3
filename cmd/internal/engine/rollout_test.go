package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

func TestRollout_TheLegacysVersionIsLearntWhenItsFirstSeriesComesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := newTown(time.Now().Add(-10 * time.Minute))
		late := world.versions[0]
		world.versions = world.versions[1:]
		e, stop := run(t, Config{Service: ranker(), Metrics: world})
		defer stop()
		first := after(e, time.Minute).Rollout
		if first.Legacy.String() != "" || first.Candidate.String() != "42" {
			t.Fatalf("it begins as %+v", first)
		}
		late.From = time.Now()
		world.set(func(w *town) { w.versions = append(w.versions, late) })
		then := after(e, 2*time.Minute).Rollout
		if then.Legacy.String() != "41" || then.ID != first.ID {
			t.Errorf("%+v became %+v", first, then)
		}
	})
}

func TestRollout_TwoVersionsSideBySideDoNotTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := newTown(time.Now().Add(-10 * time.Minute)) // its versions never end
		e, stop := run(t, Config{Service: ranker(), Metrics: world})
		defer stop()
		after(e, time.Minute)
		world.set(func(w *town) {
			w.versions = append(w.versions,
				sources.Identity{Arm: sources.Legacy, Version: sources.NewText("100"), From: time.Now()}, // a lesser text than 41
				sources.Identity{Arm: sources.Candidate, Version: sources.NewText("101"), From: time.Now()})
		})
		f := after(e, 5*time.Minute)
		if f.Rollout.Legacy.String() != "100" || f.Rollout.Candidate.String() != "101" {
			t.Errorf("it is %+v", f.Rollout)
		}
		began := 0
		for _, tick := range f.Ticks {
			if strings.Contains(tick.Text.String(), "a new rollout") {
				began++
			}
		}
		if began != 1 {
			t.Errorf("%d rollouts began: %v", began, f.Ticks)
		}
	})
}
