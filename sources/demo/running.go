package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rampart/sources/demo/elasticserver"
	"rampart/sources/demo/fault"
	"rampart/sources/demo/haproxyserver"
	"rampart/sources/demo/promserver"
	"rampart/sources/demo/world"
)

// Running is an open demo: a live world and the servers that show it.
type Running struct {
	PrometheusURL    string
	ElasticsearchURL string
	HAProxySocket    string // path of the unix socket, admin level
	HAProxyAddress   string // host:port of the same API over TCP

	live    *world.Live
	prom    *promserver.Server
	elastic *elasticserver.Server
	haproxy *haproxyserver.Server
	step    time.Duration
	labels  time.Duration  // after which outcomes are known
	pairs   bool           // both arms answer the same requests
	close   []func() error // in reverse order
	once    sync.Once
	err     error
}

// Start opens the world that the options describe, its whole history lived, and serves it until Close or the end of ctx. What makes no world, no file or no listener is
// an error and leaves nothing behind.
func Start(ctx context.Context, o Options) (*Running, error) {
	o = o.withDefaults()
	spec, err := o.spec()
	if err != nil {
		return nil, err
	}
	w, err := world.New(spec)
	if err != nil {
		return nil, fmt.Errorf("open world: %w", err)
	}
	r := &Running{step: spec.ScrapeInterval, labels: spec.LabelDelay, pairs: spec.Scenario == shadow}
	if err := r.open(ctx, &o, w); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.beat(ctx)
	return r, nil
}

// open makes the servers, lets the world live through its history before them, and starts to listen.
func (r *Running) open(ctx context.Context, o *Options, w *world.World) (err error) {
	dir := o.Dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "rampart-demo-"); err != nil {
			return fmt.Errorf("make demo folder: %w", err)
		}
		r.onClose(func() error { return os.RemoveAll(dir) })
	}
	if r.prom, err = promserver.New(promserver.Config{Dir: dir, Interval: r.step}); err != nil {
		return err
	}
	r.onClose(r.prom.Close)
	r.elastic = elasticserver.New(elasticserver.Config{})
	r.live = world.Open(w, o.Wall, o.Speed, r.prom.Hook(), r.elastic.Hook(), r.outages())
	r.haproxy = haproxyserver.New(r.live)
	r.onClose(r.haproxy.Close)
	if r.PrometheusURL, err = r.serve(ctx, o, 0, r.prom.Handler(r.live)); err != nil {
		return err
	}
	if r.ElasticsearchURL, err = r.serve(ctx, o, 1, r.elastic.Handler(r.live)); err != nil {
		return err
	}
	return r.serveHAProxy(ctx, o, filepath.Join(dir, "haproxy.sock"))
}

// outages lets the scenario switch Prometheus off and on; a fault that somebody else set stays.
func (r *Running) outages() world.Hook {
	down := false
	return world.Hook{After: func(w *world.World) {
		if want := w.Bend().PrometheusDown; want != down {
			down = want
			r.prom.Fault.Set(map[bool]fault.Kind{true: fault.Refuse, false: fault.None}[down])
		}
	}}
}

func (r *Running) serve(ctx context.Context, o *Options, n int, h http.Handler) (string, error) {
	l, err := r.listen(ctx, o, n)
	if err != nil {
		return "", err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l)
	}()
	r.onClose(func() error {
		err := s.Close()
		<-done
		return err
	})
	return "http://" + l.Addr().String(), nil
}

func (r *Running) listen(ctx context.Context, o *Options, n int) (net.Listener, error) {
	address, err := o.address(n)
	if err != nil {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("open demo server: %w", err)
	}
	return l, nil
}

func (r *Running) serveHAProxy(ctx context.Context, o *Options, path string) error {
	unix, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("open demo socket: %w", err)
	}
	r.haproxy.Serve(unix, haproxyserver.Admin)
	tcp, err := r.listen(ctx, o, 2)
	if err != nil {
		return err
	}
	r.haproxy.Serve(tcp, haproxyserver.Admin)
	r.HAProxySocket, r.HAProxyAddress = path, tcp.Addr().String()
	return nil
}

// beat lets the world live while nobody asks, and closes the demo with the context.
func (r *Running) beat(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(r.live.Beat())
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				r.live.Touch()
			}
		}
	}()
	stop := context.AfterFunc(ctx, func() { _ = r.Close() })
	r.onClose(func() error {
		stop()
		cancel()
		<-done
		return nil
	})
}

func (r *Running) onClose(f func() error) { r.close = append(r.close, f) }

// Close ends the servers and the world's goroutine and removes what Start made. Only the first call does it; all wait for it.
func (r *Running) Close() error {
	r.once.Do(func() {
		var errs []error
		for i := len(r.close) - 1; i >= 0; i-- {
			errs = append(errs, r.close[i]())
		}
		r.err = errors.Join(errs...)
	})
	return r.err
}

// Now is the world's clock.
func (r *Running) Now() time.Time { return r.live.Now() }

// Break lets the scenario begin now; a healthy world gets an error burst.
func (r *Running) Break() { r.live.Do((*world.World).Break) }

// Heal ends the scenario.
func (r *Running) Heal() { r.live.Do((*world.World).Heal) }

// Toggle breaks a healthy world and heals a broken one; it gives what it did in a sentence.
func (r *Running) Toggle() string {
	said := "healed: both models behave again"
	r.live.Do(func(w *world.World) {
		if _, broken := w.Broken(); broken {
			w.Heal()
			return
		}
		w.Break()
		s, _ := w.Broken()
		said = "broken, " + s.Name + ": " + s.Sentence
	})
	return said
}

// Broken says which scenario is at work, if any.
func (r *Running) Broken() (world.Scenario, bool) {
	var s world.Scenario
	var broken bool
	r.live.Do(func(w *world.World) { s, broken = w.Broken() })
	return s, broken
}

// Do hands the world over, caught up, for tests and for deeds that no server offers (a reload, a deploy).
func (r *Running) Do(f func(*world.World)) { r.live.Do(f) }

// Faults gives the switches of the two HTTP servers.
func (r *Running) Faults() (prometheus, elasticsearch *fault.Switch) {
	return &r.prom.Fault, &r.elastic.Fault
}
