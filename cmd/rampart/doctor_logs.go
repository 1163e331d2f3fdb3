package main

import (
	"context"
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
