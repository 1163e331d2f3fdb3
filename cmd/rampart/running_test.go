package main

import (
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestRun_ThatIsToldToEndSaysWhatAWatchdogWillDoToItsRamp(t *testing.T) {
	five, guarded := sources.Whole/20, ramp.Plan{Watchdog: 30 * time.Second}
	const says = "ranker: its ramp is held at 5 %, and nobody judges it now: a watchdog sets 0 % in 30s unless a runner is back by then; to keep the share, end the ramp there (rampart ramp stop)"
	for name, c := range map[string]struct {
		plan ramp.Plan
		st   ramp.State
		want string
	}{
		"held":             {guarded, ramp.State{Phase: ramp.Held, Share: five}, says},
		"without watchdog": {ramp.Plan{}, ramp.State{Phase: ramp.Held, Share: five}, ""},
		"at 0 %":           {guarded, ramp.State{Phase: ramp.Held}, ""},
		"stopped":          {guarded, ramp.State{Phase: ramp.Ended, Share: five}, ""},
	} {
		if got := orphaned("ranker", c.plan, c.st); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
