package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/plane"
	"rampart/sources/prom"
)

// metricsOf makes the metrics source of a context; nil when it has none.
func metricsOf(x config.Context) (sources.Metrics, error) {
	src, err := promOf(x)
	if src == nil {
		return nil, err
	}
	return src, nil
}

// groupOf makes what the services of a context read their metrics from, so that they are asked together; nil when it has
// none.
func groupOf(c *config.Config, x config.Chosen) (*prom.Group, error) {
	src, err := promOf(x.Context)
	if src == nil {
		return nil, err
	}
	return prom.NewGroup(src, c.GroupLabel(x)), nil
}

// join gives the session its seat among the services that are read together.
func (s *session) join() sources.Metrics {
	if s.group == nil {
		return nil
	}
	src, leave := s.group.Join(s.service.Target)
	s.stop = append(s.stop, leave)
	return src
}

// promOf makes the Prometheus source of a context; nil when it has none.
func promOf(x config.Context) (*prom.Source, error) {
	p := x.Prometheus
	if p == nil {
		return nil, nil
	}
	c := prom.Config{
		URL: p.URL.Value, Replica: p.ReplicaLabel, MaxSeries: p.MaxSeries, Timeout: time.Duration(p.Timeout), Proxy: p.Proxy.Value, Headers: headers(p.Headers),
	}
	if p.Bearer != nil {
		c.Bearer = p.Bearer
	}
	c.TLS, c.Basic = trustOf(p.TLS), basicOf(p.Basic)
	return prom.New(c)
}

func headers(in map[string]*config.Secret) map[string]sources.Secret {
	if len(in) == 0 {
		return nil
	}
	out := make(map[string]sources.Secret, len(in))
	for name, secret := range in {
		out[name] = secret
	}
	return out
}

// seenPast is the newest window in which a split is seen by counters.
const seenPast = time.Minute

// counter reads both arms' requests of the first measure that has any, for a plane that can only be watched.
func counter(metrics sources.Metrics, svc engine.Service, now func() time.Time) plane.Count {
	return func(ctx context.Context, since time.Time) (plane.Counts, error) {
		to := sources.Align(now(), svc.Step)
		if since.IsZero() {
			since = to.Add(-seenPast)
		}
		w := sources.Window{From: since, To: to}.Aligned(svc.Step)
		out := plane.Counts{Window: w}
		if metrics == nil || len(svc.Measures) == 0 {
			return out, &sources.Error{Op: "count", Target: svc.Name, Kind: sources.ErrNoData, Fix: "a split by counters needs prometheus and a measure of requests"}
		}
		if w.Blocks(svc.Step) == 0 {
			return out, nil
		}
		got := metrics.Blocks(ctx, []sources.BlockQuery{svc.Measures[0].Query}, w)[0]
		for _, b := range got.Blocks {
			for _, a := range sources.Arms() {
				if c := b.Sum(a); c != nil {
					*out.Requests.Ptr(a) += c.Requests
				}
			}
		}
		return out, got.Err
	}
}

// journalOf opens the journal of a context.
func journalOf(env func(string) string, context string, now func() time.Time) (*audit.Journal, error) {
	path, err := auditPath(env, context)
	if err != nil {
		return nil, err
	}
	return audit.Open(path, now)
}

// stateDir is where journals and dossiers are kept: $XDG_STATE_HOME/rampart, or ~/.local/state/rampart.
func stateDir(env func(string) string) (string, error) {
	if d := env("RAMPART_STATE"); d != "" {
		return d, nil
	}
	if d := env("XDG_STATE_HOME"); d != "" {
		return filepath.Join(d, "rampart"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("state folder: %w (set XDG_STATE_HOME)", err)
	}
	return filepath.Join(home, ".local", "state", "rampart"), nil
}

// fileName turns a name of the config into one that is safe as a file's.
func fileName(name string) string {
	out := []rune(name)
	for i, r := range out {
		if r == '/' || r == '\\' || r == '.' && i == 0 || r < ' ' {
			out[i] = '_'
		}
	}
	return string(out)
}
