package ramp_test

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// classic are the two rules that a classic controller is given.
func classic() []ramp.Rule {
	return []ramp.Rule{
		{Measure: "latency", Of: ramp.Latency, Over: 100, Max: 1.1, Then: analysis.DoRollBack},
		{Measure: "errors", Of: ramp.Success, Over: 100, Min: .95, Then: analysis.DoRollBack},
	}
}

func TestRule_OverTheLastHundredRequestsAClassicControllerRollsBack(t *testing.T) {
	for _, c := range []struct {
		name      string
		seconds   float64 // of 100 requests of the candidate; legacy takes 20
		bad       int64   // of 100; legacy has 2
		n         int64
		roundBack bool
	}{
		{"as fast and as good as legacy", 20, 2, 100, false},
		{"just as slow as allowed", 22, 2, 100, false},
		{"latency above 1.1 × legacy", 22.1, 2, 100, true},
		{"just as bad as allowed", 20, 6, 100, false},
		{"success below 0.95 × legacy", 20, 7, 100, true},
		{"too few requests to speak", 99, 99, 99, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := plan(t, "5% for 30m", "100%")
			p.Rules = classic()
			w := begun(t, p)
			of := func(seconds float64, bad int64) sources.ByArm[ramp.Sums] {
				return sources.ByArm[ramp.Sums]{
					Legacy: ramp.Sums{Requests: 100, Bad: 2, Seconds: 20}, Candidate: ramp.Sums{Requests: c.n, Bad: bad, Seconds: seconds},
				}
			}
			w.in.Recent = []sources.ByArm[ramp.Sums]{of(c.seconds, 0), of(0, c.bad)}
			w.pass(time.Minute)
			if got := w.state.Phase == ramp.RolledBack; got != c.roundBack {
				t.Errorf("%s: %s", w.state.Phase, w.state.Why)
			}
		})
	}
}

func TestRule_SpeaksOnlyWhenThereIsSomethingToDivideBy(t *testing.T) {
	errors := ramp.Rule{Measure: "errors", Of: ramp.Errors, Over: 10, Max: 2, Then: analysis.DoAsk}
	slow := ramp.Rule{Measure: "slow", Of: ramp.Latency, Over: 10, Max: 2, Then: analysis.DoAsk}
	now := sources.ByArm[ramp.Sums]{Legacy: ramp.Sums{Requests: 10}, Candidate: ramp.Sums{Requests: 10, Bad: 1, Seconds: 9}}
	if said, breached := errors.Breached(now); !breached || !strings.Contains(said, "legacy none") {
		t.Errorf("errors: %v %q", breached, said)
	}
	if _, breached := slow.Breached(now); breached {
		t.Error("latency against nothing")
	}
}
