package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

func TestDifference_SaysWhyThereIsNoneToShow(t *testing.T) {
	cells := func(below, above int64) *sources.Counts {
		return &sources.Counts{Requests: below + above, Cells: []int64{below, above}}
	}
	over := func(edge float64) analysis.Measure {
		return analysis.Measure{Name: "errors", Kind: analysis.Share, Edge: edge, Judge: analysis.GuardIt}
	}
	for want, c := range map[string]struct {
		legacy, candidate *sources.Counts
		edges             []float64
		measure           *analysis.Measure
	}{
		"no error in legacy to compare with":           {legacy: counts(900, 0), candidate: counts(100, 3)},
		"no request of the legacy in this rollout yet": {legacy: counts(0, 0), candidate: counts(100, 3)},
		"no scrape of the legacy in this rollout yet":  {candidate: counts(100, 3)},
		"no block with the candidate in it yet":        {legacy: counts(900, 5)},
		"no request above the edge in legacy to compare with": {
			legacy: cells(900, 0), candidate: cells(90, 10), edges: []float64{.25}, measure: new(over(.25)),
		},
		"the histogram has no such edge": {
			legacy: cells(900, 5), candidate: cells(90, 10), edges: []float64{.25}, measure: new(over(.3)),
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, svc := newTown(sources.Align(time.Now(), step).Add(-10*time.Minute)), ranker()
			w.edges = c.edges
			w.rule = func(time.Time) (*sources.Counts, *sources.Counts) { return c.legacy, c.candidate }
			if c.measure != nil {
				svc.Measures[0].Measure, svc.Guards = *c.measure, nil
			}
			e, stop := run(t, Config{Service: svc, Metrics: w})
			defer stop()
			if d := after(e, 20*time.Second).Rows[0].Difference; d.Known || d.Why != want {
				t.Errorf("difference %+v, want: %s", d, want)
			}
		})
	}
}
