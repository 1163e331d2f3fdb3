package rig

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Behaviour is how the servers of an arm answer from now on.
type Behaviour struct {
	Errors float64       // share of requests answered 500
	Median time.Duration // of the log-normal answer time, sigma .5
	Slow   float64       // share of requests that take a further 400 ms
	Shift  float64       // added to the score and to the feature ctr_7d
}

// Healthy returns the behaviour of a good day: one error in 500 requests, three in 200 slower than 250 ms.
func Healthy() Behaviour { return Behaviour{Errors: 0.002, Median: 8 * time.Millisecond, Slow: 0.015} }

// Arm is one side of the comparison: several model servers that share a track, a version and a behaviour.
type Arm struct {
	Track   string
	servers []*model
	behaves atomic.Pointer[Behaviour]
}

// StartArm starts n model servers of one version; logs may be nil.
func StartArm(track, version string, n int, logs *Shipper) (*Arm, error) {
	a := &Arm{Track: track}
	a.Behave(Healthy())
	for i := range n {
		m, err := startModel(fmt.Sprintf("%s-%d", track, i+1), a, logs)
		if err != nil {
			a.Stop()
			return nil, err
		}
		a.servers = append(a.servers, m)
	}
	a.Deploy(version)
	return a, nil
}

// Behave switches how the arm answers, from the next request on.
func (a *Arm) Behave(b Behaviour) { a.behaves.Store(&b) }

// Deploy replaces every server of the arm by one of the version: counters begin at zero and the process start is now.
func (a *Arm) Deploy(version string) {
	for _, m := range a.servers {
		m.life.Store(newLife(version))
	}
}

// Served adds up the rank requests that the arm's servers have answered since they were started, over all versions.
func (a *Arm) Served() (requests, failed int) {
	for _, m := range a.servers {
		requests += int(m.served.Load())
		failed += int(m.failed.Load())
	}
	return requests, failed
}

// Targets are what Prometheus scrapes of the arm.
func (a *Arm) Targets() []Target {
	targets := make([]Target, 0, len(a.servers))
	for _, m := range a.servers {
		targets = append(targets, Target{Name: m.name, Addr: m.addr, Track: a.Track})
	}
	return targets
}

// Behind are the arm's servers as lines of HAProxy's backend, each with the weight.
func (a *Arm) Behind(weight int) []Server {
	servers := make([]Server, 0, len(a.servers))
	for _, m := range a.servers {
		servers = append(servers, Server{Name: m.name, Addr: m.addr, Weight: weight})
	}
	return servers
}

// Stop ends every server of the arm.
func (a *Arm) Stop() {
	for _, m := range a.servers {
		m.stop()
	}
}

// model is one server: a listener and a life that a deployment replaces.
type model struct {
	name, addr     string
	arm            *Arm
	logs           *Shipper
	life           atomic.Pointer[life]
	served, failed atomic.Int64
	http           *http.Server
	done           sync.WaitGroup
}

func startModel(name string, a *Arm, logs *Shipper) (*model, error) {
	l, err := listen()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	m := &model{name: name, addr: l.Addr().String(), arm: a, logs: logs}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) { m.life.Load().scrape.ServeHTTP(w, r) })
	mux.HandleFunc("GET /rank", m.rank)
	mux.HandleFunc("GET /similar", m.rank)
	m.http = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	m.done.Go(func() { _ = m.http.Serve(l) }) // Serve ends with ErrServerClosed when stop is called.
	return m, nil
}

func (m *model) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if m.http.Shutdown(ctx) != nil {
		_ = m.http.Close()
	}
	m.done.Wait()
}

// rank answers one request: it takes its time, fails or scores, and leaves a histogram entry and a log line.
func (m *model) rank(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	life, b := m.life.Load(), m.arm.behaves.Load()
	take := time.Duration(float64(b.Median) * math.Exp(0.5*rand.NormFloat64()))
	if rand.Float64() < b.Slow {
		take += 400 * time.Millisecond
	}
	time.Sleep(take)
	ctr, age := min(1, max(0, rand.ExpFloat64()*0.08+b.Shift)), rand.ExpFloat64()*30
	score := 1 / (1 + math.Exp(2-12*ctr-rand.NormFloat64()-3*b.Shift))
	status := http.StatusOK
	if rand.Float64() < b.Errors {
		status = http.StatusInternalServerError
		m.failed.Add(1)
	} else {
		life.score.Observe(score)
	}
	n := m.served.Add(1)
	life.ctr.Observe(ctr)
	life.age.Observe(age)
	took := time.Since(began)
	life.requests.WithLabelValues(r.URL.Path, fmt.Sprint(status)).Observe(took.Seconds())
	m.logs.Add(m.line(life, r, n, status, score, took))
	w.WriteHeader(status)
	fmt.Fprintf(w, "%.6f\n", score)
}

func (m *model) line(life *life, r *http.Request, n int64, status int, score float64, took time.Duration) Line {
	l := Line{
		ID: fmt.Sprintf("%s-%d", m.name, n), At: time.Now(), Level: "info", Message: fmt.Sprintf("ranked user %s score %.3f", r.FormValue("user"), score),
		Track: m.arm.Track, Version: life.version, Host: m.name, Path: r.URL.Path, Status: status, Took: took,
	}
	if status >= http.StatusInternalServerError {
		l.Level, l.Message = "error", fmt.Sprintf("KeyError: embedding %d missing for user %s", rand.IntN(1e6), r.FormValue("user"))
	}
	return l
}
