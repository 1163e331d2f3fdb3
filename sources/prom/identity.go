package prom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// mostSteps is how many points Prometheus allows in one range query.
const mostSteps = 11_000

// Identities reads which version each arm ran; see [sources.Metrics]. Versions that overlap in one arm are told as
// they are: their times overlap. The server groups the processes, so the answer does not grow with pods.
func (s *Source) Identities(ctx context.Context, q sources.IdentityQuery, w sources.Window) ([]sources.Identity, error) {
	a, err := newArms(q.Target)
	switch {
	case err != nil:
	case q.Metric == "" || q.Label == "":
		err = errors.New("want a metric and a label")
	case a.byMetric():
		err = errors.New("versions need arms told by labels")
	case q.Step <= 0:
		err = fmt.Errorf("step %v: want a positive one", q.Step)
	}
	if err == nil && q.Target.Arms.Join != nil {
		a, err = s.joined(ctx, a, w)
	}
	if err != nil {
		return nil, s.invalid("read versions", err)
	}
	found := map[identityKey]*sources.Identity{}
	for _, sel := range a.selectors([]string{q.Metric}) {
		if err := s.versions(ctx, a, q, sel, w, found); err != nil {
			return nil, s.fault("read versions", err)
		}
		s.startedAt(ctx, a, q, sel, w, found)
	}
	if len(found) == 0 {
		cause := fmt.Errorf("no series matches %s", strings.Join(texts(a.selectors([]string{q.Metric})), " or "))
		return nil, &sources.Error{Op: "read versions", Target: s.target, Kind: sources.ErrNoData, Cause: cause, Fix: "see version and arms"}
	}
	return identities(found), nil
}

type identityKey struct {
	arm     sources.Arm
	version string
}

func identities(found map[identityKey]*sources.Identity) []sources.Identity {
	out := make([]sources.Identity, 0, len(found))
	for _, id := range found {
		out = append(out, *id)
	}
	slices.SortFunc(out, func(x, y sources.Identity) int {
		return cmp.Or(cmp.Compare(x.Arm, y.Arm), x.From.Compare(y.From), cmp.Compare(x.Version.Raw(), y.Version.Raw()))
	})
	return out
}

// grouping are the labels that tell arms and versions.
func grouping(a *arms, version string) []string {
	labels := []string{version}
	switch r := a.target.Arms; {
	case r.Join != nil:
		return append(labels, r.Join.On...)
	case r.Label != "":
		return append(labels, r.Label)
	default:
		for _, m := range slices.Concat(r.Matchers.Legacy, r.Matchers.Candidate) {
			labels = append(labels, m.Label)
		}
	}
	return labels
}

// versions reads at which steps of the window each version was seen.
func (s *Source) versions(ctx context.Context, a *arms, q sources.IdentityQuery, sel selection, w sources.Window, found map[identityKey]*sources.Identity) error {
	step := q.Step
	for w.Length()/step >= mostSteps {
		step += q.Step
	}
	w = w.Aligned(step)
	ask := question{selection: sel, fold: "group", by: grouping(a, q.Label), at: w.To, steps: w.Length(), step: step}
	_, err := s.ask(ctx, ask, func(sr *series) error {
		key, err := identified(a, sr.Labels, q.Label)
		if err != nil {
			return err
		}
		if n := len(sr.Floats.at); key.arm != 0 && n > 0 {
			seen(found, key, instant(sr.Floats.at[0]), instant(sr.Floats.at[n-1]))
		}
		return nil
	})
	return err
}

// seen widens the time in which a version was seen.
func seen(found map[identityKey]*sources.Identity, key identityKey, first, last time.Time) {
	id := found[key]
	if id == nil {
		id = &sources.Identity{Arm: key.arm, Version: sources.NewText(key.version), From: first, To: last}
		found[key] = id
	}
	if first.Before(id.From) {
		id.From = first
	}
	if last.After(id.To) {
		id.To = last
	}
}

func identified(a *arms, labels map[string]string, version string) (identityKey, error) {
	arm, err := a.of(labels)
	if err != nil {
		return identityKey{}, &sources.Error{Kind: sources.ErrInvalid, Cause: err, Fix: "arms must not overlap"}
	}
	return identityKey{arm, labels[version]}, nil
}

// startedAt adds when the oldest living process of each version started. Without that metric, or where it cannot be
// joined, it is simply not known.
func (s *Source) startedAt(ctx context.Context, a *arms, q sources.IdentityQuery, sel selection, w sources.Window, found map[identityKey]*sources.Identity) {
	ask := question{
		selection: sel, tail: " * 0 + on (job, instance) group_left () " + startMetric,
		fold: "min", by: grouping(a, q.Label), at: w.To,
	}
	started := map[identityKey]time.Time{}
	_, err := s.ask(ctx, ask, func(sr *series) error {
		key, err := identified(a, sr.Labels, q.Label)
		for _, v := range sr.Floats.v {
			if err == nil && v > 0 && v < 1e11 {
				started[key] = time.UnixMilli(int64(v * 1000)).UTC()
			}
		}
		return nil
	})
	if err != nil {
		return
	}
	for key, at := range started {
		if id := found[key]; id != nil {
			id.Started = at
		}
	}
}
