package runner

import (
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
)

// failing is a block of a rollout in which every second request of the candidate failed, and none of legacy's.
func failing(id string, end time.Time) (dossier.Header, *dossier.Block) {
	h := dossier.Header{ID: id, Measures: []dossier.Measure{{Name: "errors"}}}
	b := h.NewBlock()
	b.End = end
	for arm, bad := range map[*dossier.Arm]int64{&b.Legacy: 0, &b.Candidate: 100} {
		arm.Scraped = true
		arm.Counts[0] = dossier.Counts{Known: true, Requests: 200, Errors: bad}
	}
	return h, b
}

func strict() ramp.Rule {
	return ramp.Rule{Measure: "errors", Of: ramp.Success, Over: 100, Min: .95, Then: analysis.DoRollBack}
}

func TestTally_RulesLookAtWhatWasCountedSinceTheRampBegan(t *testing.T) {
	began := time.Unix(6000, 0)
	var y Tally
	y.Add(failing("42", began.Add(-15*time.Second)))
	since := began.Add(15 * time.Second)
	if got := y.Recent([]ramp.Rule{strict()}, since)[0]; got.Candidate.Requests != 0 {
		t.Errorf("of the candidate before: %+v", got)
	}
	y.Add(failing("43", began.Add(7*time.Second))) // it began before the ramp did
	if got := y.Recent([]ramp.Rule{strict()}, since)[0]; got.Candidate.Requests != 0 {
		t.Errorf("of the time before: %+v", got)
	}
	y.Add(failing("43", since))
	if got := y.Recent([]ramp.Rule{strict()}, since)[0]; got.Candidate.Requests != 200 || got.Candidate.Bad != 100 {
		t.Errorf("since it began: %+v", got)
	}
	if got := y.Recent([]ramp.Rule{strict()}, time.Time{})[0]; got.Candidate.Requests != 200 { // no more than the rule looks at
		t.Errorf("without a ramp: %+v", got)
	}
}

func TestRamp_IsNotRolledBackForTheCandidateBefore(t *testing.T) {
	var y Tally
	p := plan(t, "5% for 1h", "100%")
	p.Rules = []ramp.Rule{strict()}
	g := startWith(t, t.TempDir(), p, quiet, func(c *Config) { c.Tally = &y; y.Add(failing("41", c.Now().Add(-time.Minute))) }, func(*action.Config) {})
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	g.until(t, "a watched step, or a rollback", func(s ramp.State) bool { return s.Baked > time.Minute || s.Phase == ramp.RolledBack })
	if st := g.driver.State(); st.Phase != ramp.Running {
		t.Fatalf("it is %s: %s", st.Phase, st.Why)
	}
	y.Add(failing("42", g.driver.cfg.Now()))
	if st := g.until(t, "rolled back", phase(ramp.RolledBack)); st.Cause != ramp.RuleBroken {
		t.Errorf("because of %s: %s", st.Cause, st.Why)
	}
}
