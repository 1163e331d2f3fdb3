package rig

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// life is what a model server measures between two deployments: a registry of its own, so that a new version counts from zero.
type life struct {
	version         string
	requests        *prometheus.HistogramVec
	score, ctr, age prometheus.Histogram
	scrape          http.Handler
}

func newLife(version string) *life {
	l := &life{
		version: version,
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time to answer.", Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"route", "code"}),
		score: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "model_score", Help: "Score given.", Buckets: prometheus.LinearBuckets(.1, .1, 10),
		}),
		ctr: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "feature_ctr_7d", Help: "Click rate of seven days.", Buckets: []float64{.01, .02, .04, .08, .16, .32, .64},
		}),
		age: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "feature_age_days", Help: "Age of the item.", Buckets: []float64{1, 3, 7, 14, 30, 60, 120},
		}),
	}
	started := prometheus.NewGauge(prometheus.GaugeOpts{Name: "process_start_time_seconds", Help: "Start of the process."})
	started.Set(float64(time.Now().UnixMilli()) / 1000)
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "build_info", Help: "What was built.", ConstLabels: prometheus.Labels{"version": version, "model": "ranker"},
	})
	build.Set(1)
	registry := prometheus.NewRegistry()
	registry.MustRegister(l.requests, l.score, l.ctr, l.age, started, build)
	l.scrape = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return l
}
