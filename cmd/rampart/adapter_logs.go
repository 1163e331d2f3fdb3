package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/elastic"
)

// logsOf makes the log source of a service; nil when context or service has none.
func logsOf(x config.Context, l *config.Logs, now func() time.Time) (sources.Logs, engine.LogSettings, error) {
	if x.Elasticsearch == nil || l == nil {
		return nil, engine.LogSettings{}, nil
	}
	src, err := elasticOf(x, l, now)
	if err != nil {
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

// elasticOf makes the Elasticsearch source of a service.
func elasticOf(x config.Context, l *config.Logs, now func() time.Time) (*elastic.Source, error) {
	e := x.Elasticsearch
	c := elastic.Config{
		CloudID: e.CloudID.Value, Headers: headers(e.Headers), Proxy: e.Proxy.Value, Timeout: time.Duration(e.Timeout), Index: l.Index, Select: l.Select,
		Query: l.Query, Fields: fieldsOf(l.Fields), IngestLag: time.Duration(l.IngestLag), Now: now, Rand: rand.Float64,
		Arm: elastic.ArmRule{Field: l.Arm.Field, Value: sources.ByArm[string]{Legacy: l.Arm.Legacy, Candidate: l.Arm.Candidate}},
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

// armValues fills in the arms' values in the logs from those of the metrics where they are not given.
func armValues(l *config.Logs, a config.Arms) *config.Logs {
	if l == nil {
		return nil
	}
	out := *l
	out.Arm.Legacy, out.Arm.Candidate = cmp.Or(l.Arm.Legacy, a.Legacy.Value), cmp.Or(l.Arm.Candidate, a.Candidate.Value)
	return &out
}

// examineLogs says how the log source is and which lines it holds.
func (s *session) examineLogs(ctx context.Context, a *ailment) error {
	svc := s.cfg.File.Services[s.name]
	if s.chosen.Context.Elasticsearch == nil || svc.Logs == nil {
		a.about("elasticsearch: none configured")
		return nil
	}
	src, err := elasticOf(s.chosen.Context, armValues(svc.Logs, svc.Arms), s.clock.Now)
	if err != nil {
		return usage(err)
	}
	r, err := src.Check(ctx)
	if !a.told(r.Health) {
		return nil
	}
	if err != nil {
		a.bad("%s: %s", svc.Logs.Index, sources.Visible(err.Error()))
		return nil
	}
	examineLines(a, svc.Logs.Index, r)
	return nil
}

// examineLines says what the pattern matches, how many lines each arm has and how old, and what to change.
func examineLines(a *ailment, index string, r elastic.Report) {
	if n := len(r.Indices); n > 0 {
		a.good("%s: %s", index, config.Count(n, "index", "indices"))
	}
	for _, arm := range sources.Arms() {
		switch newest := r.Newest.Of(arm); {
		case newest.IsZero():
			a.bad("%s: no line of the %s in a day", index, arm)
		default:
			a.good("%s: %d lines of the %s in an hour, newest %s old", index, r.Lines.Of(arm), arm, max(0, r.Now.Sub(newest)).Round(time.Second))
		}
	}
	for _, n := range r.Advice {
		a.note("%s", n.Text)
	}
}
