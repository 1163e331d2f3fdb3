package adapters

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/plane"
	"rampart/sources/plane/envoy"
	"rampart/sources/plane/exec"
	"rampart/sources/plane/file"
	"rampart/sources/plane/haproxy"
	"rampart/sources/plane/observe"
	"rampart/sources/plane/webhook"
)

// Plane makes the traffic plane of a service; nil when it has none.
func Plane(t *config.Traffic, metrics sources.Metrics, svc engine.Service, now func() time.Time) (sources.Plane, error) {
	if t == nil {
		return nil, nil
	}
	count := Counter(metrics, svc, now)
	switch t.Kind {
	case "observe":
		return observe.New(observe.Config{Runbook: t.Runbook}, count, now), nil
	case "haproxy":
		return haproxyOf(t, now)
	case "webhook":
		return webhookOf(t.Webhook, seen(count, metrics), now)
	case "file":
		return fileOf(t.File, seen(count, metrics), now)
	case "envoy":
		return envoyOf(t.Envoy, now)
	case "exec":
		return execOf(t.Exec, seen(count, metrics), now)
	}
	return nil, fmt.Errorf("traffic: no plane %q", t.Kind)
}

// Keys name what a service's plane drives, the same on this machine for everybody who drives it, whatever they call the
// service. None where nothing is driven, as on a plane that is only watched.
func Keys(ctx context.Context, t *config.Traffic) ([]string, error) {
	p, err := Plane(t, nil, engine.Service{}, time.Now)
	if k, ok := p.(interface {
		Keys(context.Context) []string
	}); ok && err == nil {
		return k.Keys(ctx), nil
	}
	return nil, err
}

// seen is nil without metrics: a plane then says that it counts nothing, and does not fail at each look.
func seen(count plane.Count, metrics sources.Metrics) plane.Count {
	if metrics == nil {
		return nil
	}
	return count
}

func haproxyOf(t *config.Traffic, now func() time.Time) (sources.Plane, error) {
	c := haproxy.Config{Backend: t.Backend, Servers: sources.ByArm[[]string]{Legacy: t.Servers["legacy"], Candidate: t.Servers["candidate"]}}
	for _, s := range t.Sockets {
		c.Sockets = append(c.Sockets, s.Value)
	}
	if t.KnownHosts != "" {
		c.SSH.KnownHosts = []string{config.Home(t.KnownHosts)}
	}
	return haproxy.New(c, now)
}

func execOf(e *config.Exec, count plane.Count, now func() time.Time) (sources.Plane, error) {
	return exec.New(exec.Config{Command: program(e.Command), Timeout: time.Duration(e.Timeout), Dir: config.Home(e.Dir)}, count, now)
}

// program is a command line of the config with its program found where ~/ says; the config keeps what was written.
func program(argv []string) []string {
	out := slices.Clone(argv)
	if len(out) > 0 {
		out[0] = config.Home(out[0])
	}
	return out
}

func webhookOf(w *config.Webhook, count plane.Count, now func() time.Time) (sources.Plane, error) {
	c := webhook.Config{
		Read: w.Read.Value, Write: w.Write.Value, Timeout: time.Duration(w.Timeout), Settle: time.Duration(w.Settle),
		Shares: w.Shares, Finest: w.Finest, Durable: w.Durable,
	}
	if w.Secret != nil {
		c.Secret = w.Secret
	}
	if w.Bearer != nil {
		c.Bearer = w.Bearer
	}
	c.TLS = trustOf(w.TLS)
	return webhook.New(c, count, now)
}

func fileOf(f *config.SplitFile, count plane.Count, now func() time.Time) (sources.Plane, error) {
	return file.New(file.Config{
		Path: config.Home(f.Path.Value), Format: f.Format, Block: f.Block, Arms: sources.ByArm[[]string]{Legacy: f.Arms.Legacy, Candidate: f.Arms.Candidate},
		Check: f.Check, Reload: f.Reload, PID: config.Home(f.PID.Value), Timeout: time.Duration(f.Timeout),
	}, count, now)
}

func envoyOf(e *config.Envoy, now func() time.Time) (sources.Plane, error) {
	c := envoy.Config{
		Prefix: e.Prefix, Layer: e.Layer, Timeout: time.Duration(e.Timeout),
		Clusters: sources.ByArm[string]{Legacy: e.Clusters.Legacy, Candidate: e.Clusters.Candidate},
	}
	for _, a := range e.Admins {
		c.Admins = append(c.Admins, a.Value)
	}
	return envoy.New(c, now)
}
