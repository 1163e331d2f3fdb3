package adapters

import (
	"time"

	"rampart/cmd/internal/config"
	"rampart/sources"
	"rampart/sources/prom"
)

// Prometheus makes the Prometheus source of a context; nil when it has none.
func Prometheus(x config.Context) (*prom.Source, error) {
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

// Metrics makes the metrics source of a context; nil when it has none.
func Metrics(x config.Context) (sources.Metrics, error) {
	src, err := Prometheus(x)
	if src == nil {
		return nil, err
	}
	return src, nil
}

// Group makes what the services of a context read their metrics from, so that they are asked together; nil when it has
// none.
func Group(c *config.Config, x config.Chosen) (*prom.Group, error) {
	src, err := Prometheus(x.Context)
	if src == nil {
		return nil, err
	}
	return prom.NewGroup(src, c.GroupLabel(x)), nil
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
