package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"rampart/analysis/ramp"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/runner"
	"rampart/sources"
)

// askPlanes asks the plane of each service what it has and whether we may set it, and where there is a plan, whether it can
// be set to every step.
func (a *ailment) askPlanes(ctx context.Context, c *config.Config, x config.Chosen) ([]config.Mistake, error) {
	var wrong []config.Mistake
	for _, service := range x.Services {
		t := c.File.Services[service].Traffic
		plan, planned := c.Ramp(service)
		if t == nil {
			continue
		}
		p, err := adapters.Plane(t, nil, c.Engine(x, service), time.Now)
		if err != nil {
			return wrong, usage(err)
		}
		r, err := p.Read(ctx)
		a.heardPlane(service, r, err, planned)
		if planned {
			wrong = append(wrong, a.askSteps(ctx, c, service, plan, p)...)
		}
	}
	return wrong, nil
}

// heardPlane prints what a plane says of itself. Who has a plan is told by that whether it can be asked.
func (a *ailment) heardPlane(service string, r sources.Reading, err error, planned bool) {
	switch {
	case planned:
	case err != nil:
		a.bad("%s traffic: the plane cannot be read: %s", service, sources.Visible(err.Error()))
	default:
		a.good("%s traffic: set %s, effective %s", service, r.Configured, r.Effective)
	}
	for _, n := range r.Notes {
		if n.Kind == sources.NoteDenied {
			a.bad("%s traffic: %s", service, n.Text)
		}
	}
}

// askSteps asks one plane. What it cannot be set to is told with its line at the end.
func (a *ailment) askSteps(ctx context.Context, c *config.Config, service string, plan ramp.Plan, p sources.Plane) []config.Mistake {
	wrong, err := runner.Misfits(ctx, plan, p.Caps)
	if err != nil {
		a.bad("%s plan: the plane cannot be asked: %s", service, sources.Visible(err.Error()))
		return nil
	}
	near, err := runner.Roundings(ctx, plan, p)
	if err != nil {
		a.bad("%s plan: the plane cannot be asked: %s", service, sources.Visible(err.Error()))
	}
	for _, text := range near {
		a.note("%s plan: %s", service, text)
	}
	if len(wrong)+len(near) == 0 && err == nil {
		a.good("%s plan: the plane can be set to %s", service, config.Count(len(plan.Steps), "step", "steps"))
	}
	return c.Unfit(service, wrong)
}

// warnMisfits says once, when a runner begins, which steps its plane cannot be set to: a ramp by that plan is refused, and
// whoever writes the plan is at the keyboard now.
func (d *driven) warnMisfits(ctx context.Context, w io.Writer) {
	if len(d.plan.Steps) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, firstFrame)
	defer cancel()
	wrong, err := runner.Misfits(ctx, d.plan, d.plane.Caps)
	if err != nil {
		return // the frames say that the plane does not answer
	}
	for _, m := range wrong {
		fmt.Fprintf(w, "rampart: plan of %s: %s: it cannot be started so\n", d.name, m)
	}
}
