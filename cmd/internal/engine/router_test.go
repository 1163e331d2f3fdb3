package engine

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// reticent is a router of two servers that may not say what they were sent.
type reticent struct{ counters sources.RouterCounters }

func (reticent) Caps(context.Context) (sources.Caps, error) { return sources.Caps{}, nil }

func (r reticent) Read(context.Context) (sources.Reading, error) {
	return sources.Reading{
		At: time.Now(), Configured: sources.SplitAt(sources.Whole/2, time.Now()),
		Servers: []sources.Server{{Name: "s", Arm: sources.Legacy, Counters: r.counters}, {Name: "c", Arm: sources.Candidate, Counters: r.counters}},
	}, nil
}

func TestEngine_ARouterThatDoesNotSayItsRequestsHasNoRateAndNoErrors(t *testing.T) {
	for _, c := range []struct {
		counters    sources.RouterCounters
		rate, share string // why they are not known
	}{
		{sources.RouterCounters{}, "", "no request in the window"},
		{
			sources.RouterCounters{Errors: sources.Untold, ConnectionErrors: sources.Untold, ResponseErrors: sources.Untold},
			"", "the plane does not say how many failed requests s had",
		},
		{
			sources.RouterCounters{Requests: sources.Untold, Errors: sources.Untold, ConnectionErrors: sources.Untold, ResponseErrors: sources.Untold},
			"the plane does not say how many requests c had", "the plane does not say how many requests s had",
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			svc := ranker()
			svc.Measures = append(svc.Measures, Measure{Measure: analysis.Measure{Name: "router", Kind: analysis.RouterErrors}, Router: true})
			e, stop := run(t, Config{Service: svc, Metrics: newTown(time.Now().Add(-time.Hour)), Plane: reticent{c.counters}, PlaneName: "exec"})
			defer stop()
			f := after(e, 3*step)
			if v := f.Traffic.Rate.Candidate; v.Known != (c.rate == "") || v.Why != c.rate {
				t.Errorf("%+v: rate %+v", c.counters, v)
			}
			if v := f.Traffic.Rate.Legacy; v.Known != (c.rate == "") || v.Why != strings.Replace(c.rate, "c had", "s had", 1) {
				t.Errorf("%+v: legacy's rate %+v", c.counters, v)
			}
			if v := f.Traffic.Rates[0]; v.Known != (c.rate == "") {
				t.Errorf("%+v: rate of a server %+v", c.counters, v)
			}
			for _, r := range f.Rows {
				if r.Key == "router" && (r.Candidate.Known || r.Candidate.Why != c.share) {
					t.Errorf("%+v: %+v", c.counters, r.Candidate)
				}
			}
			if len(f.Unread) > 0 {
				t.Errorf("%+v: waited for %q", c.counters, f.Unread)
			}
		})
	}
}
