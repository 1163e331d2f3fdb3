package promserver_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"rampart/sources/demo/world"
)

func TestScrape_EachPodHasItsOwnBeat(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.History = 5 * time.Minute })
	v, _, _, err := r.Query(t.Context(), `up[5m]`, r.now)
	if err != nil {
		t.Fatal(err)
	}
	offsets := map[int64]bool{}
	for _, s := range v.(model.Matrix) {
		offset := s.Values[0].Timestamp.UnixNano() % int64(15*time.Second)
		offsets[offset] = true
		for i, p := range s.Values {
			if p.Timestamp.UnixNano()%int64(15*time.Second) != offset {
				t.Errorf("%s: sample %d off its beat", s.Metric, i)
			}
		}
	}
	if len(offsets) < 6 {
		t.Errorf("%d different beats among eight pods", len(offsets))
	}
}

func TestScrape_ADeadPodIsDownAndItsSeriesEndAtOnce(t *testing.T) {
	r := serve(t, func(s *world.Spec) {
		s.Scenario, s.Timeline = "candidate-crash-loop", append(s.Timeline, world.Event{At: -time.Second, Share: 10})
	})
	for range 60 { // some second within the loop has a pod whose scrape has failed
		r.now = r.now.Add(time.Second)
		up := r.vector(t, `sum by (track)(up)`)
		if up["canary"] == 2 {
			continue
		}
		if n := r.vector(t, `count by (track)(process_start_time_seconds)`); n["canary"] != up["canary"] {
			t.Fatalf("%v canary pods are up, %v still show their series", up["canary"], n["canary"])
		}
		return
	}
	t.Fatal("no pod of the crash loop was ever down")
}

func TestScrape_AnErrorSeriesAppearsWithItsFirstError(t *testing.T) {
	r := serve(t, nil)
	v, _, _, err := r.Query(t.Context(), `http_request_duration_seconds_count{track="canary",code="500"}[30m]`, r.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range v.(model.Matrix) {
		if s.Values[0].Value == 0 {
			t.Errorf("%s began at zero", s.Metric)
		}
	}
}

// TestServer_DoesNotGrowOverADay lives a day of a quiet world and looks at the heap after six hours and at the end.
func TestServer_DoesNotGrowOverADay(t *testing.T) {
	r := serve(t, func(s *world.Spec) {
		s.Rate, s.History, s.ScrapeInterval, s.Scenario = 1, time.Minute, 2*time.Minute, "candidate-crash-loop"
		s.Stable.Pods, s.Canary.Pods = 1, 1
	})
	heap := func() (bytes uint64, series float64) {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s, err := r.TSDB(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return m.HeapAlloc, float64(s.HeadStats.NumSeries)
	}
	live := func(hours int) {
		for range hours {
			r.now = r.now.Add(time.Hour)
			r.live.Touch()
		}
	}
	live(6)
	before, series := heap()
	live(18)
	after, now := heap()
	if float64(after) > float64(before)*1.2+1e6 || now > series*1.1 {
		t.Errorf("heap %d after six hours, %d after a day; series %v and %v", before, after, series, now)
	}
	if n := r.vector(t, `count by (track)(up)`); n["stable"] != 1 {
		t.Errorf("after a day: %v", n)
	}
	v, _, _, err := r.Query(t.Context(), `count_over_time(up{instance="stable-1:8100"}[1d])`, r.now)
	if got := v.(model.Vector); err != nil || len(got) != 1 || got[0].Value < 110 || got[0].Value > 140 {
		t.Errorf("%v samples kept, %v; want four hours of them", v, err)
	}
}

func TestScrape_KeepsTheNativeHistogramBesideTheClassicOne(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.History = 10 * time.Minute })
	v, _, _, err := r.Query(t.Context(), `sum by (track)(rate(http_request_latency_seconds[5m]))`, r.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range v.(model.Vector) {
		if s.Histogram == nil || len(s.Histogram.Buckets) < 10 || s.Histogram.Count <= 0 {
			t.Errorf("%s is no histogram: %v", s.Metric, s)
		}
	}
	native := r.vector(t, `histogram_fraction(0, 0.25, sum by (track)(rate(http_request_latency_seconds[5m])))`)
	classic := r.vector(t, `sum by (track)(rate(http_request_duration_seconds_bucket{le="0.25"}[5m])) / `+
		`sum by (track)(rate(http_request_duration_seconds_count[5m]))`)
	// A quarter of a second is an edge of both: the two agree but for the first error of each code, which no rate of its own new series can see.
	if d := native["stable"] - classic["stable"]; d < -1e-3 || d > 1e-3 || native["stable"] < .9 {
		t.Errorf("native %v, classic %v", native, classic)
	}
}
