package config

import (
	"fmt"
	"slices"
	_ "time/tzdata" // a bastion without time zones still knows when a freeze begins

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// Plan is how a ramp goes on.
type Plan struct {
	Steps        []string             `yaml:"steps" jsonschema_description:"Such as '1% for 15m', '5% until safe or 30m', '25% for 15m then approve', '50% until command: ./gate ranker', '100%'."`
	OnWorse      analysis.Consequence `yaml:"on_worse,omitempty" jsonschema:"enum=rollback,enum=hold,enum=ask" jsonschema_description:"When the candidate is worse; rollback by default. A guard's own hold or ask is milder and wins."`
	OnNoData     analysis.Consequence `yaml:"on_no_data,omitempty" jsonschema:"enum=hold,enum=ask,enum=rollback" jsonschema_description:"When nothing can be judged; the service's, or hold, by default."`
	OnTimeout    analysis.Consequence `yaml:"on_timeout,omitempty" jsonschema:"enum=hold,enum=ask,enum=rollback" jsonschema_description:"When the time behind 'or' is over; the service's, or hold, by default."`
	MaxJump      sources.Share        `yaml:"max_jump,omitempty" jsonschema_description:"The most that one step may add, such as 50%; any by default."`
	MaxAlerting  sources.Share        `yaml:"max_alerting,omitempty" jsonschema_description:"The most that is set while an alert of the service fires (notify: alertmanager), such as 5%; nothing is raised then by default."`
	SecondPerson bool                 `yaml:"second_person,omitempty" jsonschema_description:"An approval counts only from somebody else than the one who started the ramp."`
	MinSamples   int64                `yaml:"min_samples,omitempty" jsonschema_description:"Requests that each arm must have had in a step before it is left."`
	Freeze       []string             `yaml:"freeze,omitempty" jsonschema_description:"When nothing is raised: 'Fri 16:00-24:00 Europe/Berlin', 'Mon-Thu 22:00-06:00 UTC', '2026-12-20T00:00Z/2027-01-02T00:00Z'."`
	Confirm      Duration             `yaml:"confirm,omitempty" jsonschema_description:"Each step reverts by itself unless somebody confirms it within this."`
	Watchdog     Duration             `yaml:"watchdog,omitempty" jsonschema_description:"A second process sets 0 % when the runner is silent for this long."`
	Extend       *Extend              `yaml:"extend,omitempty" jsonschema_description:"How often the time behind 'or' is drawn out while the evidence is on its way to safe."`
	Rules        []Rule               `yaml:"rules,omitempty" jsonschema_description:"Thresholds over the last requests, as classic controllers have them. They are no evidence."`
}

// Extend is by how much, and how often, a step may be drawn out.
type Extend struct {
	By   Duration `yaml:"by"`
	Most int      `yaml:"most"`
}

// Rule is a threshold over the last requests.
type Rule struct {
	Measure  string               `yaml:"measure"`
	Of       ramp.Quantity        `yaml:"of" jsonschema:"enum=success,enum=errors,enum=latency,enum=slow"`
	Over     int64                `yaml:"over" jsonschema_description:"How many of the newest requests of each arm; with fewer it does not speak."`
	MaxRatio float64              `yaml:"max_ratio,omitempty" jsonschema_description:"Candidate over legacy, at most."`
	MinRatio float64              `yaml:"min_ratio,omitempty" jsonschema_description:"Candidate over legacy, at least."`
	Then     analysis.Consequence `yaml:"then" jsonschema:"enum=rollback,enum=hold,enum=ask"`
}

// Ramp is a service's plan as a runner drives it; false: none is configured.
func (c *Config) Ramp(service string) (ramp.Plan, bool) {
	s := c.File.Services[service]
	if s.Plan == nil {
		return ramp.Plan{}, false
	}
	p, _ := s.ramp() // its mistakes were told when the file was read
	return p, true
}

// ramp reads the plan, and says by their place which of its texts cannot be read.
func (s Service) ramp() (ramp.Plan, map[string]error) {
	w, wrong := s.Plan, map[string]error{}
	out := ramp.Plan{
		OnWorse: w.OnWorse, OnNoData: s.OnNoData, OnTimeout: s.OnTimeout, MaxJump: w.MaxJump, MaxAlerting: w.MaxAlerting,
		SecondPerson: w.SecondPerson, MinSamples: w.MinSamples, Confirm: w.Confirm.Or(0), Watchdog: w.Watchdog.Or(0),
	}
	if w.OnNoData != analysis.DoWarn {
		out.OnNoData = w.OnNoData
	}
	if w.OnTimeout != analysis.DoWarn {
		out.OnTimeout = w.OnTimeout
	}
	for i, text := range w.Steps {
		step, err := ramp.ParseStep(text)
		if err != nil {
			wrong[fmt.Sprintf("steps[%d]", i)] = err
			continue
		}
		out.Steps = append(out.Steps, step)
	}
	for i, text := range w.Freeze {
		f, err := ramp.ParseFreeze(text)
		if err != nil {
			wrong[fmt.Sprintf("freeze[%d]", i)] = err
			continue
		}
		out.Freeze = append(out.Freeze, f)
	}
	if w.Extend != nil {
		out.Extend = ramp.Extension{By: w.Extend.By.Or(0), Most: w.Extend.Most}
	}
	for _, r := range w.Rules {
		out.Rules = append(out.Rules, ramp.Rule{Measure: r.Measure, Of: r.Of, Over: r.Over, Max: r.MaxRatio, Min: r.MinRatio, Then: r.Then})
	}
	return out, wrong
}

// plan checks that every text can be read, and the plan that they make.
func (k *checker) plan(at string, s Service) {
	p, wrong := s.ramp()
	for _, place := range sortedKeys(wrong) {
		k.say(at+"."+place, wrong[place].Error(), "")
	}
	for _, m := range p.Validate(sources.Caps{}) {
		switch {
		case m.Key == "steps" && len(p.Steps) < len(s.Plan.Steps): // there are steps, and what is wrong with them is said
		case m.Step == 0:
			k.say(at+"."+m.Key, m.Text, m.Fix)
		case len(p.Steps) == len(s.Plan.Steps): // else steps have other numbers than in the file
			k.say(fmt.Sprintf("%s.steps[%d]", at, m.Step-1), fmt.Sprintf("step %q: %s", m.Said, m.Text), m.Fix)
		}
	}
	if s.Plan.MaxAlerting > 0 && !slices.ContainsFunc(s.Notify, func(n Notify) bool { return n.Alertmanager != nil && n.Alertmanager.Reads() }) {
		k.say(at+".max_alerting", "no alerts are read", "add notify: [{alertmanager: {url: 'http://am:9093'}}]")
	}
	for i, r := range s.Plan.Rules {
		k.ruled(fmt.Sprintf("%s.rules[%d]", at, i), s, r)
	}
}

// ruled checks that a rule's measure is one that counts what the rule is of.
func (k *checker) ruled(at string, s Service, r Rule) {
	all := s.allMeasures()
	m, ok := all[r.Measure]
	switch {
	case r.Measure == "":
	case !ok:
		k.say(at+".measure", fmt.Sprintf("no measure %q", r.Measure), didYouMean(r.Measure, all))
	case (r.Of == ramp.Success || r.Of == ramp.Errors) && m.Counter == "" && m.From == "":
		k.say(at+".of", fmt.Sprintf("%s does not count failed requests", r.Measure), "use a measure with a counter and bad")
	case (r.Of == ramp.Latency || r.Of == ramp.Slow) && m.Histogram == "":
		k.say(at+".of", fmt.Sprintf("%s has no histogram", r.Measure), "use a measure with a histogram")
	case r.Of == ramp.Slow && m.Above == 0:
		k.say(at+".of", fmt.Sprintf("%s has no edge", r.Measure), "write above: 250ms to the measure")
	case m.Judge != 0 && m.Judge != analysis.GuardIt && !slices.ContainsFunc(s.Guards, func(g Guard) bool { return g.Measure == r.Measure && g.MaxRatio != 0 }):
		k.say(at+".measure", fmt.Sprintf("%s is not judged, so no rule is told what it counts", r.Measure), "leave judge out of the measure")
	}
}
