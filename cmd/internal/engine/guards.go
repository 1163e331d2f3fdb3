package engine

import (
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// guardPast is the span that a static limit looks at.
const guardPast = 5 * time.Minute

// evaluate says what one guard says now. Below its least n a static limit does not speak.
func (b *book) evaluate(g analysis.Guard) analysis.GuardResult {
	res := analysis.GuardResult{Guard: g, Mark: analysis.MarkUndecided}
	switch {
	case g.Relative():
		b.relative(g, &res)
	case g.MaxPSI > 0:
		b.psi(g, &res)
	default:
		b.static(g, &res)
	}
	return res
}

// relative reads what the evidence says of the guard's measure.
func (b *book) relative(g analysis.Guard, res *analysis.GuardResult) {
	res.Limit = analysis.Number(g.MaxRatio, analysis.Ratio, 0)
	for _, f := range b.findings() {
		if f.Measure.Name != g.Measure {
			continue
		}
		res.Value = f.Difference
		switch f.Call {
		case analysis.Worse:
			res.Breached, res.Mark = true, analysis.MarkWorse
			res.Text = "shown to be worse than the limit"
		case analysis.Safe:
			res.Mark, res.Text = analysis.MarkSafe, "shown to be within the safe margin"
		case analysis.Undecided, analysis.CallUnknown, analysis.Stale, analysis.NoData, analysis.NoCandidateTraffic:
			res.Text = "not decided by the evidence yet"
		}
		if !f.Difference.Known {
			res.Text = f.Difference.Why
		}
		return
	}
	res.Value = analysis.Missing("the measure was not read")
}

// psi compares each feature of a drift measure with the limit.
func (b *book) psi(g analysis.Guard, res *analysis.GuardResult) {
	res.Limit = analysis.Number(g.MaxPSI, analysis.Bare, 0)
	res.Value = analysis.Missing("no feature was read")
	var worst string
	for _, f := range b.drift {
		if f.Measure == g.Measure && f.PSI.Known && (!res.Value.Known || f.PSI.V > res.Value.V) {
			res.Value, worst = f.PSI, f.Name
		}
	}
	if !res.Value.Known {
		res.Mark = analysis.MarkMissing
		return
	}
	res.Text, res.Mark = "worst: "+worst, analysis.MarkSafe
	if res.Value.V > g.MaxPSI {
		res.Breached, res.Mark = true, analysis.MarkWarn
	}
}

// static compares an arm's own value over the last minutes with an absolute limit.
func (b *book) static(g analysis.Guard, res *analysis.GuardResult) {
	res.Limit = analysis.Number(g.Max, analysis.Fraction, 0)
	if t, ok := b.free[g.Measure]; ok {
		b.threshold(g, t, res)
		return
	}
	h := b.hist[g.Measure]
	m, ok := b.measure(g.Measure)
	if h == nil || !ok || h.blocks.len() == 0 {
		res.Value, res.Mark = analysis.Missing("no block yet"), analysis.MarkMissing
		return
	}
	end := h.blocks.last()
	res.Value = h.share(m.Measure, h.within(g.Arm, end, guardPast), end)
	switch {
	case !res.Value.Known:
		res.Mark = analysis.MarkMissing
	case res.Value.N < g.MinN:
		res.Text = fmt.Sprintf("too few requests to speak: %d of %d", res.Value.N, g.MinN)
	case res.Value.V > g.Max:
		res.Breached, res.Mark = true, analysis.MarkWarn
		res.Text = fmt.Sprintf("%s's %s are %.3g %%, limit %.3g %%", g.Arm, g.Measure, 100*res.Value.V, 100*g.Max)
	default:
		res.Mark = analysis.MarkSafe
	}
}

// threshold compares a free expression with its limit; it has no n and says so.
func (b *book) threshold(g analysis.Guard, t threshold, res *analysis.GuardResult) {
	res.Limit.Unit = analysis.Bare
	if t.err != nil {
		res.Value, res.Mark = analysis.Missing(sources.Visible(t.err.Error())), analysis.MarkMissing
		return
	}
	res.Value = analysis.Number(t.sample.Value, analysis.Bare, 0).AsOf(t.sample.At)
	res.Text, res.Mark = "no n: a threshold, not evidence", analysis.MarkSafe
	if t.sample.Value > g.Max {
		res.Breached, res.Mark = true, analysis.MarkWarn
	}
}

func (b *book) measure(name string) (Measure, bool) {
	for _, m := range b.svc.Measures {
		if m.Name == name {
			return m, true
		}
	}
	return Measure{}, false
}

// mostStrip is how many past results a guard shows.
const mostStrip = 30

// strip remembers what each guard said at the newest block. The slices are replaced, never changed, as frames share them.
func (b *book) strip(results []analysis.GuardResult) {
	for _, r := range results {
		key := r.Guard.Name + r.Guard.Arm.String()
		old := b.strips[key]
		next := make([]analysis.Mark, 0, mostStrip)
		next = append(next, old[max(0, len(old)-mostStrip+1):]...)
		b.strips[key] = append(next, r.Mark)
	}
}
