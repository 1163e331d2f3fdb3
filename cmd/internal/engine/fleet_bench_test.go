package engine

import (
	"context"
	"fmt"
	"net/http"
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
	"rampart/sources/elastic"
	"rampart/sources/plane/haproxy"
	"rampart/sources/prom"
)

// observed are engines of many services over one fleet, in a time that only the benchmark moves.
type observed struct {
	fleet    *fleet
	balancer *balancer // nil: they have no plane
	lines    *lines    // nil: they have no logs
	now      atomic.Int64
	engines  []*Engine
	readers  []*Reader
}

// with says what services have beside metrics, and whether they are asked together.
type with struct{ grouped, logs, plane bool }

// observe opens n services whose rollouts began some time ago and lets them read all of it.
func observe(b *testing.B, n int, history time.Duration, w with) *observed {
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
	g := prom.NewGroup(src, map[bool]string{true: "app"}[w.grouped])
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	b.Cleanup(func() { cancel(); wg.Wait(); front.Close() })
	clock := Clock{Now: func() time.Time { return time.Unix(0, o.now.Load()).UTC() }, Speed: 1e-6} // nobody wakes up by himself
	turns, lookout, cluster := past.NewTurns(), haproxy.NewLookout(), elastic.NewCluster()
	logs := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { o.lines.ServeHTTP(rw, r) }))
	b.Cleanup(logs.Close)
	if w.plane {
		o.balancer = newBalancer(b)
	}
	if w.logs {
		o.lines = &lines{now: clock.Now}
	}
	for i := range n {
		svc := inFleet(fmt.Sprintf("ranker-%03d", i))
		member, leave := g.Join(svc.Target)
		b.Cleanup(leave)
		c := Config{Service: svc, Metrics: member, Turns: turns, Clock: clock}
		if w.plane {
			p := o.balancer.plane(b, svc.Name, clock.Now)
			if c.Plane = p; w.grouped {
				c.Plane, leave = lookout.Join(p)
				b.Cleanup(leave)
			}
		}
		if w.logs {
			s := o.lines.source(b, logs.URL, svc.Name)
			c.LogQuery.Sparing = n > 16
			if c.Logs = s; w.grouped {
				b.Cleanup(cluster.Join(s))
			}
		}
		e := New(c)
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
	end := sources.Align(time.Unix(0, o.now.Load()).Add(-inFleet("").settle()), step)
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
	var wg sync.WaitGroup
	for _, e := range o.engines {
		knock(e.again)
		if o.balancer != nil { // its loop would not say when it is done
			wg.Go(func() { e.readPlane(b.Context(), sources.Align(e.cfg.Clock.Now(), step)) })
		}
		if o.lines != nil {
			wg.Go(func() {
				if err := e.readLogs(b.Context()); err != nil {
					b.Error(err)
				}
				e.turnLogs()
				e.publish()
			})
		}
	}
	wg.Wait()
	o.wait(b)
}

// asked are the requests to each source since it was asked last.
func (o *observed) asked() (prometheus, elasticsearch, router int64) {
	if o.lines != nil {
		elasticsearch = o.lines.requests.Swap(0)
	}
	if o.balancer != nil {
		router = o.balancer.connections.Swap(0)
	}
	return o.fleet.queries.Swap(0), elasticsearch, router
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
		n int
		with
	}{
		{1, with{grouped: true}},
		{50, with{grouped: true}},
		{500, with{grouped: true}},
		{50, with{}},
		{1, with{true, true, true}},
		{50, with{true, true, true}},
		{500, with{true, true, true}},
		{50, with{false, true, true}},
	} {
		b.Run(fmt.Sprintf("services=%d/grouped=%t/logs=%t/router=%t", c.n, c.grouped, c.logs, c.plane), func(b *testing.B) {
			before := heap()
			o := observe(b, c.n, 20*time.Minute, c.with)
			o.scrape(b)
			o.asked()
			o.fleet.answer.Store(0)
			began := cpu()
			for b.Loop() {
				o.scrape(b)
			}
			b.ReportMetric(float64(cpu()-began)/float64(b.N)/1e6, "cpu-ms/op")
			metrics, logs, router := o.asked()
			b.ReportMetric(float64(metrics)/float64(b.N), "prometheus/op")
			b.ReportMetric(float64(logs)/float64(b.N), "elasticsearch/op")
			b.ReportMetric(float64(router)/float64(b.N), "haproxy/op")
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
	o := observe(b, n, kept+2*hour*step, with{grouped: true})
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
