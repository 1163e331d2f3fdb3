package adapters

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/elastic"
)

// Logs makes the log source of a service and says how it is read; nil when context or service has none.
func Logs(x config.Context, svc config.Service, now func() time.Time) (sources.Logs, engine.LogSettings, error) {
	l := svc.Logs
	src, err := Elasticsearch(x, svc, now)
	if src == nil {
		return nil, engine.LogSettings{}, err
	}
	kinds, err := l.Catalog()
	if err != nil {
		return nil, engine.LogSettings{}, err
	}
	reads, err := l.Reads()
	if err != nil {
		return nil, engine.LogSettings{}, err
	}
	return src, engine.LogSettings{All: l.Show["all"].All, Bytes: l.Arena << 20, Catalog: kinds, Mask: l.Mask.Redaction(), Predictions: reads}, nil
}

// Elasticsearch makes the source of a service's lines; nil when context or service has none. The arms are told apart by the
// values of the metrics where the logs name none of their own.
func Elasticsearch(x config.Context, svc config.Service, now func() time.Time) (*elastic.Source, error) {
	e, l := x.Elasticsearch, svc.Logs
	if e == nil || l == nil {
		return nil, nil
	}
	c := elastic.Config{
		CloudID: e.CloudID.Value, Headers: headers(e.Headers), Proxy: e.Proxy.Value, Timeout: time.Duration(e.Timeout), Index: l.Index, Select: l.Select,
		Query: l.Query, Fields: fieldsOf(l.Fields), IngestLag: time.Duration(l.IngestLag), Now: now, Rand: rand.Float64,
		Arm: elastic.ArmRule{Field: l.Arm.Field, Value: sources.ByArm[string]{
			Legacy: cmp.Or(l.Arm.Legacy, svc.Arms.Legacy.Value), Candidate: cmp.Or(l.Arm.Candidate, svc.Arms.Candidate.Value),
		}},
	}
	if !e.URL.IsZero() {
		c.URLs = append(c.URLs, e.URL.Value)
	}
	for _, u := range e.URLs {
		c.URLs = append(c.URLs, u.Value)
	}
	if e.APIKey != nil {
		c.APIKey = e.APIKey
	}
	if e.Bearer != nil {
		c.Bearer = e.Bearer
	}
	c.TLS, c.Basic = trustOf(e.TLS), basicOf(e.Basic)
	var err error
	if c.Show, err = showOf(l.Show); err != nil {
		return nil, err
	}
	return elastic.New(c)
}

func fieldsOf(m map[string]string) elastic.Fields {
	return elastic.Fields{
		Time: cmp.Or(m["time"], "@timestamp"), Message: cmp.Or(m["message"], "message"), Level: cmp.Or(m["level"], "log.level"),
		Version: cmp.Or(m["version"], "service.version"), ID: cmp.Or(m["id"], m["trace"], "trace.id"), Stack: cmp.Or(m["stack"], "error.stack_trace"),
	}
}

// showOf turns "error: all, other: 200/s" into what the source reads.
func showOf(show map[string]config.ShowAll) (elastic.Show, error) {
	var out elastic.Show
	for _, l := range sources.Levels() {
		s, ok := show[l.String()]
		switch {
		case ok && s.All:
			out.Whole = append(out.Whole, l)
		case ok:
			return out, fmt.Errorf("logs.show.%s: a rate goes with other only; a level is shown whole or not named", l)
		}
	}
	if other, ok := show["other"]; ok {
		out.Rest = other.PerSecond
		if out.Rest == 0 && !other.All {
			out.Rest = -1
		}
		out.All = other.All
	}
	out.All = out.All || show["all"].All
	return out, nil
}
