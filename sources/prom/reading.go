package prom

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rampart/sources"
)

// role says what a metric is for within a measure.
type role uint8

const (
	ofRequests role = iota + 1 // a counter of requests
	ofErrors                   // a counter of errors beside it
	ofBuckets                  // a classic histogram's buckets
	ofNative                   // a native histogram
)

// wanted is one metric name of a measure.
type wanted struct {
	role role
	arm  sources.Arm // when the metric tells the arm; else the labels do
}

// reading is a BlockQuery made ready: which metrics to ask for and what each is for.
type reading struct {
	query sources.BlockQuery
	arms  *arms
	bad   conditions
	names map[string]wanted
}

// newReading checks a query without asking the server.
func newReading(q sources.BlockQuery) (*reading, error) {
	a, err := newArms(q.Target)
	if err != nil {
		return nil, err
	}
	r := &reading{query: q, arms: a, names: map[string]wanted{}}
	if r.bad, err = compile(q.Bad); err != nil {
		return nil, err
	}
	switch {
	case (q.Counter == "") == (q.Histogram == ""):
		return nil, errors.New("want one of a counter and a histogram")
	case q.Histogram != "" && (q.BadOf != "" || len(q.Bad) > 0):
		return nil, errors.New("a histogram has no bad series; use a counter")
	case q.BadOf != "" && len(q.Bad) > 0:
		return nil, errors.New("want one of bad matchers and a bad counter")
	case q.Step < time.Millisecond || q.Step%time.Millisecond != 0:
		return nil, fmt.Errorf("step %v: want whole milliseconds", q.Step)
	case !slices.IsSorted(q.Edges):
		return nil, errors.New("edges must ascend")
	}
	if q.Counter != "" {
		r.want(q.Counter, "", ofRequests)
	}
	if q.BadOf != "" {
		r.want(q.BadOf, "", ofErrors)
	}
	if q.Histogram != "" {
		r.want(q.Histogram, "_bucket", ofBuckets)
	}
	return r, nil
}

// want adds a metric under each arm's name for it.
func (r *reading) want(base, suffix string, as role) {
	if !r.arms.byMetric() {
		r.names[base+suffix] = wanted{role: as}
		return
	}
	for _, arm := range sources.Arms() {
		r.names[r.arms.metric(arm, base)+suffix] = wanted{role: as, arm: arm}
	}
}

// native returns the same reading of the native histogram.
func (r *reading) native() *reading {
	n := *r
	n.names = map[string]wanted{}
	n.want(r.query.Histogram, "", ofNative)
	return &n
}

// selectors are the instant selectors of the reading.
func (r *reading) selectors() []selection {
	return r.arms.selectors(slices.Collect(maps.Keys(r.names)))
}

// arm tells whose a series is.
func (r *reading) arm(labels map[string]string, w wanted) (sources.Arm, error) {
	if w.arm != 0 {
		return w.arm, nil
	}
	return r.arms.of(labels)
}

// counts says what a series of a counter adds to: requests, errors, or both.
func (r *reading) counts(labels map[string]string, w wanted) (requests, bad bool) {
	switch {
	case w.role == ofErrors:
		return false, true
	case r.query.BadOf != "" || len(r.bad) == 0:
		return true, false
	}
	return true, r.bad.match(labels)
}
