package frame

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestRamp_ThatWasPromotedIsNotSaidToHaveAllOfTheTrafficOnceSomebodyTookSome(t *testing.T) {
	promoted := time.Date(2026, time.March, 9, 10, 0, 0, 0, time.UTC)
	st := ramp.State{Phase: ramp.Promoted, Since: promoted, Why: "the candidate has all of the traffic"}
	for name, c := range map[string]struct {
		split sources.Split
		stays bool
	}{
		"as it was set":       {sources.SplitAt(sources.Whole, promoted.Add(time.Minute)), true},
		"read before the end": {sources.SplitAt(sources.ShareOf(.5), promoted.Add(-time.Second)), true},
		"not read":            {sources.Split{}, true},
		"somebody took some":  {sources.SplitAt(sources.ShareOf(.3), promoted.Add(time.Minute)), false},
	} {
		got := RampOf(ramp.Plan{}, st, ramp.Input{Split: c.split}).Why
		if stays := got == st.Why; stays != c.stays || !c.stays && !strings.Contains(got, "another share since") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestNextStep_IsTheFirstThatIsNotSetAlready(t *testing.T) {
	f := &Frame{Plan: &Plan{Steps: []Step{{To: 10_000}, {To: 100_000}, {To: 250_000}, {To: sources.Whole}}}}
	for set, want := range map[sources.Share]sources.Share{
		0: 10_000, 9_901: 100_000, 50_000: 100_000, 99_099: 250_000, 100_000: 250_000, 250_000: sources.Whole, sources.Whole: 0,
	} {
		f.Traffic.Set = sources.Split{Known: true, Candidate: set}
		if got := f.NextStep(); got != want {
			t.Errorf("at %v: %v, want %v", set, got, want)
		}
	}
}
