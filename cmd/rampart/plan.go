package main

import (
	"context"
	"errors"
	"strings"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/config"
	"rampart/sources"
)

// planOf is the service's plan: the flag's, or the config's, or none. Every mistake in the flag's is told.
func planOf(c *config.Config, name, text string) (ramp.Plan, error) {
	p, _ := c.Ramp(name)
	if text == "" {
		return p, nil
	}
	p.Steps = nil
	var wrong []error
	for s := range strings.SplitSeq(text, ",") {
		step, err := ramp.ParseStep(strings.TrimSpace(s))
		if err != nil {
			wrong = append(wrong, err)
		}
		p.Steps = append(p.Steps, step)
	}
	if len(wrong) > 0 {
		return p, errors.Join(wrong...)
	}
	for _, m := range p.Validate(sources.Caps{}) {
		wrong = append(wrong, m)
	}
	return p, errors.Join(wrong...)
}

// capsOf asks a plane what it can do; nil: there is none to ask.
func capsOf(p sources.Plane) func(context.Context) (sources.Caps, error) {
	if p == nil {
		return nil
	}
	return p.Caps
}
