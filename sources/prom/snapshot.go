package prom

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// state is one histogram of one process at one instant.
type state struct {
	feature string
	metric  string // one of its metrics by its full name
	arm     sources.Arm
	process string
	parts   map[float64]float64
	sum     float64
	native  *nativeSample
}

// snapshot is all histograms at one instant, by their labels.
type snapshot struct {
	states map[string]*state
	said   envelope
}

// newest is when a metric was scraped last. The features of a process come with one scrape, so one of them tells it;
// the server's timestamp function cannot be asked of several names at once.
func (s *Source) newest(ctx context.Context, f *features, after snapshot, at time.Time) (time.Time, error) {
	name := ""
	for _, st := range after.states {
		name = max(name, st.metric)
	}
	if name == "" {
		return time.Time{}, nil
	}
	var out time.Time
	for _, sel := range f.arms.selectors([]string{name}) {
		_, err := s.ask(ctx, question{selection: sel, head: "timestamp(", tail: ")", fold: "max", at: at}, func(sr *series) error {
			for _, v := range sr.Floats.v {
				if t := instant(int64(v * 1000)); t.After(out) {
					out = t
				}
			}
			return nil
		})
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// snapshot reads the last value of every histogram series within a span before an instant.
func (s *Source) snapshot(ctx context.Context, f *features, at time.Time, within time.Duration) (snapshot, error) {
	out := snapshot{states: map[string]*state{}}
	limit := s.cfg.MaxSeries
	for _, sel := range f.arms.selectorsOf(f.matcher()) {
		e, err := s.ask(ctx, question{selection: sel, span: within, head: "last_over_time(", tail: ")", at: at}, func(sr *series) error {
			if limit--; limit < 0 {
				return tooMany(s.cfg.MaxSeries)
			}
			return out.add(sr, f, s.cfg.Replica)
		})
		if err != nil {
			return out, err
		}
		out.said.Warnings = append(out.said.Warnings, e.Warnings...)
		out.said.Infos = append(out.said.Infos, e.Infos...)
	}
	return out, nil
}

// add takes up one series. Of several replicas the one that has counted most is kept.
func (s *snapshot) add(sr *series, f *features, replica string) error {
	feature, arm, err := f.of(sr.Labels)
	if err != nil || arm == 0 {
		return err
	}
	key := labelKey(sr.Labels, replica, nameLabel, "le") + feature
	st := s.states[key]
	if st == nil {
		st = &state{feature: feature, metric: sr.Labels[nameLabel], arm: arm, process: processKey(sr.Labels), parts: map[float64]float64{}}
		s.states[key] = st
	}
	switch {
	case len(sr.Histograms.whole) > 0:
		if n := sr.Histograms.whole[0]; st.native == nil || n.Count > st.native.Count {
			st.native, st.sum = &n, float64(n.Sum)
		}
	case len(sr.Floats.v) == 0:
	case strings.HasSuffix(sr.Labels[nameLabel], "_sum"):
		st.sum = sr.Floats.v[0]
	case f.suffix != "":
		if edge, err := strconv.ParseFloat(sr.Labels["le"], 64); err == nil && !math.IsNaN(sr.Floats.v[0]) {
			st.parts[edge] = max(st.parts[edge], math.Round(sr.Floats.v[0]))
		}
	}
	return nil
}
