package engine

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

func histogram(counts ...int64) *sources.Histogram {
	return &sources.Histogram{Edges: []float64{1, 2}, Counts: counts, Sum: 10}
}

func TestDrift_AFeatureWithoutValuesSaysWhichArmHasNone(t *testing.T) {
	w := sources.Window{From: time.Unix(0, 0), To: time.Unix(60, 0)}
	for name, c := range map[string]struct {
		of        sources.ByArm[*sources.Histogram]
		says      string
		candidate string
	}{
		"neither":   {sources.ByArm[*sources.Histogram]{}, "no values in the window", "no values in the window"},
		"candidate": {sources.ByArm[*sources.Histogram]{Legacy: histogram(4, 3, 2)}, "no candidate values in the window", "no values in the window"},
		"idle":      {sources.ByArm[*sources.Histogram]{Legacy: histogram(4, 3, 2), Candidate: histogram(0, 0, 0)}, "no candidate values in the window", "no values in the window"},
		"legacy":    {sources.ByArm[*sources.Histogram]{Candidate: histogram(4, 3, 2)}, "no legacy values in the window", "nothing to compare with"},
	} {
		f := feature(Drift{}, sources.Distribution{Name: "age", Histogram: c.of}, w)
		if f.Mark != analysis.MarkMissing || f.PSI.Known || f.PSI.Why != c.says || f.Candidate.Why != c.candidate {
			t.Errorf("%s: mark %v, PSI %+v, candidate %+v", name, f.Mark, f.PSI, f.Candidate)
		}
		if got := driftNote(f); !strings.Contains(got, c.says) {
			t.Errorf("%s: the row says %q", name, got)
		}
	}
}
