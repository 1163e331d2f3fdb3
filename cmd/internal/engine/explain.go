package engine

import (
	"fmt"
	"math"
	"time"

	"rampart/analysis"
	"rampart/analysis/score"
	"rampart/analysis/seq"
	"rampart/sources"
)

// explanation says where the evidence is from.
func (ev *evidence) explanation() analysis.Explanation {
	x := analysis.Explanation{Newest: ev.steps.newest()}
	for _, c := range ev.judge.Top() {
		x.Top = append(x.Top, ev.steps.find(c.Block, analysis.Contribution{Block: c.Block, At: c.End, LogE: c.LogE, LogSafe: c.LogSafe}))
	}
	return x
}

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

// badge says that a measure's pooled ratio, as a dashboard shows it, misleads; empty when it does not.
func (ev *evidence) badge(measure string) string {
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

// calm is how long it is on average, at least, until the warning of a late rise comes although nothing is wrong.
const calm = 24 * time.Hour

// late warns of errors that rose after the first hour, when the restarts of the evidence are used up. It holds an average
// run length and no alpha, and says so.
func (ev *evidence) late() string {
	m := ev.errorsMeasure()
	if m == nil || ev.judge.Worse() || m.Errors().LogCusum() < math.Log(float64(calm)/float64(ev.svc.Step)) {
		return ""
	}
	return fmt.Sprintf("%s rose lately (no evidence: this warns about once in %.0f h when nothing is wrong)", m.Spec.Name, calm.Hours())
}

// farthest is how far a forecast is worth saying: beyond some hours the ratio in hand will not stay what it is.
const farthest = 2 * time.Hour

func (ev *evidence) near(blocks float64) bool {
	return blocks*float64(ev.svc.Step) < float64(farthest)
}

// span prints a range of blocks as time: "about 11 min", "3 to 20 min".
func span(lo, hi float64, step time.Duration) string {
	a, b := lo*step.Minutes(), hi*step.Minutes()
	if b < 1 {
		return "about a minute"
	}
	if math.Round(a) == math.Round(b) {
		return fmt.Sprintf("about %.0f min", b)
	}
	return fmt.Sprintf("%.0f to %.0f min", math.Max(1, math.Round(a)), math.Round(b))
}

// designRatio is the harm that forecasts speak of while the ratio in hand shows none.
const designRatio = 2

// rampShares are the shares that a next step is chosen from.
func rampShares() []sources.Share {
	return []sources.Share{10_000, 50_000, 100_000, 250_000, 500_000, sources.Whole}
}

// forecast is how long until a decision, at the share in hand and at the next ones, and the step to take.
func (ev *evidence) forecast() analysis.Forecast {
	if ev.judge.Worse() {
		return analysis.Forecast{}
	}
	f := analysis.Forecast{Next: ev.next()}
	lo, hi, known := ev.judge.Forecast()
	if known && ev.near(lo) {
		f.Lo, f.Hi = time.Duration(lo*float64(ev.svc.Step)), time.Duration(hi*float64(ev.svc.Step))
		f.Text = fmt.Sprintf("worse within %s if the ratio in hand is true", span(lo, hi, ev.svc.Step))
	}
	if m := ev.errorsMeasure(); m != nil && ev.judge.Call() == analysis.Undecided {
		f.Text = ev.elsewhere(m, f.Text)
	}
	return f
}

// elsewhere adds what other shares would do: "…, about 3 min at 25 %". Without a forecast at the share in hand it speaks of
// twice the errors.
func (ev *evidence) elsewhere(m *score.Measure, text string) string {
	ratio := ev.harm(m)
	here, _ := ev.at(m, ratio, ev.share)
	there := ""
	for _, s := range rampShares() {
		if t, soon := ev.at(m, ratio, s); s > 2*ev.share && soon {
			there = t
			break
		}
	}
	switch {
	case text != "" && there != "":
		return text + ", " + there
	case text != "" || here == "":
		return text
	case there != "":
		here += ", " + there
	}
	return fmt.Sprintf("errors ×%.2g would show in %s", ratio, here)
}

// at prints how long finding a harm would take at a share, "about 11 min at 5 %", and whether that is soon; empty when it
// is not known.
func (ev *evidence) at(m *score.Measure, ratio float64, s sources.Share) (text string, soon bool) {
	d, known := m.Detect(ratio, s.Fraction())
	if !known {
		return "", false
	}
	if !ev.near(d.Blocks) {
		return fmt.Sprintf("over %.0f h at %s", farthest.Hours(), s), false
	}
	return fmt.Sprintf("%s at %s", span(d.Blocks, d.Blocks, ev.svc.Step), s), true
}

// harm is the ratio that forecasts speak of: the one in hand where it shows harm.
func (ev *evidence) harm(m *score.Measure) float64 {
	least := 1 + m.Spec.HarmMargin
	if r, known := m.Ratio(); known && r > 1.25*least && !math.IsInf(r, 1) {
		return r
	}
	return designRatio * least
}

// next is the step to take: the one above when the candidate is shown to be safe, the one that exposes fewest until
// decided while that is open, 0 to stay.
func (ev *evidence) next() sources.Share {
	var above []sources.Share
	for _, s := range rampShares() {
		if s > ev.share {
			above = append(above, s)
		}
	}
	if ev.share == 0 || len(above) == 0 {
		return 0
	}
	m := ev.errorsMeasure()
	switch {
	case ev.judge.Call() == analysis.Safe:
		return above[0]
	case ev.judge.Call() != analysis.Undecided || m == nil:
		return 0
	}
	shares := []float64{ev.share.Fraction()}
	for _, s := range above {
		shares = append(shares, s.Fraction())
	}
	d, known := m.Next(ev.harm(m), shares)
	if next := sources.ShareOf(d.Share); known && next > ev.share {
		return next
	}
	return 0
}

// errorsMeasure is the first measure of errors that makes evidence; nil when there is none.
func (ev *evidence) errorsMeasure() *score.Measure {
	for _, m := range ev.judge.Measures() {
		if m.Errors() != nil && m.Spec.Weight > 0 {
			return m
		}
	}
	return nil
}

// exposure is the excess failed requests that the candidate has caused: of its failed ones the part (RR-1)/RR, with the
// ends of the ratio's confidence sequence.
func (ev *evidence) exposure() analysis.Exposure {
	none := analysis.Exposure{Excess: analysis.Missing("no errors measure"), PerMinute: analysis.Missing("no errors measure")}
	for _, m := range ev.judge.Measures() {
		if m.Errors() == nil {
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
		minutes := ev.last.Sub(ev.first).Minutes() + ev.svc.Step.Minutes()
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
