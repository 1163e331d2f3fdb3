package logbook

import (
	"fmt"
	"math"

	"rampart/analysis"
	"rampart/analysis/logdiff"
	"rampart/sources"
)

func perThousand(lines, requests int64, scale float64) analysis.Value {
	if requests == 0 {
		return analysis.Missing("no request in the window")
	}
	v := analysis.Number(scale*1000*float64(lines)/float64(requests), analysis.Bare, lines)
	if scale > 1 {
		v.Why = fmt.Sprintf("scaled up: 1 of %.2g lines was read", scale)
	}
	return v
}

// evidence is ln E as times, held where a number is still readable.
func evidence(logE float64, lines int64) analysis.Value {
	const most = 1e12
	return analysis.Number(min(math.Exp(logE), most), analysis.Ratio, lines)
}

// ratioOf is how many times as often the candidate writes it, with its confidence sequence.
func ratioOf(r logdiff.Row, lo, hi float64, bounded bool) analysis.Value {
	n := r.Lines.Legacy + r.Lines.Candidate
	v := analysis.Number(r.Ratio, analysis.Ratio, n)
	switch {
	case r.New:
		v = analysis.Missing("never in legacy")
		v.Unit, v.N = analysis.Ratio, n
	case !r.Known:
		v = analysis.Missing("too few lines or requests of both arms in one block")
		v.Unit, v.N = analysis.Ratio, n
		return v
	}
	if !bounded {
		return v.AtLeast(lo)
	}
	return v.Between(lo, hi)
}

// markOf is a row's sign: worse when it is selected among all templates, undecided when its evidence alone would do.
func markOf(r logdiff.Row, alpha float64) analysis.Mark {
	switch {
	case r.Selected:
		return analysis.MarkWorse
	case r.Lines.Candidate > 0 && r.LogE >= -math.Log(alpha) && !r.Clock:
		return analysis.MarkUndecided
	}
	return analysis.MarkReport
}

// whyOf is the rule by which a row is marked, or what it lacks.
func whyOf(r logdiff.Row, templates int) string {
	what := "more often per request"
	if r.New {
		what = "by the candidate alone"
	}
	text := fmt.Sprintf("%s: evidence %s of the %s needed among %d templates", what, times(r.LogE), times(r.LogNeed), templates)
	if r.Selected {
		text = fmt.Sprintf("%s: evidence %s, needed %s among %d templates", what, times(r.LogE), times(r.LogNeed), templates)
	}
	if r.Clock {
		text = "written by the clock, not because of requests, and no more often per minute: no evidence"
	}
	if r.Bursty {
		text += "; its lines come in bursts, so the evidence says too much"
	}
	return text
}

func times(logE float64) string {
	switch e := math.Exp(min(logE, 60)); {
	case e >= 1e6:
		return ">1 M×"
	case e >= 10:
		return fmt.Sprintf("%.0f×", e)
	default:
		return fmt.Sprintf("%.2g×", e)
	}
}

// cellsOf are rates per 1 000 requests over time.
func cellsOf(rates []logdiff.Rate, scale sources.ByArm[float64]) (out sources.ByArm[[]analysis.Value]) {
	for _, r := range rates {
		for _, a := range sources.Arms() {
			*out.Ptr(a) = append(out.Of(a), perThousand(r.Lines.Of(a), r.Requests.Of(a), scale.Of(a)))
		}
	}
	return out
}
