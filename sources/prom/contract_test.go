package prom_test

import (
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/demo/promserver"
	"rampart/sources/demo/world"
	"rampart/sources/prom"
	"rampart/sources/sourcetest"
)

func target() sources.Target {
	return sources.Target{
		Select: []sources.Matcher{{Label: "app", Op: "=", Value: "ranker"}},
		Arms:   sources.ArmRule{Label: "track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}},
	}
}

// TestContract_AgainstTheDemosPrometheus runs the shared proof on the demo's server, which answers with the real PromQL
// engine.
func TestContract_AgainstTheDemosPrometheus(t *testing.T) {
	sourcetest.Metrics(t, func(t *testing.T) sourcetest.MetricsWorld {
		opens := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
		spec := world.Default()
		spec.Opens, spec.Rate = opens, 12
		w, err := world.New(spec)
		if err != nil {
			t.Fatal(err)
		}
		server, err := promserver.New(promserver.Config{Dir: t.TempDir(), Interval: spec.ScrapeInterval})
		if err != nil {
			t.Fatal(err)
		}
		now := opens
		live := world.Open(w, func() time.Time { return now }, 1, server.Hook())
		front := httptest.NewServer(server.Handler(live))
		t.Cleanup(func() { front.Close(); _ = server.Close() })
		src, err := prom.New(prom.Config{URL: front.URL, Timeout: 30 * time.Second, Lookback: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		target := target()
		return sourcetest.MetricsWorld{
			Source: src,
			Window: sources.Window{From: opens.Add(-6 * time.Minute), To: opens.Add(-time.Minute)},
			Errors: sources.BlockQuery{
				Measure: "errors", Target: target, Step: 15 * time.Second, Counter: "http_request_duration_seconds_count",
				Bad: []sources.Matcher{{Label: "code", Op: "=~", Value: "5.."}},
			},
			Slow:     sources.BlockQuery{Measure: "slow", Target: target, Step: 15 * time.Second, Histogram: "http_request_duration_seconds", Edges: []float64{.25}},
			Features: sources.DistributionQuery{Measure: "features", Target: target, Names: "feature_.+"},
			Levels:   sources.DistributionQuery{Measure: "levels", Target: target, Names: "feature_.+_mean", Gauges: true},
			Version:  sources.IdentityQuery{Target: target, Metric: "build_info", Label: "version", Step: 15 * time.Second},
			Expr:     `sum(rate(http_request_duration_seconds_count[5m]))`,
			BadExpr:  `sum(rate(http_request_duration_seconds_count[5m])`,
		}
	})
}

// TestContract_AgainstARealPrometheus runs it on the server that RAMPART_PROM names: two hours from 14:00 on the fifth
// of January 2026 of rq_total and lat.
func TestContract_AgainstARealPrometheus(t *testing.T) {
	url := os.Getenv("RAMPART_PROM")
	if url == "" {
		t.Skip("RAMPART_PROM names no server")
	}
	sourcetest.Metrics(t, func(t *testing.T) sourcetest.MetricsWorld {
		src, err := prom.New(prom.Config{URL: url, Timeout: 30 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		from := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
		return sourcetest.MetricsWorld{
			Source: src, Window: sources.Window{From: from.Add(time.Minute), To: from.Add(10 * time.Minute)},
			Errors: sources.BlockQuery{
				Measure: "errors", Target: target(), Step: 15 * time.Second, Counter: "rq_total",
				Bad: []sources.Matcher{{Label: "code", Op: "=~", Value: "5.."}},
			},
			Slow:     sources.BlockQuery{Measure: "slow", Target: target(), Step: 15 * time.Second, Histogram: "lat"},
			Features: sources.DistributionQuery{Measure: "features", Target: target(), Names: "la."},
			Levels:   sources.DistributionQuery{Measure: "levels", Target: target(), Names: "process_start_.+", Gauges: true},
			Version:  sources.IdentityQuery{Target: target(), Metric: "process_start_time_seconds", Label: "namespace", Step: 15 * time.Second},
			Expr:     `sum(rate(rq_total[5m]))`, BadExpr: `sum(rate(rq_total[5m])`,
		}
	})
}
