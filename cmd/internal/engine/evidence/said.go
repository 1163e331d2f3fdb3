package evidence

import (
	"fmt"
	"math"
	"time"

	"rampart/analysis"
	"rampart/analysis/judge"
	"rampart/analysis/score"
	"rampart/sources"
)

// Said is what the evidence says of the rollout so far.
func (ev *Case) Said() judge.Evidence {
	if ev.judge == nil {
		return judge.Evidence{}
	}
	return judge.Evidence{
		Call: ev.judge.Call(), FirstWorse: ev.worse, Called: ev.called, LogHarm: ev.judge.LogHarm(), LogSafe: ev.judge.LogSafe(), SafeUntil: ev.safe,
		Forecast: ev.forecast(), Exposure: ev.exposure(), Auto: ev.judge.Auto(), Late: ev.late(),
	}
}

// calledNow is what a call of worse rests on in the newest block.
func (ev *Case) calledNow() judge.Called {
	out := judge.Called{LogHarm: ev.judge.LogHarm()}
	most := math.Inf(-1)
	for _, m := range ev.judge.Measures() {
		if m.Spec.Weight <= 0 || m.LogHarm() <= most {
			continue
		}
		most, out.Measure, out.Ratio = m.LogHarm(), m.Spec.Name, ratioOf(m, ev.judge.Alpha(), ev.last)
		if o := onsetOf(m, ev.last); o.Ratio.Known {
			out.Ratio = o.Ratio
		}
	}
	return out
}

// measure finds the judge's part of a measure.
func (ev *Case) measure(name string) *score.Measure {
	if ev.judge == nil {
		return nil
	}
	for _, m := range ev.judge.Measures() {
		if m.Spec.Name == name {
			return m
		}
	}
	return nil
}

// WorseSince is the end of the first block that showed a measure by itself to be worse; zero: none.
func (ev *Case) WorseSince(name string) time.Time {
	if m := ev.measure(name); m != nil {
		return m.WorseSince()
	}
	return time.Time{}
}

// Fill adds to a finding what the evidence says of its measure.
func (ev *Case) Fill(m analysis.Measure, f *analysis.Finding) {
	sm := ev.measure(m.Name)
	if sm == nil {
		f.Difference = ev.descriptive(m)
		return
	}
	f.Weight, f.LogHarm, f.LogSafe = sm.Spec.Weight, sm.LogHarm(), sm.LogSafe()
	f.Call = ev.judge.MeasureCall(sm)
	f.Difference = ratioOf(sm, ev.judge.Alpha(), ev.last)
	if !f.Difference.Known {
		f.Difference.Why = ev.noRatio(m)
	}
	if lo, hi, ok := sm.Forecast(); ok && f.Call == analysis.Undecided && ev.near(lo) {
		f.Detail = "in " + span(lo, hi, ev.cfg.Step)
	}
	f.Edges, f.Strata, f.Onset = edgesOf(sm, ev.last), strataOf(sm, ev.last), onsetOf(sm, ev.last)
	f.Badge = ev.Badge(m.Name)
}

// ratioOf is a measure's ratio with its confidence sequence.
func ratioOf(sm *score.Measure, alpha float64, at time.Time) analysis.Value {
	return solved(sm, alpha).value(at)
}

// descriptive is the ratio of a measure that makes no evidence, by the Mantel-Haenszel form over its sums.
func (ev *Case) descriptive(m analysis.Measure) analysis.Value {
	l, c := ev.Total(m.Name, sources.Legacy), ev.Total(m.Name, sources.Candidate)
	if l == nil || c == nil {
		return analysis.Missing(ev.noRatio(m))
	}
	a, b := Share(m, ev.edge[m.Name], l, ev.last), Share(m, ev.edge[m.Name], c, ev.last)
	if !a.Known || !b.Known || a.V == 0 {
		return analysis.Missing(ev.noRatio(m))
	}
	return analysis.Number(b.V/a.V, analysis.Ratio, c.Requests).AsOf(ev.last)
}

