package runner

import (
	"errors"
	"strings"
	"testing"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

func TestApprove_TakesAShareThatAStepWaitsForAndNamesThoseOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		steps []string
		to    sources.Share
		why   string
	}{
		"the gate's own share":  {[]string{"5% for 1h then approve", "25% for 1h then approve", "100%"}, 5 * percent, "no step waits for an approval of 5 %: the plan waits for one of 25 % and of 100 %"},
		"the share behind it":   {[]string{"5% for 1h then approve", "25% for 1h then approve", "100%"}, 25 * percent, ""},
		"that of a later gate":  {[]string{"5% for 1h then approve", "25% for 1h then approve", "100%"}, sources.Whole, ""},
		"one between the steps": {[]string{"5% for 1h then approve", "25% for 1h", "100%"}, 10 * percent, "waits for one of 25 %"},
		"a plan without a gate": {[]string{"5% for 1h", "100%"}, sources.Whole, "no step of the plan waits for an approval"},
		"no share":              {[]string{"5% for 1h", "100%"}, 0, "say a share above 0 %"},
	} {
		t.Run(name, func(t *testing.T) {
			g := running(t, c.steps...)
			err := g.driver.Seat(action.Actor{Name: "bo"}).Approve(t.Context(), sources.Approval{Candidate: sources.NewText("42"), To: c.to})
			switch {
			case c.why == "" && err != nil:
				t.Errorf("it was refused: %v", err)
			case c.why != "" && (err == nil || !strings.Contains(err.Error(), c.why)):
				t.Errorf("%v, want %q", err, c.why)
			case c.to > 0 && c.why != "" && !errors.Is(err, sources.ErrConflict):
				t.Errorf("its kind is another: %v", err)
			}
		})
	}
}

func TestApprove_WhereThePlanAsksForASecondPersonItIsNotTheOneWhoBeganTheRamp(t *testing.T) {
	p := plan(t, "5% for 1h then approve", "100%")
	p.SecondPerson = true
	g := start(t, t.TempDir(), p, quiet)
	t.Cleanup(g.stop)
	g.begin(t, "ana")
	yes := sources.Approval{Candidate: sources.NewText("42"), To: sources.Whole}
	err := g.driver.Seat(action.Actor{Name: "ana"}).Approve(t.Context(), yes)
	if !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "somebody else than ana") {
		t.Errorf("her own: %v", err)
	}
	if err := g.driver.Seat(action.Actor{Name: "bo"}).Approve(t.Context(), yes); err != nil {
		t.Errorf("another's: %v", err)
	}
}

func TestApprove_OfTheOneWhoBeginsHidesNobodyElses(t *testing.T) {
	p := plan(t, "5% for 10s then approve", "100%")
	p.SecondPerson = true
	g := start(t, t.TempDir(), p, quiet)
	t.Cleanup(g.stop)
	for _, who := range []string{"bo", "ana"} { // before anybody has begun, ana's newer one is as good as bo's
		if err := g.driver.Seat(action.Actor{Name: who}).Approve(t.Context(), sources.Approval{Candidate: sources.NewText("42"), To: sources.Whole}); err != nil {
			t.Fatal(err)
		}
	}
	g.begin(t, "ana")
	g.until(t, "promoted", phase(ramp.Promoted))
}
