package plane

import (
	"testing"
	"time"

	"rampart/sources"
)

func TestShows_AStepThatWholeWeightsHadNearlyTakenIsSeenByTrafficThatAgrees(t *testing.T) {
	for _, c := range []struct {
		before, want      float64
		legacy, candidate int64
		shown             bool
	}{
		{.0991, .10, 900, 100, true},  // a million requests would be needed to tell these two apart
		{.0991, .10, 9, 1, false},     // too few to say anything
		{.0991, .10, 700, 300, false}, // not what was asked for
		{.05, .10, 900, 100, true},
		{.05, .10, 930, 70, false}, // agrees with both
		{0, .01, 9900, 100, true},
		{0, .01, 1000, 0, false},
		{.995, .99, 10, 990, false}, // the small arm doubles: these lie apart, and a thousand requests do not tell
	} {
		before := sources.SplitAt(sources.ShareOf(c.before), time.Unix(0, 0))
		if got := Shows(before, sources.ShareOf(c.want), sources.ByArm[int64]{Legacy: c.legacy, Candidate: c.candidate}, sources.ByArm[int64]{}); got != c.shown {
			t.Errorf("from %v to %v, %d and %d requests: %v", c.before, c.want, c.legacy, c.candidate, got)
		}
	}
}
