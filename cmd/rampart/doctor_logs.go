package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/sources"
	"rampart/sources/elastic"
)

// examineLogs says how the log source is and which lines it holds.
func (s *session) examineLogs(ctx context.Context, a *ailment) error {
	svc := s.cfg.File.Services[s.name]
	src, err := adapters.Elasticsearch(s.chosen.Context, svc, s.clock.Now)
	if err != nil {
		return usage(err)
	}
	if src == nil {
		a.about("elasticsearch: none configured")
		return nil
	}
	r, err := src.Check(ctx)
	if !a.reached(r.Health) {
		a.note("its address is contexts.%s.elasticsearch in %s", s.chosen.Name, s.cfg.Path)
		return nil
	}
	for _, m := range s.cfg.Unlogged(s.name, r, err) {
		a.bad("%s", m)
	}
	if err != nil && !errors.Is(err, sources.ErrNoData) {
		a.bad("%s: %s", svc.Logs.Index, sources.Visible(err.Error()))
	}
	if err == nil || errors.Is(err, sources.ErrPartial) {
		examineLines(a, svc.Logs.Index, r)
	}
	return nil
}

// reached says how a cluster is. One that answers that nothing matches is well: that is a mistake in the file.
func (a *ailment) reached(h sources.Health) bool {
	if errors.Is(h.Err, sources.ErrNoData) {
		h.Err = nil
	}
	return a.told(h)
}

// askLogs asks the cluster of a context about the logs of each service. One that does not answer is not asked again.
func (a *ailment) askLogs(ctx context.Context, c *config.Config, x config.Chosen) ([]config.Mistake, error) {
	var wrong []config.Mistake
	met := false
	for _, service := range x.Services {
		svc := c.File.Services[service]
		src, err := adapters.Elasticsearch(x.Context, svc, time.Now)
		if err != nil {
			return wrong, usage(err)
		}
		if src == nil {
			continue
		}
		r, err := src.Check(ctx)
		if !met && !a.reached(r.Health) {
			return wrong, nil
		}
		met = true
		ms := c.Unlogged(service, r, err)
		wrong = append(wrong, ms...)
		a.heardLines(fmt.Sprintf("%s logs", service), r, err, len(ms) > 0)
	}
	return wrong, nil
}

// heardLines prints what the cluster knows of one service's lines. An arm without any is no mistake of the file: it may not
// be deployed yet.
func (a *ailment) heardLines(on string, r elastic.Report, err error, wrong bool) {
	switch {
	case wrong:
		return // told with their lines at the end
	case err != nil:
		a.bad("%s: %s", on, sources.Visible(err.Error()))
		return
	}
	a.good("%s: %d lines of the legacy in an hour, %d of the candidate", on, r.Lines.Legacy, r.Lines.Candidate)
	for _, n := range r.Advice {
		a.note("%s: %s", on, n.Text)
	}
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
