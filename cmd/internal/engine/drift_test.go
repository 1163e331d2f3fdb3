package engine

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

// asking counts how often its distributions were asked for.
type asking struct {
	*town
	times atomic.Int32
	fail  atomic.Bool
}

func (a *asking) Distributions(context.Context, sources.DistributionQuery, sources.Window) ([]sources.Distribution, error) {
	a.times.Add(1)
	if a.fail.Load() {
		return nil, &sources.Error{Op: "read", Kind: sources.ErrUnreachable}
	}
	return nil, nil
}

// labouring takes its time over distributions.
type labouring struct {
	*town
	takes time.Duration
}

func (l *labouring) Distributions(ctx context.Context, _ sources.DistributionQuery, _ sources.Window) ([]sources.Distribution, error) {
	select {
	case <-ctx.Done():
	case <-time.After(l.takes):
	}
	return nil, ctx.Err()
}

func TestDrift_ThatTakesLongKeepsTheCallFromNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		svc := ranker()
		svc.Drift = []Drift{{Measure: analysis.Measure{Name: "features"}}}
		e, stop := run(t, Config{Service: svc, Metrics: &labouring{newTown(sources.Align(time.Now(), step).Add(-time.Hour)), 9 * time.Second}})
		defer stop()
		after(e, 2*time.Minute) // all was asked once
		glances, seen, last := e.Glances(), 0, e.Newest().Verdict.At
		for seen < 12 {
			f, err := glances.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !f.Verdict.At.After(last) {
				continue
			}
			seen, last = seen+1, f.Verdict.At
			if age := time.Since(last); age > svc.settle() {
				t.Errorf("the block that ended at %s is told %s after its end", last.UTC().Format(time.TimeOnly), age)
			}
		}
	})
}

func TestDrift_IsReadOnceAMinuteAndAtOnceForAnotherCandidateOrAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		svc := ranker()
		svc.Drift = []Drift{{Measure: analysis.Measure{Name: "features"}}}
		w := &asking{town: newTown(sources.Align(time.Now(), step).Add(-time.Hour))}
		e, stop := run(t, Config{Service: svc, Metrics: w})
		defer stop()
		since := func(d time.Duration) int32 {
			before := w.times.Load()
			after(e, d)
			return w.times.Load() - before
		}
		if n := since(10 * time.Minute); n < 9 || n > 12 {
			t.Errorf("asked %d times in ten minutes", n)
		}
		w.fail.Store(true)
		since(time.Minute)
		if n := since(2 * time.Minute); n != 8 {
			t.Errorf("after a failure asked %d times in eight scrapes", n)
		}
		w.fail.Store(false)
		since(20 * time.Second)
		w.set(func(w *town) {
			w.versions = append(w.versions, sources.Identity{Arm: sources.Candidate, Version: sources.NewText("43"), From: sources.Align(time.Now(), step)})
		})
		if n := since(50 * time.Second); n == 0 {
			t.Error("another candidate is shown with the drift of the one before")
		}
	})
}
