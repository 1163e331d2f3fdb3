package prom

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"rampart/sources"
)

// Distributions reads how values were distributed in the window; see [sources.Metrics]. Histograms cost two snapshots
// whatever the window's length and the number of pods: every series' last value in the window and its last value
// before it. A process that has none before counts from zero if it started no longer ago than the lookback; one that
// restarted within the window counts from its restart on, because only the ends are read.
func (s *Source) Distributions(ctx context.Context, q sources.DistributionQuery, w sources.Window) ([]sources.Distribution, error) {
	f, err := newFeatures(q)
	if err == nil && q.Target.Arms.Join != nil {
		f.arms, err = s.joined(ctx, f.arms, w)
	}
	if err != nil {
		return nil, s.invalid("read "+q.Measure, err)
	}
	var out []sources.Distribution
	if q.Gauges {
		out, err = s.gauges(ctx, f, w)
	} else if out, err = s.histograms(ctx, f.as("_(?:bucket|sum)"), w); err == nil && len(out) == 0 {
		out, err = s.histograms(ctx, f.as(""), w)
	}
	switch {
	case err != nil:
		return nil, s.fault("read "+q.Measure, err)
	case len(out) == 0:
		cause := fmt.Errorf("no series of either arm has a name like %s", q.Names)
		return nil, &sources.Error{Op: "read", Target: q.Measure, Kind: sources.ErrNoData, Cause: cause, Fix: "see the pattern, select and arms"}
	}
	return out, nil
}

// invalid is an error of the request itself, unless it already knows better.
func (s *Source) invalid(op string, err error) error {
	if _, known := errors.AsType[*sources.Error](err); known {
		return s.fault(op, err)
	}
	return &sources.Error{Op: op, Target: s.target, Kind: sources.ErrInvalid, Cause: err}
}

// features tells which feature a metric belongs to.
type features struct {
	arms   *arms
	names  *regexp.Regexp // of the base name
	suffix string         // regexp of what follows it
	rest   *regexp.Regexp
}

func newFeatures(q sources.DistributionQuery) (*features, error) {
	a, err := newArms(q.Target)
	if err != nil {
		return nil, err
	}
	if m := q.Target.Arms.Metric; a.byMetric() && (!strings.HasPrefix(m.Legacy, "_") || !strings.HasPrefix(m.Candidate, "_")) {
		return nil, errors.New("a pattern of names needs arms told by suffixes, such as _stable")
	}
	names, err := regexp.Compile("^(?:" + q.Names + ")$")
	if err != nil || q.Names == "" {
		return nil, fmt.Errorf("names %q: not a regexp", q.Names)
	}
	return &features{arms: a, names: names}, nil
}

// as looks for the names followed by a suffix.
func (f *features) as(suffix string) *features {
	out := *f
	out.suffix, out.rest = suffix, regexp.MustCompile(suffix+"$")
	return &out
}

// matcher is the name matcher of both arms.
func (f *features) matcher() sources.Matcher {
	name := "(?:" + strings.TrimSuffix(strings.TrimPrefix(f.names.String(), "^(?:"), ")$") + ")"
	if m := f.arms.target.Arms.Metric; f.arms.byMetric() {
		name += "(?:" + regexp.QuoteMeta(m.Legacy) + "|" + regexp.QuoteMeta(m.Candidate) + ")"
	}
	return sources.Matcher{Label: nameLabel, Op: "=~", Value: name + f.suffix}
}

// of tells the feature and the arm of a series.
func (f *features) of(labels map[string]string) (name string, arm sources.Arm, err error) {
	name = labels[nameLabel]
	if at := f.rest.FindStringIndex(name); at != nil {
		name = name[:at[0]]
	}
	if !f.arms.byMetric() {
		arm, err = f.arms.of(labels)
		return name, arm, err
	}
	for _, arm := range sources.Arms() {
		if base, ok := strings.CutSuffix(name, f.arms.target.Arms.Metric.Of(arm)); ok && f.names.MatchString(base) {
			return base, arm, nil
		}
	}
	return name, 0, nil
}

// gauges reads the current values, one for each series.
func (s *Source) gauges(ctx context.Context, f *features, w sources.Window) ([]sources.Distribution, error) {
	f = f.as("")
	found, dropped, limit := map[string]*sources.Distribution{}, map[string]int{}, s.cfg.MaxSeries
	t, taken := newTally(w), map[string]bool{}
	for _, sel := range f.arms.selectorsOf(f.matcher()) {
		e, err := s.ask(ctx, question{selection: sel, span: s.cfg.Lookback, at: w.To}, func(sr *series) error {
			if limit--; limit < 0 {
				return tooMany(s.cfg.MaxSeries)
			}
			name, arm, err := f.of(sr.Labels)
			key := labelKey(sr.Labels, s.cfg.Replica)
			if err != nil || arm == 0 || len(sr.Floats.v) == 0 || taken[key] {
				return err
			}
			taken[key] = true // another replica of it says the same
			if found[name] == nil {
				found[name] = &sources.Distribution{Name: name}
			}
			if !level(found[name], arm, sr.Floats) {
				dropped[name]++
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		t.said(e)
	}
	out := sorted(found)
	for i := range out {
		out[i].Notes = t.notes()
		if n := dropped[out[i].Name]; n > 0 {
			out[i].Notes = append(out[i].Notes, sources.Note{Kind: sources.NotePartial, Text: sources.Textf("%d values dropped: NaN or infinite", n)})
		}
	}
	return out, nil
}

// level adds a gauge's last value, unless that is no number.
func level(d *sources.Distribution, arm sources.Arm, p points) bool {
	last := len(p.v) - 1
	if at := instant(p.at[last]); at.After(d.Newest) {
		d.Newest = at
	}
	v := p.v[last]
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return false
	}
	*d.Values.Ptr(arm) = append(d.Values.Of(arm), v)
	return true
}

func tooMany(limit int) error {
	return &sources.Error{
		Kind: sources.ErrInvalid, Cause: fmt.Errorf("more than %d series match", limit),
		Fix: "narrow select, drop labels of the metric, or raise max_series",
	}
}

func sorted(found map[string]*sources.Distribution) []sources.Distribution {
	var out []sources.Distribution
	for _, name := range slices.Sorted(maps.Keys(found)) {
		out = append(out, *found[name])
	}
	return out
}

// histograms subtracts the snapshot before the window from the one at its end.
func (s *Source) histograms(ctx context.Context, f *features, w sources.Window) ([]sources.Distribution, error) {
	var before, after snapshot
	var ls lives
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { after, err = s.snapshot(gctx, f, w.To, w.Length()); return err })
	group.Go(func() (err error) { before, err = s.snapshot(gctx, f, w.From, s.cfg.Lookback); return err })
	group.Go(func() (err error) {
		ls, err = s.lives(gctx, f.arms, sources.Window{From: w.From.Add(-s.cfg.Lookback), To: w.To})
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	newest, err := s.newest(ctx, f, after, w.To)
	if err != nil {
		return nil, err
	}
	cutNative(before, after)
	grown := grow(before, after, ls, w, s.cfg.Lookback)
	found := map[string]*sources.Distribution{}
	for _, name := range slices.Sorted(maps.Keys(grown)) {
		g := grown[name]
		g.tally.said(after.said)
		g.tally.startless = len(ls) == 0
		d := &sources.Distribution{Name: name, Newest: newest}
		g.fill(d)
		d.Notes = g.tally.notes()
		found[name] = d
	}
	return sorted(found), nil
}
