package engine

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/frame"
	"rampart/sources"
)

const step = 15 * time.Second

// town is a metrics source made of a rule: what each arm did in the block that ends at an instant.
type town struct {
	mu       sync.Mutex
	start    time.Time // of the rollout
	versions []sources.Identity
	rule     func(end time.Time) (legacy, candidate *sources.Counts)
	edges    []float64
	notes    []sources.Note
	err      error
	asked    int
}

func (w *town) Blocks(_ context.Context, ask []sources.BlockQuery, win sources.Window) []sources.BlockSeries {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	out := make([]sources.BlockSeries, len(ask))
	for i, q := range ask {
		out[i] = sources.BlockSeries{Measure: q.Measure, Step: q.Step, Err: w.err, Query: "town", Edges: w.edges, Notes: w.notes}
		if w.err != nil {
			continue
		}
		for end := win.From.Add(q.Step); !end.After(win.To); end = end.Add(q.Step) {
			l, c := w.rule(end)
			out[i].Blocks = append(out[i].Blocks, sources.Block{End: end, Strata: []sources.Stratum{{Counts: sources.ByArm[*sources.Counts]{Legacy: l, Candidate: c}}}})
		}
		out[i].Newest = sources.ByArm[time.Time]{Legacy: win.To, Candidate: win.To}
	}
	return out
}

func (w *town) Identities(_ context.Context, _ sources.IdentityQuery, win sources.Window) ([]sources.Identity, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []sources.Identity
	for _, id := range w.versions {
		if id.From.Before(win.To) {
			id.From = maxTime(id.From, win.From)
			out = append(out, id)
		}
	}
	return out, w.err
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (w *town) Distributions(context.Context, sources.DistributionQuery, sources.Window) ([]sources.Distribution, error) {
	return nil, nil
}

func (w *town) Threshold(context.Context, string, time.Time) (sources.Sample, error) {
	return sources.Sample{}, nil
}
func (w *town) Health(context.Context) sources.Health { return sources.Health{} }

func (w *town) set(f func(*town)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
}

func counts(n, bad int64) *sources.Counts { return &sources.Counts{Requests: n, Errors: bad} }

// newTown is a rollout that began some time ago, with a healthy candidate at 10 %.
func newTown(began time.Time) *town {
	return &town{
		start: began,
		versions: []sources.Identity{
			{Arm: sources.Legacy, Version: sources.NewText("41"), From: began.Add(-48 * time.Hour)},
			{Arm: sources.Candidate, Version: sources.NewText("42"), From: began},
		},
		rule: func(end time.Time) (*sources.Counts, *sources.Counts) {
			if !end.After(began) {
				return counts(1000, 5), nil
			}
			return counts(900, 4), counts(100, end.Unix()/15%2)
		},
	}
}

func ranker() Service {
	s := Service{Name: "ranker", Step: step, Alpha: .05, Identity: &sources.IdentityQuery{Step: step}}
	s.Measures = []Measure{{Measure: analysis.Measure{Name: "errors", Kind: analysis.Errors, Judge: analysis.GuardIt}, Query: sources.BlockQuery{Measure: "errors", Step: step}}}
	s.Guards = []analysis.Guard{{Name: "errors", Measure: "errors", MaxRatio: 1.1, SafeMargin: .5, OnWorse: analysis.DoRollBack, MinN: 100, Arm: sources.Candidate}}
	return s
}

// run opens a console over a town in a bubble of its own time.
func run(t *testing.T, cfg Config) (*Engine, func()) {
	t.Helper()
	cfg.Clock = Clock{Now: time.Now}
	e := New(cfg)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	return e, func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
}

// after lets the bubble's time pass and returns the newest frame.
func after(e *Engine, d time.Duration) *frame.Frame {
	time.Sleep(d) // the bubble's time, not the wall's
	synctest.Wait()
	return e.Newest()
}

type recorded struct {
	mu    sync.Mutex
	lines []string
}

func (r *recorded) add(h dossier.Header, b *dossier.Block) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, string(dossier.AppendBlock(nil, &h, b)))
}
