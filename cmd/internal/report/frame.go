package report

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/document"
	"rampart/sources"
)

// Of turns a frame into what scripts read.
func Of(f *frame.Frame) Document {
	v := f.Verdict
	out := Document{
		Version: Version, At: f.At.UTC(), Context: f.Context, Service: f.Service, Call: v.Call, Since: moment(v.Since),
		Sentence: v.Sentence, Do: v.Do, Change: v.WouldChange, Ask: v.Ask,
		Rollout:  rollout{ID: f.Rollout.ID, Legacy: f.Rollout.Legacy, Candidate: f.Rollout.Candidate, Since: moment(f.Rollout.Since)},
		Evidence: evidence{Alpha: v.Evidence.Alpha, Harm: document.Finite(v.Evidence.LogHarm), Safe: document.Finite(v.Evidence.LogSafe), Needed: document.Finite(v.Evidence.LogNeeded)},
		Split:    splitOf(f.Traffic), Exposure: number(v.Exposure.Excess), Blocks: v.Blocks, Newest: moment(v.At), Follows: v.Consequence.String(), Unread: append([]string{}, f.Unread...),
		Reasons: []reason{}, Measures: []measure{}, Rows: []row{}, Features: []feature{},
		Guards: []guard{}, Gauges: []gauge{}, Sources: []source{},
	}
	if v.BothWorse != nil {
		out.Both = &both{Since: moment(v.BothWorse.Since), Text: v.BothWorse.Text}
	}
	out.judged(v)
	out.shown(f)
	return out
}

// judged adds what the verdict rests on.
func (r *Document) judged(v analysis.Verdict) {
	for _, why := range v.Reasons {
		r.Reasons = append(r.Reasons, reason{why.Measure, why.Mark == analysis.MarkWarn, why.Text})
	}
	for _, m := range v.Measures {
		r.Measures = append(r.Measures, measure{
			Name: m.Measure.Name, Kind: m.Measure.Kind, Judge: m.Measure.Judge, Call: m.Call, Legacy: number(m.Legacy), Candidate: number(m.Candidate),
			Ratio: number(m.Difference), Harm: document.Finite(m.LogHarm), Safe: document.Finite(m.LogSafe), Weight: m.Weight,
		})
	}
	for _, g := range v.Guards {
		out := guard{
			Name: g.Guard.Name, Measure: g.Guard.Measure, Breached: g.Breached, OnWorse: g.Guard.OnWorse, Value: number(g.Value), Limit: number(g.Limit), Text: g.Text,
		}
		if g.Guard.Arm != 0 {
			out.Arm = g.Guard.Arm.String()
		}
		r.Guards = append(r.Guards, out)
	}
	for _, g := range v.Gauges {
		r.Gauges = append(r.Gauges, gauge{g.Name, g.Red, g.Acts, g.Text})
	}
}

// shown adds what stands beside the verdict: the table, drift and the sources.
func (r *Document) shown(f *frame.Frame) {
	for _, x := range f.Rows {
		r.Rows = append(r.Rows, row{
			Name: x.Measure, Measure: x.Key, Legacy: number(x.Legacy), Candidate: number(x.Candidate), Ratio: number(x.Difference),
			Note: x.Note, Limit: number(x.Limit), Newest: moment(x.At),
		})
	}
	for _, d := range f.Drift {
		r.Features = append(r.Features, feature{
			Name: d.Name, Measure: d.Measure, PSI: number(d.PSI), PSINull: number(d.PSINull), JS: number(d.JS), W1: number(d.W1), KS: number(d.KS), N: d.N,
			Mean: sources.ByArm[figure]{Legacy: number(d.Legacy), Candidate: number(d.Candidate)},
		})
	}
	for _, s := range f.Sources {
		r.Sources = append(r.Sources, source{s.Name, s.Target, s.State.String(), moment(s.At), s.Err})
	}
}

func number(v analysis.Value) figure { return figure(document.Of(v)) }

// splitOf is the split in its four forms, each with the reason when it is not known.
func splitOf(t frame.Traffic) shares {
	out := shares{Asked: percent(t.Asked), Set: percent(t.Set), Effective: percent(t.Effective), Seen: percent(t.Seen)}
	unread := "the plane was not read"
	switch {
	case t.Err != "":
		unread = t.Err
	case t.Plane == "":
		unread = "no traffic plane is configured"
	}
	for _, s := range []struct {
		name string
		v    *float64
		why  string
	}{
		{"asked", out.Asked, "no share was set from here"},
		{"set", out.Set, unread},
		{"effective", out.Effective, unread},
		{"seen", out.Seen, "the counters of the last minute are not known yet"},
	} {
		if s.v != nil {
			continue
		}
		if out.Why == nil {
			out.Why = map[string]string{}
		}
		out.Why[s.name] = s.why
	}
	return out
}

func percent(s sources.Split) *float64 {
	if !s.Known {
		return nil
	}
	p := s.Candidate.Percent()
	return &p
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