// noRatio says why the arms cannot be compared: what an operator does about an arm that is not scraped, a histogram that
// lacks its edge, and a legacy without a single error are three things.
func (ev *Case) noRatio(m analysis.Measure) string {
	switch {
	case len(ev.guarded()) == 0:
		return "no measure makes evidence: blocks are compared for a guard with max_ratio"
	case ev.err != nil:
		return ev.err.Error()
	}
	if ev.Total(m.Name, sources.Legacy) == nil && ev.Total(m.Name, sources.Candidate) == nil {
		return "no block with the candidate in it yet"
	}
	for _, a := range sources.Arms() {
		n := ev.Total(m.Name, a)
		switch {
		case n == nil:
			return fmt.Sprintf("no scrape of the %s in this rollout yet", a)
		case n.Requests == 0:
			return fmt.Sprintf("no request of the %s in this rollout yet", a)
		}
		if v := Share(m, ev.edge[m.Name], n, ev.last); !v.Known {
			return v.Why
		}
	}
	if m.Kind == analysis.Sensitive {
		return "no such line in legacy to compare with"
	}
	if m.Kind == analysis.Share || m.Kind == analysis.Latency {
		return "no request above the edge in legacy to compare with"
	}
	return "no error in legacy to compare with"
}

// Gauges are the reasons to trust or doubt the evidence. Only the first two act.
func (ev *Case) Gauges() []analysis.Gauge {
	if ev.judge == nil {
		return nil
	}
	j := ev.judge
	out := []analysis.Gauge{
		{Name: "confirmation", Acts: true, Red: j.Unconfirmed(), Text: gaugeText(j.Unconfirmed(), "the evidence hangs on one spell of two minutes", "the evidence does not hang on one spell")},
		{Name: "burst", Acts: true, Red: j.Burst(), Text: gaugeText(j.Burst(), "errors come in bursts private to one arm", "no bursts private to one arm")},
	}
	return append(out, ev.dispersion(), ev.lag(), ev.mismatch(), ev.missing(), ev.mixed(), ev.resets.gauge(ev.last))
}

func gaugeText(red bool, bad, good string) string {
	if red {
		return bad
	}
	return good
}

// dispersion says how much noisier than chance the errors are.
func (ev *Case) dispersion() analysis.Gauge {
	g := analysis.Gauge{Name: "dispersion", Text: "no errors measure", V: analysis.Missing("no errors measure")}
	for _, m := range ev.judge.Measures() {
		if e := m.Errors(); e != nil && ev.fails(m) {
			phi := e.Phi()
			g.V = analysis.Number(phi, analysis.Bare, int64(m.Lines())).AsOf(ev.last)
			g.Red = phi > 1.5
			g.Text = gaugeText(g.Red, fmt.Sprintf("errors are %.2g times as noisy as chance; the evidence is divided by it", phi), "errors are as noisy as chance")
			return g
		}
	}
	return g
}

// mismatchAlpha is the level at which a split that does not arrive is told.
const mismatchAlpha = .001

// mismatch says whether requests arrive in the configured shares.
func (ev *Case) mismatch() analysis.Gauge {
	logE := ev.judge.LogMismatch()
	red := logE >= -math.Log(mismatchAlpha)
	return analysis.Gauge{
		Name: "split", Red: red, V: analysis.Number(logE, analysis.Bare, int64(ev.blocks)).AsOf(ev.last),
		Text: gaugeText(red, "requests do not arrive in the configured shares", "requests arrive in the configured shares"),
	}
}

// missing says how many blocks could not be judged because an arm was not scraped or its histogram had other buckets.
func (ev *Case) missing() analysis.Gauge {
	lines := 0
	for _, m := range ev.judge.Measures() {
		lines = max(lines, m.Lines())
	}
	lost := ev.blocks - lines
	red := ev.blocks > 20 && lost*10 > ev.blocks
	bad := fmt.Sprintf("%d of %d blocks lack an arm or a request", lost, ev.blocks)
	if ev.unlike > 0 {
		bad = fmt.Sprintf("%d of %d blocks lack an arm, a request or the rollout's buckets (%d of them)", lost, ev.blocks, ev.unlike)
	}
	return analysis.Gauge{
		Name: "scrapes", Red: red, V: analysis.Number(float64(lost), analysis.Count, int64(ev.blocks)).AsOf(ev.last),
		Text: gaugeText(red, bad, "both arms are scraped"),
	}
}
