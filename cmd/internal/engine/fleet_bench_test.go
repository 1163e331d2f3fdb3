package engine

import (
	"context"
	"fmt"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/engine/past"
	"rampart/sources"
	"rampart/sources/prom"
)

// observed are engines of many services over one fleet, in a time that only the benchmark moves.
type observed struct {
	fleet   *fleet
	now     atomic.Int64
	engines []*Engine
	readers []*Reader
}

// observe opens n services whose rollouts began some time ago and lets them read all of it.
func observe(b *testing.B, n int, history time.Duration, grouped bool) *observed {
	b.Helper()
	o := &observed{}
	start := time.Date(2026, 1, 5, 14, 0, 3, 0, time.UTC)
	o.now.Store(start.UnixNano())
	o.fleet = &fleet{began: start.Add(-history)}
	front := httptest.NewServer(o.fleet)
	src, err := prom.New(prom.Config{URL: front.URL, Timeout: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	g := prom.NewGroup(src, map[bool]string{true: "app"}[grouped])
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	b.Cleanup(func() { cancel(); wg.Wait(); front.Close() })
	clock := Clock{Now: func() time.Time { return time.Unix(0, o.now.Load()).UTC() }, Speed: 1e-6} // nobody wakes up by himself
	turns := past.NewTurns()
	for i := range n {
		svc := inFleet(fmt.Sprintf("ranker-%03d", i))
		member, leave := g.Join(svc.Target)
		b.Cleanup(leave)
		e := New(Config{Service: svc, Metrics: member, Turns: turns, Clock: clock})
		o.engines, o.readers = append(o.engines, e), append(o.readers, e.Glances())
		wg.Go(func() { _ = e.Run(ctx) })
	}
	o.wait(b)
	return o
}

// inFleet is a service as a config would have it: errors and slow answers against legacy's.
func inFleet(app string) Service {
	target := sources.Target{
		Select: []sources.Matcher{{Label: "app", Op: "=", Value: app}},
		Arms:   sources.ArmRule{Label: "track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}},
	}
	query := sources.BlockQuery{Target: target, Step: step}
	bad, slow := query, query
	bad.Measure, bad.Counter, bad.Bad = "errors", "rq_total", []sources.Matcher{{Label: "code", Op: "=~", Value: "5.."}}
	slow.Measure, slow.Histogram, slow.Edges = "slow", "lat", []float64{.25}
	return Service{
		Name: app, Step: step, Target: target, Alpha: .05,
		Identity: &sources.IdentityQuery{Target: target, Metric: "build_info", Label: "version", Step: step},
		Measures: []Measure{
			{Measure: analysis.Measure{Name: "errors", Kind: analysis.Errors, Judge: analysis.GuardIt}, Query: bad},
			{Measure: analysis.Measure{Name: "slow", Kind: analysis.Share, Edge: .25, Judge: analysis.GuardIt}, Query: slow},
		},
		Guards: []analysis.Guard{{Name: "errors", Measure: "errors", MaxRatio: 1.1}, {Name: "slow", Measure: "slow", MaxRatio: 1.1}},
	}
}

// wait returns when every service has a frame with the newest block that has ended.
func (o *observed) wait(b *testing.B) {
	b.Helper()
	end := sources.Align(time.Unix(0, o.now.Load()).Add(-settle(step)), step)
	for i, r := range o.readers {
		for {
			f, err := r.Next(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			e := o.engines[i]
			e.mu.Lock()
			there := !e.book.last.Before(end)
			e.mu.Unlock()
			if there && f.Verdict.Call != analysis.NoData {
				break
			}
		}
	}
}

// scrape lets one interval pass and everything be read, judged and shown.
func (o *observed) scrape(b *testing.B) {
	o.now.Add(int64(step))
	for _, e := range o.engines {
		e.Refresh()
	}
	o.wait(b)
}

// heap is what is in use after the garbage has gone, in MB.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse) / 1e6
}

// cpu is what the process has used so far: on a busy machine it says more than the clock.
func cpu() int64 {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return r.Utime.Nano() + r.Stime.Nano()
}

// BenchmarkFleet is one scrape's round of n services in one process, grouped and each alone: from the answers of the
// server to the frames. The server is in the process too, and part of the time.
func BenchmarkFleet(b *testing.B) {
	for _, c := range []struct {
		n       int
		grouped bool
	}{{1, true}, {50, true}, {500, true}, {50, false}} {
		b.Run(fmt.Sprintf("services=%d/grouped=%t", c.n, c.grouped), func(b *testing.B) {
			before := heap()
			o := observe(b, c.n, 20*time.Minute, c.grouped)
			o.scrape(b)
			o.fleet.queries.Store(0)
			o.fleet.answer.Store(0)
			began := cpu()
			for b.Loop() {
				o.scrape(b)
			}
			b.ReportMetric(float64(cpu()-began)/float64(b.N)/1e6, "cpu-ms/op")
			b.ReportMetric(float64(o.fleet.queries.Load())/float64(b.N), "queries/op")
			b.ReportMetric(float64(o.fleet.answer.Load())/float64(b.N)/1e3, "kB-read/op")
			b.ReportMetric((heap()-before)/float64(c.n), "MB-heap/service")
			b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
		})
	}
}

// BenchmarkFleetGrowth looks at the memory of services that have been observed for longer than charts go back, and again
// after more hours of scrapes: nothing grows with time. An hour here is the 256 blocks by which a history is cut.
func BenchmarkFleetGrowth(b *testing.B) {
	const n, hour = 4, 256
	before := heap()
	o := observe(b, n, kept+2*hour*step, true)
	for range hour { // memory that was read at once is laid out as what comes scrape by scrape
		o.scrape(b)
	}
	early, goroutines := heap(), runtime.NumGoroutine()
	for b.Loop() {
		for range hour {
			o.scrape(b)
		}
	}
	b.ReportMetric((early-before)/n, "MB-heap/service-early")
	b.ReportMetric((heap()-before)/n, "MB-heap/service-late")
	b.ReportMetric(float64(runtime.NumGoroutine()-goroutines), "more-goroutines")
}
