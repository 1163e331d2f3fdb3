package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/past"
	"rampart/sources"
)

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

func TestEngine_ADeploymentWhoseBucketsCannotBeCutIsToldAsThatAndNotAsAMissingScrape(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, svc := newTown(sources.Align(time.Now(), step).Add(-time.Hour)), ranker()
		svc.Measures[0].Measure = analysis.Measure{Name: "errors", Kind: analysis.Share, Edge: .25, Judge: analysis.GuardIt}
		w.edges = []float64{.1, .25}
		w.rule = func(time.Time) (*sources.Counts, *sources.Counts) {
			return &sources.Counts{Requests: 900, Cells: []int64{891, 5, 4}}, &sources.Counts{Requests: 900, Cells: []int64{891, 5, 4}}
		}
		e, stop := run(t, Config{Service: svc, Metrics: w})
		defer stop()
		before := after(e, 20*time.Second)
		w.set(func(w *town) { w.edges = []float64{.2, .3} })
		after(e, 2*time.Minute)
		f, err := e.Reader().Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		points := f.Charts[0].Series.Candidate
		if v := points[len(points)-1].V; v.Why != otherBuckets {
			t.Errorf("the chart ends with %+v", v)
		}
		newest := f.Verdict.Explanation.Newest
		if p := newest[len(newest)-1].Parts[0]; !p.Lost.Legacy || !p.Lost.Candidate || p.Counts.Candidate != nil {
			t.Errorf("the newest block's part is %+v", p)
		}
		if p := newest[len(newest)-20].Parts[0]; p.Lost.Legacy || p.Counts.Candidate == nil {
			t.Errorf("a block from before is %+v", p)
		}
		if a, b := before.Verdict.Evidence.LogHarm, f.Verdict.Evidence.LogHarm; a != b {
			t.Errorf("the evidence went from %v to %v by blocks that cannot be judged", a, b)
		}
	})
}

func TestEngine_ALongPastIsReadWhenItIsItsTurnAndItsDeadlineBeginsThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := past.NewTurns()
		var ends []func()
		for range past.AtOnce {
			done, _ := turns.Take(t.Context(), sources.Window{From: time.Now().Add(-time.Hour), To: time.Now()})
			ends = append(ends, done)
		}
		w := newTown(sources.Align(time.Now(), step).Add(-time.Hour))
		e, stop := run(t, Config{Service: ranker(), Metrics: w, Turns: turns})
		defer stop()
		if f := after(e, 2*askDeadline); f.Verdict.Blocks != 0 || f.Sources[0].State != frame.SourceWaiting {
			t.Errorf("before its turn: %d blocks, %s", f.Verdict.Blocks, f.Sources[0].State)
		}
		for _, end := range ends {
			end()
		}
		if f := after(e, step); f.Verdict.Blocks < 200 {
			t.Errorf("after its turn: %d blocks", f.Verdict.Blocks)
		}
	})
}
