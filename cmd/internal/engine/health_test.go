package engine

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// counting is a router that can be read and counts.
type counting struct{ began time.Time }

func (counting) Caps(context.Context) (sources.Caps, error) { return sources.Caps{}, nil }

func (c counting) Read(context.Context) (sources.Reading, error) {
	n := int64(time.Since(c.began).Seconds()) + 1
	one := func(name string, a sources.Arm) sources.Server {
		return sources.Server{Name: name, Arm: a, Counters: sources.RouterCounters{Requests: n}}
	}
	return sources.Reading{
		At: time.Now(), Epoch: "1", Configured: sources.SplitAt(sources.Whole/2, time.Now()),
		Servers: []sources.Server{one("s", sources.Legacy), one("c", sources.Candidate)},
	}, nil
}

func TestEngine_NamesWhatIsStillToComeUntilItCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(7 * time.Second) // between two scrapes
		svc := ranker()
		svc.Measures = append(svc.Measures, Measure{Measure: analysis.Measure{Name: "router", Kind: analysis.RouterErrors}, Router: true})
		svc.Drift = []Drift{{Measure: analysis.Measure{Name: "features"}}}
		e, stop := run(t, Config{Service: svc, Metrics: newTown(time.Now().Add(-time.Hour)), Plane: counting{time.Now()}, PlaneName: "haproxy"})
		defer stop()
		if f := after(e, time.Second); !slices.Equal(f.Unread, []string{"router"}) || len(f.Waiting) > 0 {
			t.Errorf("after the first answers still to come: %q, waiting for %q", f.Unread, f.Waiting)
		}
		if f := after(e, 2*step); len(f.Unread) > 0 {
			t.Errorf("after two scrapes still to come: %q", f.Unread)
		}
	})
}

func TestEngine_BetweenBlocksAndDriftSaysThatDriftIsToCome(t *testing.T) {
	svc := ranker()
	svc.Drift = []Drift{{Measure: analysis.Measure{Name: "features"}}}
	svc.Thresholds = []Threshold{{Measure: analysis.Measure{Name: "queue"}}}
	e := New(Config{Service: svc, Metrics: newTown(time.Now()), Clock: Clock{Now: time.Now}})
	if got := e.build().Unread; len(got) > 0 {
		t.Errorf("a source that has not answered is waited for, not read late: %q", got)
	}
	e.met.ok(time.Now(), time.Now(), time.Millisecond, nil)
	if got, want := e.build().Unread, []string{"features", "queue"}; !slices.Equal(got, want) {
		t.Errorf("to come: %q, want %q", got, want)
	}
}

func TestEngine_MetricsWhosePastIsStillReadAreAwaitedAndNotStale(t *testing.T) {
	e := New(Config{Service: ranker(), Metrics: newTown(time.Now()), Clock: Clock{Now: time.Now}})
	e.met.ok(time.Now(), time.Now().Add(-time.Hour), time.Millisecond, nil)
	for behind, want := range map[bool]frame.SourceState{true: frame.SourceWaiting, false: frame.SourceStale} {
		e.behind = behind
		if got := e.build().Sources[0]; got.State != want || (got.Err == "") != behind {
			t.Errorf("behind %v: %v, %q", behind, got.State, got.Err)
		}
	}
}
