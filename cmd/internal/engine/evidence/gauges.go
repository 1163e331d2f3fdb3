package evidence

import (
	"fmt"
	"math"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// warmUp is how long caches and compilers are given before an arm's numbers are its own.
const warmUp = 10 * time.Minute

// Warmth says whether one arm started much later than the other and is still warming up.
func Warmth(started sources.ByArm[time.Time], now time.Time) analysis.Gauge {
	g := analysis.Gauge{Name: "start"}
	if started.Legacy.IsZero() || started.Candidate.IsZero() {
		g.Text, g.V = "when the arms started is not known", analysis.Missing("the source does not say when processes started")
		return g
	}
	skew := started.Candidate.Sub(started.Legacy)
	young := sources.Candidate
	if skew < 0 {
		young = sources.Legacy
	}
	age := now.Sub(started.Of(young))
	g.V = analysis.Number(skew.Seconds(), analysis.Seconds, 0).AsOf(now)
	g.Red = age < warmUp && skew.Abs() > warmUp
	g.Text = gaugeText(g.Red, fmt.Sprintf("the %s started %s ago, the other arm %s earlier: its caches may still be cold", young, short(age), short(skew.Abs())),
		"both arms had time to warm up")
	return g
}

// short prints a span in its greatest unit.
func short(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%.0f d", d.Hours()/24)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// resets counts the blocks after which counters were seen to have started again. Their counts are right; the requests
// between the last scrape and the restart are lost.
type resets struct {
	times int
	last  time.Time
	text  sources.Text
}

// see takes the notes of one measure's answer for a window that ends at end; several measures tell of one restart.
func (r *resets) see(notes []sources.Note, end time.Time) {
	for _, n := range notes {
		if n.Kind == sources.NoteReset && end.After(r.last) {
			r.times++
			r.last, r.text = end, n.Text
		}
	}
}

// gauge is red while the newest restart is recent.
func (r *resets) gauge(now time.Time) analysis.Gauge {
	g := analysis.Gauge{Name: "resets", Red: r.times > 0 && now.Sub(r.last) < warmUp, V: analysis.Number(float64(r.times), analysis.Count, int64(r.times)).AsOf(now)}
	g.Text = "no counter started again"
	if r.times > 0 {
		g.Text = fmt.Sprintf("%s, last seen %s: what was counted just before is lost", sources.Visible(r.text.String()), r.last.UTC().Format("15:04"))
	}
	return g
}

// lag says whether the noise lasts longer than a scrape.
func (ev *Case) lag() analysis.Gauge {
	g := analysis.Gauge{Name: "lag-1", Text: "too few scrapes with errors to say", V: analysis.Missing("too few scrapes with errors")}
	if m := ev.errorsMeasure(); m != nil {
		if rho, limit, known := m.Errors().Lag1(); known {
			g.V, g.Red = analysis.Number(rho, analysis.Bare, int64(m.Lines())).AsOf(ev.last), rho > limit
			g.Text = gaugeText(g.Red, "neighbouring scrapes fail alike: noise that lasts longer than a scrape", "neighbouring scrapes fail independently")
		}
	}
	return g
}

// routes takes the mix of a block's requests, by the first measure of the service that is split into strata.
func (ev *Case) routes(got map[string]sources.Block) {
	for _, m := range ev.cfg.Measures {
		blk, ok := got[m.Name]
		if m.Kind == analysis.RouterErrors || !ok || len(blk.Strata) < 2 {
			continue
		}
		ev.mix.Begin()
		for _, s := range blk.Strata {
			if l, c := s.Counts.Legacy, s.Counts.Candidate; l != nil && c != nil {
				ev.mix.Add(s.Key, l.Requests, c.Requests)
			}
		}
		ev.mix.End()
		return
	}
}

// mixed says whether both arms get the same mix of requests.
func (ev *Case) mixed() analysis.Gauge {
	g := analysis.Gauge{Name: "mix", V: analysis.Missing("requests are not split into strata"), Text: "the mix of requests is not known: no strata are configured"}
	if ev.mix.Kinds() < 2 {
		return g
	}
	logE := ev.mix.LogE()
	g.Red = logE >= -math.Log(mismatchAlpha)
	g.V = analysis.Number(logE, analysis.Bare, ev.mix.N()).AsOf(ev.last)
	g.Text = "both arms get the same mix of requests"
	if key, ratio, known := ev.mix.Furthest(); g.Red && known {
		g.Text = fmt.Sprintf("the arms get other mixes of requests: %s is ×%.2g as frequent in the candidate", sources.Visible(key), ratio)
	}
	return g
}
