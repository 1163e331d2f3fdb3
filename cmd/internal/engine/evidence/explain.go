package evidence

import (
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/analysis/score"
	"rampart/analysis/seq"
	"rampart/sources"
)

// onsetOf is when harm seems to have begun and the ratio since.
func onsetOf(sm *score.Measure, at time.Time) analysis.Onset {
	o, known := sm.SinceOnset()
	if !known {
		return analysis.Onset{}
	}
	return analysis.Onset{At: o.At, Ratio: analysis.Number(o.Ratio, analysis.Ratio, o.N).Between(o.Lo, o.Hi).AsOf(at)}
}

// edgesOf are a histogram's edges with the evidence of each.
func edgesOf(sm *score.Measure, at time.Time) []analysis.EdgeEvidence {
	var out []analysis.EdgeEvidence
	for _, e := range sm.Edges() {
		ratio := analysis.Missing("no request above the edge in legacy")
		if e.Known {
			ratio = analysis.Number(e.Ratio, analysis.Ratio, e.N).AsOf(at)
		}
		out = append(out, analysis.EdgeEvidence{Seconds: e.Seconds, LogHarm: e.LogHarm, Ratio: ratio})
	}
	return out
}

// strataOf are the routes of a measure by themselves.
func strataOf(sm *score.Measure, at time.Time) []analysis.StratumEvidence {
	var out []analysis.StratumEvidence
	for _, r := range sm.Routes() {
		ratio, excess := analysis.Missing("no error in legacy to compare with"), analysis.Missing("no error in legacy to compare with")
		if r.Known {
			ratio = analysis.Number(r.Ratio, analysis.Ratio, r.N).AsOf(at)
		}
		if r.Known && r.Ratio > 0 {
			excess = analysis.Number(r.Excess, analysis.Count, r.N).AsOf(at)
		} else if r.Known {
			excess = analysis.Missing("no error in the candidate")
		}
		out = append(out, analysis.StratumEvidence{Key: sources.NewText(r.Key), LogHarm: r.LogHarm, Ratio: ratio, Excess: excess})
	}
	return out
}

// Badge says that a measure's pooled ratio, as a dashboard shows it, misleads; empty when it does not.
func (ev *Case) Badge(measure string) string {
	m := ev.measure(measure)
	if m == nil {
		return ""
	}
	p, disagrees := m.PooledRatio()
	if !disagrees {
		return ""
	}
	return fmt.Sprintf("pooled ×%.2g v stratified ×%.2g: it mixes unlike blocks", p.Pooled, p.Stratified)
}

// exposure is the excess failed requests that the candidate has caused: of its failed ones the part (RR-1)/RR, with the
// ends of the ratio's confidence sequence.
func (ev *Case) exposure() analysis.Exposure {
	none := analysis.Exposure{Excess: analysis.Missing("no errors measure"), PerMinute: analysis.Missing("no errors measure")}
	for _, m := range ev.judge.Measures() {
		if !ev.fails(m) {
			continue
		}
		ratio, known := m.Ratio()
		if !known {
			return none
		}
		sum := m.Sum()
		lo, hi, bounded := m.Interval(ev.judge.Alpha())
		v := analysis.Number(excessOf(sum, ratio), analysis.Count, int64(sum.CandidateN)).AsOf(ev.last)
		if bounded {
			v = v.Between(excessOf(sum, lo), excessOf(sum, hi))
		} else {
			v = v.Between(excessOf(sum, lo), sum.CandidateX)
		}
		minutes := ev.last.Sub(ev.first).Minutes() + ev.cfg.Step.Minutes()
		return analysis.Exposure{Excess: v, PerMinute: analysis.Number(v.V/minutes, analysis.Count, v.N).AsOf(ev.last)}
	}
	return none
}

func excessOf(sum seq.Block, ratio float64) float64 {
	if ratio <= 1 {
		return 0
	}
	return sum.CandidateX * (ratio - 1) / ratio
}
