package elastic_test

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/demo/elasticserver"
	"rampart/sources/demo/fault"
	"rampart/sources/demo/world"
	"rampart/sources/elastic"
	"rampart/sources/sourcetest"
)

// demoWorld is the demo's Elasticsearch over a world whose clock the test holds.
type demoWorld struct {
	server *elasticserver.Server
	url    string
	now    time.Time
}

func openDemo(t *testing.T, scenario string) *demoWorld {
	t.Helper()
	spec := world.Default()
	spec.Opens, spec.Scenario, spec.Rate, spec.History = noon, scenario, 20, 4*time.Minute
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	d := &demoWorld{server: elasticserver.New(elasticserver.Config{}), now: noon}
	srv := httptest.NewServer(d.server.Handler(world.Open(w, func() time.Time { return d.now }, 1, d.server.Hook())))
	t.Cleanup(srv.Close)
	d.url = srv.URL
	return d
}

func (d *demoWorld) source(t *testing.T, change func(*elastic.Config)) *elastic.Source {
	t.Helper()
	cfg := elastic.Config{URLs: []string{d.url}, Index: "logs-ranker-*", Arm: arms, Now: func() time.Time { return d.now }}
	if change != nil {
		change(&cfg)
	}
	s, err := elastic.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSource_KeepsWhatEveryLogSourcePromisesOnTheDemo(t *testing.T) {
	d := openDemo(t, "healthy")
	sourcetest.Logs(t, func(t *testing.T) sourcetest.LogBench {
		return sourcetest.LogBench{
			Logs:   d.source(t, func(c *elastic.Config) { c.Show.Rest = 1 }),
			Window: sources.Window{From: noon.Add(-3 * time.Minute), To: noon.Add(-time.Minute)}, Word: "timeout",
		}
	})
}

func TestTail_SeesTheDemosLinesOnceThroughFaultsAndLag(t *testing.T) {
	d := openDemo(t, "elastic-lag")
	s := d.source(t, nil)
	q := sources.LogQuery{Window: sources.Window{From: noon.Add(-2 * time.Minute)}, All: true}
	got, faults := map[string]int{}, []fault.Kind{fault.None, fault.TooMany, fault.None, fault.Truncated, fault.None, fault.Down}
	var at sources.Cursor
	failed := 0
	for i := range 90 {
		d.now = d.now.Add(2 * time.Second)
		d.server.Fault.Set(faults[i/3%len(faults)])
		d.server.Partial.Store(i%10 == 7)
		failed += takePage(t, s, q, &at, got)
	}
	d.server.Fault.Set(fault.None)
	d.server.Partial.Store(false)
	for range 150 {
		d.now = d.now.Add(2 * time.Second)
		takePage(t, s, q, &at, got)
	}
	// A second tail that begins when all is over must have seen the same.
	calm, end := map[string]int{}, d.now.Add(-2*time.Minute)
	lines, _ := all(t, s, sources.LogQuery{Window: sources.Window{From: q.Window.From, To: end}, All: true})
	for _, l := range lines {
		if calm[l.ID]++; got[l.ID] != 1 {
			t.Errorf("line %s of %v came %d times", l.ID, l.At, got[l.ID])
		}
	}
	if failed == 0 || len(calm) < 100 {
		t.Errorf("%d failures, %d lines: the test proved too little", failed, len(calm))
	}
}

func takePage(t *testing.T, s *elastic.Source, q sources.LogQuery, at *sources.Cursor, got map[string]int) (failed int) {
	t.Helper()
	for range 100 {
		p, err := s.Tail(t.Context(), q, *at)
		if err != nil && !sources.Retryable(err) && !errors.Is(err, sources.ErrPartial) {
			t.Fatal(err)
		}
		for _, l := range p.Lines {
			got[l.ID]++
		}
		*at = p.Next
		if err != nil {
			return 1
		}
		if !p.More {
			return 0
		}
	}
	t.Fatal("there is always more")
	return 0
}

func all(t *testing.T, s *elastic.Source, q sources.LogQuery) (lines []sources.LogLine, last sources.Page) {
	t.Helper()
	var at sources.Cursor
	for range 1000 {
		p, err := s.Tail(t.Context(), q, at)
		if err != nil {
			t.Fatal(err)
		}
		if lines, at = append(lines, p.Lines...), p.Next; !p.More {
			return lines, p
		}
	}
	t.Fatal("there is always more")
	return nil, last
}
