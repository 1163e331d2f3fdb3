package runner

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rampart/analysis/ramp"
	"rampart/sources"
)

// capsDeadline is how long a plane may take to say what it can.
const capsDeadline = 2 * time.Second

// Misfits is what a plan asks that a plane cannot do, each with the nearest shares that it can, and why the plane could
// not be asked. It only reads.
func Misfits(ctx context.Context, p ramp.Plan, caps func(context.Context) (sources.Caps, error)) ([]ramp.Mistake, error) {
	can, err := caps(ctx)
	if err != nil {
		return nil, err
	}
	return p.Validate(can), nil
}

// Planner is a plane as far as it can be asked without changing anything.
type Planner interface {
	Read(ctx context.Context) (sources.Reading, error)
	Plan(ctx context.Context, r sources.Reading, in sources.Intent) (sources.Change, error)
}

// farOff is from which relative difference on a share is told to be another than the one that was asked for.
const farOff = 0.05

// Roundings are the steps of a plan that a plane would set to a share which is not quite theirs, told in words: what it
// makes of each is planned from how it stands now. A step that cannot be planned now tells nothing.
func Roundings(ctx context.Context, p ramp.Plan, plane Planner) ([]string, error) {
	r, err := plane.Read(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for i, s := range p.Steps {
		c, err := plane.Plan(ctx, r, sources.Intent{Verb: sources.SetSplit, To: s.To})
		if err != nil || !c.To.Known {
			continue
		}
		got, want := c.To.Candidate.Fraction(), s.To.Fraction()
		if want > 0 && max(got-want, want-got) > farOff*want {
			out = append(out, fmt.Sprintf("step %d %q: the plane would make it %s, the nearest share that its servers allow now", i+1, s, c.To))
		}
	}
	return out, nil
}

// unfit is everything that is wrong with the plan for this plane; empty: nothing, or the plane does not say what it can,
// and then the write itself will be refused.
func (d *Driver) unfit(ctx context.Context) string {
	caps := d.cfg.Caps
	if caps == nil {
		caps = func(context.Context) (sources.Caps, error) { return sources.Caps{}, nil }
	}
	ctx, cancel := context.WithTimeout(ctx, capsDeadline)
	defer cancel()
	wrong, err := Misfits(ctx, d.cfg.Plan, caps)
	if err != nil {
		wrong = d.cfg.Plan.Validate(sources.Caps{})
	}
	say := make([]string, len(wrong))
	for i, m := range wrong {
		say[i] = m.Error()
	}
	return strings.Join(say, "; ")
}
