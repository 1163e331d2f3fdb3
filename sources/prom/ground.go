package prom

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rampart/sources"
)

// ground is what all measures of a target stand on: who belongs to which arm, and when each process started.
type ground struct {
	arms  *arms
	lives lives
}

// grounds reads each target's ground once per call of Blocks.
type grounds struct {
	source *Source
	mu     sync.Mutex
	known  map[string]func() (ground, error)
}

// of returns a reader of the target's ground; the first that calls it asks the server, the others wait for it.
func (g *grounds) of(ctx context.Context, a *arms, w sources.Window, reach time.Duration) func() (ground, error) {
	key := fmt.Sprintf("%v %d %v %+v ", w.From, w.Length(), reach, a.target.Select) + armsKey(a)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known[key] == nil {
		wide := sources.Window{From: w.From.Add(-reach), To: w.To}
		g.known[key] = sync.OnceValues(func() (ground, error) { return g.source.ground(ctx, a, wide) })
	}
	return g.known[key]
}

func armsKey(a *arms) string {
	r := a.target.Arms
	return fmt.Sprintf("%q %v %v %+v %v %+v", r.Label, r.Value, r.Regexp, r.Matchers, r.Metric, r.Join)
}

// ground asks for the join of the arms, if there is one, and for the processes.
func (s *Source) ground(ctx context.Context, a *arms, w sources.Window) (ground, error) {
	out := ground{arms: a}
	if a.target.Arms.Join != nil {
		joined, err := s.joined(ctx, a, w)
		if err != nil {
			return out, err
		}
		out.arms = joined
	}
	var err error
	out.lives, err = s.lives(ctx, out.arms, w)
	return out, err
}

// joined reads which values of the shared labels belong to which arm.
func (s *Source) joined(ctx context.Context, a *arms, w sources.Window) (*arms, error) {
	out := &arms{target: a.target, rule: a.rule, joined: map[string]sources.Arm{}}
	bare := &arms{target: a.target, rule: a.rule}
	bare.target.Select = nil
	for _, sel := range bare.selectors([]string{a.target.Arms.Join.Metric}) {
		limit := s.cfg.MaxSeries
		_, err := s.ask(ctx, question{selection: sel, span: w.Length(), at: w.To}, func(sr *series) error {
			if limit--; limit < 0 {
				return &sources.Error{Kind: sources.ErrInvalid, Cause: errTooMany, Fix: "narrow the values of arms, or raise max_series"}
			}
			arm, err := bare.of(sr.Labels)
			if err != nil || arm == 0 {
				return err
			}
			out.joined[out.joinKey(sr.Labels)] = arm
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(out.joined) == 0 {
		return nil, &sources.Error{Kind: sources.ErrNoData, Cause: fmt.Errorf("no series of %s names an arm", a.target.Arms.Join.Metric), Fix: "see arms.join"}
	}
	return out, nil
}
