package prom_test

import (
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/demo/promserver"
	"rampart/sources/demo/world"
	"rampart/sources/prom"
)

// answers is everything that a service asks at a scrape.
type answers struct {
	Blocks   []sources.BlockSeries
	Features []sources.Distribution
	Levels   []sources.Distribution
	Versions []sources.Identity
	Errs     []string
}

// everything asks for it.
func everything(t *testing.T, s *prom.Source, target sources.Target, w sources.Window) (a answers) {
	a.Blocks = s.Blocks(t.Context(), []sources.BlockQuery{
		{
			Measure: "errors", Target: target, Step: 15 * time.Second, Counter: "http_request_duration_seconds_count",
			Bad: []sources.Matcher{{Label: "code", Op: "=~", Value: "5.."}},
		},
		{Measure: "slow", Target: target, Step: 15 * time.Second, Histogram: "http_request_duration_seconds", Edges: []float64{.25}},
		{Measure: "native", Target: target, Step: 15 * time.Second, Histogram: "http_request_latency_seconds", Edges: []float64{.25}},
	}, w)
	for i := range a.Blocks {
		a.Errs = append(a.Errs, fmt.Sprint(a.Blocks[i].Err))
		a.Blocks[i].Err = nil
	}
	var err error
	keep := func() { a.Errs = append(a.Errs, fmt.Sprint(err)) }
	a.Features, err = s.Distributions(t.Context(), sources.DistributionQuery{Measure: "features", Target: target, Names: "feature_.+"}, w)
	keep()
	a.Levels, err = s.Distributions(t.Context(), sources.DistributionQuery{Measure: "levels", Target: target, Names: "feature_.+_mean", Gauges: true}, w)
	keep()
	a.Versions, err = s.Identities(t.Context(), sources.IdentityQuery{Target: target, Metric: "build_info", Label: "version", Step: 15 * time.Second}, w)
	keep()
	for _, d := range a.Features { // sums of floats depend on their order, which is nobody's
		for _, arm := range sources.Arms() {
			if h := d.Histogram.Of(arm); h != nil {
				h.Sum = math.Round(h.Sum*1e3) / 1e3
			}
		}
	}
	return a
}

// TestGroup_AllThatAServiceAsksIsWhatItWouldBeToldAlone asks the real PromQL engine about three services, one of which
// is in trouble, and one that nobody scrapes.
func TestGroup_AllThatAServiceAsksIsWhatItWouldBeToldAlone(t *testing.T) {
	apps := []string{"ranker", "search.v2|x", `a"d\s`, "nobody"}
	url, opens := worlds(t, apps[:3])
	src, err := prom.New(prom.Config{URL: url, Timeout: 30 * time.Second, Lookback: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	w := sources.Window{From: opens.Add(-6 * time.Minute), To: opens.Add(-time.Minute)}
	g := prom.NewGroup(src, "app")
	alone, together := make([]answers, len(apps)), make([]answers, len(apps))
	for i, app := range apps {
		alone[i] = everything(t, src, service(app), w)
	}
	var wg sync.WaitGroup
	for i, app := range apps {
		member, leave := g.Join(service(app))
		t.Cleanup(leave)
		wg.Go(func() { together[i] = everything(t, member, service(app), w) })
	}
	wg.Wait()
	for i, app := range apps {
		if want, got := alone[i], together[i]; !reflect.DeepEqual(want, got) {
			t.Errorf("%s\nalone:    %+v\ntogether: %+v", app, want, got)
		}
	}
	if len(alone[0].Versions) == 0 || alone[0].Versions[0].Started.IsZero() || len(alone[0].Features) == 0 || len(alone[0].Levels) == 0 || alone[0].Blocks[2].Blocks == nil {
		t.Errorf("too little was asked to tell anything: %+v", alone[0])
	}
	if reflect.DeepEqual(alone[0].Blocks, alone[1].Blocks) {
		t.Error("two services are alike: a mix-up could not be seen")
	}
	if _, err := src.Identities(t.Context(), sources.IdentityQuery{Target: service("nobody"), Metric: "build_info", Label: "version", Step: 15 * time.Second}, w); !errors.Is(err, sources.ErrNoData) {
		t.Errorf("nobody: %v", err)
	}
}

func service(app string) sources.Target {
	out := target()
	out.Select = []sources.Matcher{{Label: "app", Op: "=", Value: app}}
	return out
}

// worlds serves several services' worlds, each with its own chance and its own trouble.
func worlds(t *testing.T, apps []string) (url string, opens time.Time) {
	t.Helper()
	opens = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	server, err := promserver.New(promserver.Config{Dir: t.TempDir(), Interval: 15 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var all []*world.World
	for i, app := range apps {
		spec := world.Default()
		spec.Opens, spec.Rate, spec.Service, spec.Seed, spec.History = opens, 8, app, uint64(i+1), 25*time.Minute
		w, err := world.New(spec)
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			w.Break()
		}
		all = append(all, w)
	}
	hooks := []world.Hook{server.Hook()}
	for _, w := range all[1:] {
		hooks = append(hooks, server.Beside(w))
	}
	live := world.Open(all[0], func() time.Time { return opens }, 1, hooks...)
	front := httptest.NewServer(server.Handler(live))
	t.Cleanup(func() { front.Close(); _ = server.Close() })
	return front.URL, opens
}
