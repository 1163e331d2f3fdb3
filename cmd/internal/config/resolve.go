package config

import (
	"fmt"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/prom"
)

// DefaultStep is the length of a block when the config names none: Prometheus's own default scrape interval.
const DefaultStep = 15 * time.Second

// Choice is what flags and environment chose of a file.
type Choice struct {
	Context string
	Service string
}

// Chosen is one context with the services that live in it, the chosen one first.
type Chosen struct {
	Name     string
	Context  Context
	Services []string
}

// Contexts are the names of all contexts, in order.
func (c *Config) Contexts() []string { return sortedKeys(c.File.Contexts) }

// Services are the names of those that live in a context, in order: a service that names none lives in each.
func (c *Config) Services(context string) []string {
	return slices.DeleteFunc(sortedKeys(c.File.Services), func(s string) bool {
		in := c.File.Services[s].Context
		return in != "" && in != context
	})
}

// Choose picks the context and the services. Without a choice the only context is taken; with several it asks.
func (c *Config) Choose(ch Choice) (Chosen, error) {
	name := ch.Context
	if name == "" && ch.Service != "" {
		name = c.File.Services[ch.Service].Context
	}
	if name == "" {
		if len(c.File.Contexts) != 1 {
			return Chosen{}, fmt.Errorf("context: %d stand in %s: choose one with --context", len(c.File.Contexts), c.Path)
		}
		name = sortedKeys(c.File.Contexts)[0]
	}
	ctx, ok := c.File.Contexts[name]
	if !ok {
		return Chosen{}, fmt.Errorf("context %q: not in %s (%s)", name, c.Path, didYouMean(name, c.File.Contexts))
	}
	out := Chosen{Name: name, Context: ctx}
	if ch.Service != "" {
		if _, ok := c.File.Services[ch.Service]; !ok {
			return Chosen{}, fmt.Errorf("service %q: not in %s (%s)", ch.Service, c.Path, didYouMean(ch.Service, c.File.Services))
		}
		out.Services = append(out.Services, ch.Service)
	}
	for _, s := range c.Services(name) {
		if s != ch.Service {
			out.Services = append(out.Services, s)
		}
	}
	if len(out.Services) == 0 {
		return Chosen{}, fmt.Errorf("context %q: no service of %s lives in it", name, c.Path)
	}
	return out, nil
}

// Engine turns a service into what the engine runs on.
func (c *Config) Engine(x Chosen, name string) engine.Service {
	s := c.File.Services[name]
	out := engine.Service{
		Name: name, Context: x.Name, Env: x.Context.Env, Step: DefaultStep, Target: s.target(), Alpha: s.Alpha,
		Logs: s.Logs != nil && x.Context.Elasticsearch != nil, Links: s.Links,
		Accept: s.Check != nil && s.Check.Accept == "undecided",
	}
	if x.Context.Prometheus != nil {
		out.Step, out.Settle = x.Context.Prometheus.Step.Or(DefaultStep), x.Context.Prometheus.Settle.Or(0)
	}
	if out.Alpha == 0 {
		out.Alpha = 0.05
	}
	if s.Version != nil {
		out.Identity = &sources.IdentityQuery{Target: out.Target, Metric: s.Version.Metric, Label: s.Version.Label, Step: out.Step}
	}
	out.Guards = s.rules()
	if p, ok := c.Ramp(name); ok {
		out.Plan = frame.PlanOf(p)
	}
	measures := s.allMeasures()
	for _, key := range s.order(measures) {
		addMeasure(&out, key, measures[key], s.presetSelect(measures[key]))
	}
	return out
}

// GroupLabel is the label whose value tells the services of a context apart, so that they can be asked together: what the
// config names, else what is found; empty: each is asked alone.
func (c *Config) GroupLabel(x Chosen) string {
	switch p := x.Context.Prometheus; {
	case p == nil || p.GroupBy == "-":
		return ""
	case p.GroupBy != "":
		return p.GroupBy
	}
	var targets []sources.Target
	for _, name := range x.Services {
		targets = append(targets, c.File.Services[name].target())
	}
	return prom.GroupLabel(targets)
}

// order keeps errors before latency before the rest, each by name, so that the table reads the same everywhere.
func (s Service) order(measures map[string]Measure) []string {
	var first, second, third, rest []string
	for _, k := range sortedKeys(measures) {
		switch m := measures[k]; {
		case m.Counter != "":
			first = append(first, k)
		case m.From == "logs":
			rest = append(rest, k)
		case m.From != "":
			second = append(second, k)
		case m.Histogram != "" && (m.Above != 0 || m.Judge != analysis.Report):
			third = append(third, k)
		default:
			rest = append(rest, k)
		}
	}
	return append(append(append(first, second...), third...), rest...)
}

func (s Service) target() sources.Target {
	t := sources.Target{Strata: s.Strata}
	for _, k := range sortedKeys(s.Select) {
		t.Select = append(t.Select, sources.Matcher{Label: k, Op: "=", Value: s.Select[k]})
	}
	t.Arms = sources.ArmRule{Label: s.Arms.Label, Regexp: s.Arms.Regexp}
	for _, a := range []struct {
		value ArmValue
		arm   sources.Arm
	}{{s.Arms.Legacy, sources.Legacy}, {s.Arms.Candidate, sources.Candidate}} {
		*t.Arms.Value.Ptr(a.arm) = a.value.Value
		for _, k := range sortedKeys(a.value.Labels) {
			ms := t.Arms.Matchers.Ptr(a.arm)
			*ms = append(*ms, sources.Matcher{Label: k, Op: "=", Value: a.value.Labels[k]})
		}
	}
	if s.Arms.Join != nil {
		t.Arms.Join = &sources.Join{Metric: s.Arms.Join.Metric, On: s.Arms.Join.On}
	}
	return t
}
