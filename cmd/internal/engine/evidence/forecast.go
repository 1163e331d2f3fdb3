package evidence

import (
	"fmt"
	"math"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/score"
	"rampart/sources"
)

// calm is how long it is on average, at least, until the warning of a late rise comes although nothing is wrong.
const calm = 24 * time.Hour

// late warns of errors that rose after the first hour, when the restarts of the evidence are used up. It holds an average
// run length and no alpha, and says so.
func (ev *Case) late() string {
	m := ev.errorsMeasure()
	if m == nil || ev.judge.Worse() || m.Errors().LogCusum() < math.Log(float64(calm)/float64(ev.cfg.Step)) {
		return ""
	}
	return fmt.Sprintf("%s rose lately (no evidence: this warns about once in %.0f h when nothing is wrong)", m.Spec.Name, calm.Hours())
}

// farthest is how far a forecast is worth saying: beyond some hours the ratio in hand will not stay what it is.
const farthest = 2 * time.Hour

func (ev *Case) near(blocks float64) bool {
	return blocks*float64(ev.cfg.Step) < float64(farthest)
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
func (ev *Case) forecast() analysis.Forecast {
	if ev.judge.Worse() {
		return analysis.Forecast{}
	}
	f := analysis.Forecast{Next: ev.next()}
	lo, hi, known := ev.judge.Forecast()
	if known && ev.near(lo) {
		f.Lo, f.Hi = time.Duration(lo*float64(ev.cfg.Step)), time.Duration(hi*float64(ev.cfg.Step))
		f.Text = fmt.Sprintf("worse within %s if the ratio in hand is true", span(lo, hi, ev.cfg.Step))
	}
	if m := ev.errorsMeasure(); m != nil && ev.judge.Call() == analysis.Undecided {
		f.Text = ev.elsewhere(m, f.Text)
	}
	return f
}

// elsewhere adds what other shares would do: "…, about 3 min at 25 %". Without a forecast at the share in hand it speaks of
// twice the errors.
func (ev *Case) elsewhere(m *score.Measure, text string) string {
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
func (ev *Case) at(m *score.Measure, ratio float64, s sources.Share) (text string, soon bool) {
	d, known := m.Detect(ratio, s.Fraction())
	if !known {
		return "", false
	}
	if !ev.near(d.Blocks) {
		return fmt.Sprintf("over %.0f h at %s", farthest.Hours(), s), false
	}
	return fmt.Sprintf("%s at %s", span(d.Blocks, d.Blocks, ev.cfg.Step), s), true
}

// harm is the ratio that forecasts speak of: the one in hand where it shows harm.
func (ev *Case) harm(m *score.Measure) float64 {
	least := 1 + m.Spec.HarmMargin
	if r, known := m.Ratio(); known && r > 1.25*least && !math.IsInf(r, 1) {
		return r
	}
	return designRatio * least
}

// next is the step to take: the one above when the candidate is shown to be safe, the one that exposes fewest until
// decided while that is open, 0 to stay.
func (ev *Case) next() sources.Share {
	var above []sources.Share
	for _, s := range rampShares() {
		if s.Beyond(ev.share) {
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
func (ev *Case) errorsMeasure() *score.Measure {
	for _, m := range ev.judge.Measures() {
		if ev.fails(m) && m.Spec.Weight > 0 {
			return m
		}
	}
	return nil
}

// fails tells whether a measure counts failed requests: one that leaks into the log has not failed.
func (ev *Case) fails(m *score.Measure) bool {
	return m.Errors() != nil && !slices.ContainsFunc(ev.cfg.Measures, func(o analysis.Measure) bool {
		return o.Name == m.Spec.Name && o.Kind == analysis.Sensitive
	})
}
