package engine

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

func TestRecut_MergesCellsAndTellsAGapWhereItCannot(t *testing.T) {
	from := []float64{.1, .25, .5}
	c := &sources.Counts{Requests: 10, Cells: []int64{1, 2, 3, 4}}
	for _, x := range []struct {
		to   []float64
		want []int64
	}{
		{[]float64{.1, .25, .5}, []int64{1, 2, 3, 4}},
		{[]float64{.25}, []int64{3, 7}},
		{[]float64{.1, .5}, []int64{1, 5, 4}},
		{nil, []int64{10}},
		{[]float64{.2}, nil},
		{[]float64{.25, .3}, nil},
	} {
		got := recutCounts(c, from, x.to)
		if (got == nil) != (x.want == nil) || got != nil && (!slices.Equal(got.Cells, x.want) || got.Requests != 10) {
			t.Errorf("to %v: %+v", x.to, got)
		}
	}
}

func TestEngine_ADeploymentWithMoreBucketsNeitherPanicsNorLooksSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, svc := newTown(sources.Align(time.Now(), step).Add(-time.Hour)), ranker()
		svc.Measures[0].Measure = analysis.Measure{Name: "errors", Kind: analysis.Share, Edge: .25, Judge: analysis.GuardIt}
		few := func(n int64) *sources.Counts { return &sources.Counts{Requests: n, Cells: []int64{n - 9, 5, 4}} }
		more := func(n int64) *sources.Counts {
			return &sources.Counts{Requests: n, Cells: []int64{2, n - 11, 3, 2, 2, 2}}
		}
		w.edges = []float64{.1, .25}
		w.rule = func(time.Time) (*sources.Counts, *sources.Counts) { return few(900), few(900) }
		e, stop := run(t, Config{Service: svc, Metrics: w})
		defer stop()
		before := after(e, 20*time.Second)
		w.set(func(w *town) {
			w.edges = []float64{.01, .1, .25, .5, 1}
			w.rule = func(time.Time) (*sources.Counts, *sources.Counts) { return more(900), more(900) }
		})
		f := after(e, 2*time.Minute)
		if f.Verdict.Call == analysis.Worse || f.Verdict.Blocks <= before.Verdict.Blocks {
			t.Errorf("%s: %s, %d blocks after %d", f.Verdict.Call, f.Verdict.Sentence, f.Verdict.Blocks, before.Verdict.Blocks)
		}
		if v := f.Rows[0].Candidate; !v.Known || v.V > .01 {
			t.Errorf("share above 250 ms: %+v", v)
		}
	})
}
