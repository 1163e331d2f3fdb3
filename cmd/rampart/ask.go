package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/prom"
)

// askDeadline bounds how long all servers together may keep whoever asks about a config.
const askDeadline = time.Minute

// answer is what a server found of one measure, and what that says about the file.
type answer struct {
	prom.Checked
	wrong []config.Mistake
}

// ask asks a server about each measure of a service, all at once, as of an instant: a few blocks of each, so it is cheap
// whatever the history.
func ask(ctx context.Context, src *prom.Source, c *config.Config, svc engine.Service, at time.Time) []answer {
	at = sources.Align(at, svc.Step)
	var each []func() answer
	for _, m := range svc.Measures {
		if m.Asked() {
			each = append(each, func() answer {
				found := src.Check(ctx, m.Query, at)
				return answer{found, c.Answered(svc.Name, found)}
			})
		}
	}
	for _, t := range svc.Thresholds {
		each = append(each, func() answer {
			_, err := src.Threshold(ctx, t.Expr, at)
			return answer{prom.Checked{Measure: t.Name, Query: t.Expr, Err: err}, c.Refused(svc.Name, t.Name, err)}
		})
	}
	out := make([]answer, len(each))
	var wg sync.WaitGroup
	for i, one := range each {
		wg.Go(func() { out[i] = one() })
	}
	wg.Wait()
	return out
}

// free tells a measure that is one expression: it has no arms and no series of its own.
func (w answer) free() bool {
	return w.Series == (sources.ByArm[int]{}) && w.Err == nil && len(w.wrong) == 0
}

// configAsk asks the servers of the chosen context, or of every one, what the file alone cannot tell.
func (g *globals) configAsk(ctx context.Context, c *config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, askDeadline)
	defer cancel()
	a := &ailment{w: g.out}
	var wrong []config.Mistake
	for _, name := range c.Contexts() {
		if g.context != "" && g.context != name {
			continue
		}
		ms, err := a.askContext(ctx, c, name)
		if err != nil {
			return err
		}
		wrong = append(wrong, ms...)
	}
	if len(wrong) > 0 {
		return usage(&config.Error{File: c.Path, Mistakes: wrong})
	}
	if a.found > 0 {
		return &exitError{exitStale, fmt.Errorf("config check: the file is good, what it names has %s", config.Count(a.found, "finding", "findings"))}
	}
	return nil
}

// askContext asks about each service that lives in a context and prints what came.
func (a *ailment) askContext(ctx context.Context, c *config.Config, name string) ([]config.Mistake, error) {
	x := config.Chosen{Name: name, Context: c.File.Contexts[name], Services: c.Services(name)}
	a.demo = x.Context.Env == "demo"
	src, err := adapters.Prometheus(x.Context)
	if err != nil {
		return nil, usage(err)
	}
	fmt.Fprintf(a.w, "context %s: ", name)
	var wrong []config.Mistake
	if src == nil {
		fmt.Fprintln(a.w, "no prometheus to ask")
	} else if a.told(src.Health(ctx)) {
		wrong = a.askMeasures(ctx, src, c, x)
	}
	lines, err := a.askLogs(ctx, c, x)
	if err != nil {
		return wrong, err
	}
	steps, err := a.askPlanes(ctx, c, x)
	return slices.Concat(wrong, lines, steps), err
}

// askMeasures asks a server about every measure of the services that live in a context.
func (a *ailment) askMeasures(ctx context.Context, src *prom.Source, c *config.Config, x config.Chosen) []config.Mistake {
	var wrong []config.Mistake
	for _, service := range x.Services {
		for _, w := range ask(ctx, src, c, c.Engine(x, service), time.Now()) {
			a.heard(service, w)
			wrong = append(wrong, w.wrong...)
		}
	}
	return wrong
}

// heard prints one answer in a line. An arm without series is no mistake of the file: it may not be deployed yet.
func (a *ailment) heard(service string, w answer) {
	switch {
	case len(w.wrong) > 0:
		return // told with their lines at the end
	case w.Err != nil && !errors.Is(w.Err, sources.ErrNoData):
		a.bad("%s %s: %s", service, w.Measure, sources.Visible(w.Err.Error()))
	case w.Err != nil:
		a.note("%s %s: nothing matched", service, w.Measure)
	case w.free():
		a.good("%s %s: answered", service, w.Measure)
	default:
		a.good("%s %s: %d series of the legacy, %d of the candidate", service, w.Measure, w.Series.Legacy, w.Series.Candidate)
	}
	for _, n := range w.Notes {
		a.note("%s %s: %s", service, w.Measure, n.Text)
	}
}

// How long a watch waits to hear that a query of the config is none. The first paint of a screen is worth more than being
// told before it: what a server says after that ends the screen again, which then has shown nothing yet.
const (
	inquiryBeforeScreen = 40 * time.Millisecond
	inquiryDeadline     = time.Second
)

// beforeData is an instant at which no server has data: it reads a query there, and nothing else.
var beforeData = time.Unix(24*60*60, 0)

// inquire asks the server whether it understands each query of the service. The channel yields the mistakes as one error
// and is closed; a server that does not answer in time has told none.
//
// Why at an instant before all data: a query that is none is refused before anything is read, so that a console opened in
// the middle of an incident adds nothing to the load of the server that it needs most.
func (s *session) inquire(ctx context.Context) <-chan error {
	told := make(chan error, 1)
	go func() {
		defer close(told)
		src, err := adapters.Prometheus(s.chosen.Context)
		if src == nil || err != nil {
			return // who opens the session says why
		}
		ctx, cancel := context.WithTimeout(ctx, inquiryDeadline)
		defer cancel()
		var wrong []config.Mistake
		for _, w := range ask(ctx, src, s.cfg, s.service, beforeData) {
			if prom.Refused(w.Err) {
				wrong = append(wrong, w.wrong...)
			}
		}
		if len(wrong) > 0 {
			told <- usage(&config.Error{File: s.cfg.Path, Mistakes: wrong})
		}
	}()
	return told
}

// heed waits for what the server says of the queries, for so long. What it says later ends the context with it.
func heed(told <-chan error, patience time.Duration, end context.CancelCauseFunc) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-told:
		return err
	case <-timer.C:
	}
	go func() {
		if err := <-told; err != nil {
			end(err)
		}
	}()
	return nil
}
