package world

import (
	"fmt"
	"time"
)

// Fleet is the pods of one track.
type Fleet struct {
	Pods   int   `yaml:"pods"`
	Weight int   `yaml:"weight"` // in the balancer's file
	Model  Model `yaml:"model"`
}

// Spec is everything that makes one world; two worlds of the same Spec are the same.
type Spec struct {
	Seed           uint64        `yaml:"seed"`
	Service        string        `yaml:"service"` // the label app of its series, and their job
	Opens          time.Time     `yaml:"opens"`   // the moment that a console first looks; times of the timeline count from it
	History        time.Duration `yaml:"history"` // lived before that moment
	Rate           float64       `yaml:"rate"`    // requests a second
	Users          uint32        `yaml:"users"`
	ErrorRate      float64       `yaml:"error_rate"`
	LogShare       float64       `yaml:"log_share"` // of ordinary answers that write a line; warnings and errors always do
	LabelDelay     time.Duration `yaml:"label_delay"`
	ScrapeInterval time.Duration `yaml:"scrape_interval"`
	SlowStart      time.Duration `yaml:"slow_start"`
	Stable         Fleet         `yaml:"stable"`
	Canary         Fleet         `yaml:"canary"`
	Scenario       string        `yaml:"scenario"`
	Timeline       []Event       `yaml:"timeline"`
}

// Default is the demo's world: half an hour of history, a rollout that began twenty minutes ago at five percent and stands at ten.
func Default() Spec {
	return Spec{
		Seed: 1, Service: "ranker", History: 30 * time.Minute, Rate: 120, Users: 50_000, ErrorRate: .0042, LogShare: .15,
		LabelDelay: time.Hour, ScrapeInterval: 15 * time.Second, Scenario: "healthy",
		Stable: Fleet{Pods: 6, Weight: 100, Model: legacyModel()},
		Canary: Fleet{Pods: 2, Weight: 0, Model: candidateModel()},
		Timeline: []Event{
			{At: -20*time.Minute - 30*time.Second, Deploy: &Deploy{Track: "canary"}},
			{At: -20 * time.Minute, Share: 5},
			{At: -9 * time.Minute, Share: 10},
		},
	}
}

// Flaw is a Spec that cannot be, with the path of the value at fault in YAMLPath form.
type Flaw struct {
	Path  string
	Cause string
}

// Error gives the path and the cause.
func (f *Flaw) Error() string { return fmt.Sprintf("%s: %s", f.Path, f.Cause) }

// Validate names the first value that makes no world, as a *Flaw.
func (s *Spec) Validate() error {
	checks := []struct {
		bad         bool
		path, cause string
	}{
		{s.Service == "", "$.service", "must be a name"},
		{s.History < 0 || s.History > 24*time.Hour, "$.history", "must be between 0 and 24h"},
		{s.Rate <= 0 || s.Rate > 5000, "$.rate", "must be above 0 and at most 5000 requests a second"},
		{s.Users < 1000, "$.users", "must be at least 1000: fewer make the split lumpy"},
		{s.ErrorRate < 0 || s.ErrorRate > .1, "$.error_rate", "must be between 0 and 0.1"},
		{s.LogShare < 0 || s.LogShare > 1, "$.log_share", "must be between 0 and 1"},
		{s.LabelDelay < time.Minute || s.LabelDelay > 24*time.Hour, "$.label_delay", "must be between 1m and 24h"},
		{s.ScrapeInterval < time.Second || s.ScrapeInterval > 5*time.Minute, "$.scrape_interval", "must be between 1s and 5m"},
		{s.SlowStart < 0 || s.SlowStart > time.Hour, "$.slow_start", "must be between 0 and 1h"},
		{s.Stable.Pods < 1 || s.Stable.Pods > 100, "$.stable.pods", "must be between 1 and 100"},
		{s.Canary.Pods < 1 || s.Canary.Pods > 100, "$.canary.pods", "must be between 1 and 100"},
		{s.Stable.Weight < 0 || s.Stable.Weight > 256, "$.stable.weight", "must be between 0 and 256"},
		{s.Canary.Weight < 0 || s.Canary.Weight > 256, "$.canary.weight", "must be between 0 and 256"},
	}
	for _, c := range checks {
		if c.bad {
			return &Flaw{c.path, c.cause}
		}
	}
	if _, ok := ScenarioNamed(s.Scenario); !ok {
		return &Flaw{"$.scenario", unknownScenario(s.Scenario)}
	}
	for i := range s.Timeline {
		if f := s.Timeline[i].fault(s); f != "" {
			return &Flaw{fmt.Sprintf("$.timeline[%d]", i), f}
		}
	}
	return nil
}
