package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/engine"
	"rampart/sources"
)

// young holds gauges, and histograms for less than is asked of it.
type young struct{ sources.Metrics }

func (young) Distributions(_ context.Context, q sources.DistributionQuery, _ sources.Window) ([]sources.Distribution, error) {
	d := sources.Distribution{Name: q.Measure}
	if q.Gauges {
		d.Values.Legacy = []float64{1, 2}
	}
	return []sources.Distribution{d}, nil
}

func TestProfile_WithAFamilyThatHasNoValuesIsNotWritten(t *testing.T) {
	levels := engine.Drift{Measure: analysis.Measure{Name: "levels"}, Query: sources.DistributionQuery{Measure: "level", Gauges: true}}
	score := engine.Drift{Measure: analysis.Measure{Name: "score"}, Query: sources.DistributionQuery{Measure: "model_score"}}
	w := sources.Window{To: time.Unix(7200, 0), From: time.Unix(3600, 0)}
	if p, err := gather(t.Context(), young{}, []engine.Drift{levels}, sources.Legacy, w); err != nil || len(p.Features()) != 1 {
		t.Fatalf("%v, %v", p, err)
	}
	_, err := gather(t.Context(), young{}, []engine.Drift{levels, score}, sources.Legacy, w)
	if err == nil || !strings.Contains(err.Error(), "profile score: no data: no value of the legacy over 1h0m0s") || !strings.Contains(err.Error(), "--past") {
		t.Errorf("%v; a profile without its scores would later read as if they were gone", err)
	}
}
