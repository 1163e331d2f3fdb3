package sample

import (
	"math"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

func rows(n sources.ByArm[int64]) []frame.Row {
	router := sources.ByArm[int64]{Legacy: 23_561, Candidate: 1_243}
	edge := func(lo, hi float64) analysis.Value {
		v := analysis.Number(hi, analysis.Seconds, 0).Between(lo, hi)
		v.Cell = true
		return v
	}
	cells := histogram()
	return []frame.Row{
		{
			Mark: analysis.MarkWorse, Measure: "errors, app", Key: "errors", Kind: analysis.Errors, Legacy: percent(.42, n.Legacy), Candidate: percent(1.69, n.Candidate),
			Difference: ratio(4.0, 1.7, 8.2), Limit: analysis.Number(1.1, analysis.Ratio, 0), N: n, At: at(14, 5, 28), History: strips("1111111111", "1111115778"),
		},
		{
			Mark: analysis.MarkWorse, Measure: "errors, router", Key: "router_errors", Kind: analysis.RouterErrors, Legacy: percent(.43, router.Legacy),
			Candidate: percent(1.93, router.Candidate), Difference: ratio(4.5, 2.0, 8.9), Limit: analysis.Number(1.1, analysis.Ratio, 0), N: router, At: at(14, 5, 29),
			History: strips("1111111111", "1111115778"),
		},
		{
			Mark: analysis.MarkUndecided, Measure: "over 250 ms", Key: "slow", Kind: analysis.Share, Legacy: percent(.9, n.Legacy), Candidate: percent(1.2, n.Candidate),
			Difference: ratio(1.3, .6, 2.7), Limit: analysis.Number(1.5, analysis.Ratio, 0), Note: "in about 11 min", N: n, At: at(14, 5, 28), History: strips("2222222222", "2223233333"),
		},
		{
			Mark: analysis.MarkReport, Measure: "p99, cell", Key: "slow", Kind: analysis.Latency, Legacy: edge(.1, .25), Candidate: edge(.25, .5), Note: "not evidence",
			N: n, At: at(14, 5, 28),
		},
		{
			Mark: analysis.MarkWarn, Measure: "features 14", Key: "features", Kind: analysis.Distributions, Legacy: analysis.Number(.031, analysis.Bare, n.Legacy),
			Candidate: analysis.Number(.052, analysis.Bare, n.Candidate), Note: "worst ctr_7d PSI 0.27 (null 0.01)", Limit: analysis.Number(.2, analysis.Bare, 0), N: n, At: at(14, 5, 28),
			History: cells,
		},
		{
			Mark: analysis.MarkReport, Measure: "score", Key: "score", Kind: analysis.Distribution, Legacy: analysis.Number(.31, analysis.Bare, n.Legacy),
			Candidate: analysis.Number(.36, analysis.Bare, n.Candidate), Note: "PSI 0.18 (null 0.01)", LimitNote: "report", N: n, At: at(14, 5, 28), History: cells,
		},
		{
			Mark: analysis.MarkMissing, Measure: "labels", Key: "labels", Kind: analysis.Labels, Legacy: analysis.Missing("none yet, due 15:05"),
			Candidate: analysis.Missing("none yet, due 15:05"), Limit: analysis.Missing("no guard"),
		},
	}
}

// strips turns digits into a row's history.
func strips(legacy, candidate string) sources.ByArm[[]analysis.Value] {
	line := func(s string) []analysis.Value {
		var out []analysis.Value
		for _, c := range s {
			out = append(out, analysis.Number(float64(c-'0')/8, analysis.Fraction, 100))
		}
		return out
	}
	return sources.ByArm[[]analysis.Value]{Legacy: line(legacy), Candidate: line(candidate)}
}

// histogram is a score's distribution in ten cells, the candidate's further to the right.
func histogram() sources.ByArm[[]analysis.Value] {
	line := func(centre float64) []analysis.Value {
		out := make([]analysis.Value, 10)
		total := 0.0
		for i := range out {
			total += bell(i, centre)
		}
		for i := range out {
			out[i] = analysis.Number(bell(i, centre)/total, analysis.Fraction, 1000)
		}
		return out
	}
	return sources.ByArm[[]analysis.Value]{Legacy: line(2.4), Candidate: line(3.3)}
}

func bell(i int, centre float64) float64 {
	return math.Exp(-(float64(i) - centre) * (float64(i) - centre) / 4)
}

// features are fourteen features and a score, the most different first.
func features(n sources.ByArm[int64]) []frame.Feature {
	names := []string{
		"ctr_7d", "price_rank", "user_age_days", "session_length", "query_tokens", "dwell_p50", "item_popularity", "embedding_norm", "hour_of_day",
		"basket_size", "device_class", "geo_distance", "stock_level", "margin",
	}
	var edges []analysis.Value
	for i := range 9 {
		edges = append(edges, analysis.Number(float64(i+1)/10, analysis.Bare, 0))
	}
	feature := func(name, measure string, psi float64, mark analysis.Mark, limit analysis.Value) frame.Feature {
		bare := func(v float64) analysis.Value {
			return analysis.Number(v, analysis.Bare, n.Candidate).AsOf(at(14, 5, 28))
		}
		return frame.Feature{
			Name: name, Measure: measure, Mark: mark, PSI: bare(psi), PSINull: bare(.01), JS: bare(psi / 8), W1: bare(psi / 3), KS: bare(psi / 1.5), KSP: bare(.004),
			Legacy: bare(.31), Candidate: bare(.31 + psi/4), Cells: histogram(), Edges: edges, Binning: "ten cells of legacy, " + "since 13:44", Limit: limit, N: n,
		}
	}
	out := []frame.Feature{feature("score", "score", .18, analysis.MarkReport, analysis.Missing("report"))}
	for i, name := range names {
		mark := analysis.MarkReport
		if i == 0 {
			mark = analysis.MarkWarn
		}
		out = append(out, feature(name, "features", .27/float64(1+3*i), mark, analysis.Number(.2, analysis.Bare, 0)))
	}
	out[0], out[1] = out[1], out[0]
	return out
}

// charts are two hours of errors and of slow requests, the candidate since 13:44, worse since 13:58.
func charts() []frame.Chart {
	window := sources.Window{From: at(13, 5, 30), To: at(14, 5, 28)}
	errors := chart("errors", "errors, app", window, .0042, .0169)
	errors.Limit = analysis.Number(.0046, analysis.Fraction, 0)
	router := chart("router_errors", "errors, router", window, .0043, .0193)
	slow := chart("slow", "over 250 ms", window, .009, .012)
	slow.Limit = analysis.Number(.0135, analysis.Fraction, 0)
	return []frame.Chart{errors, router, slow}
}

func chart(key, title string, w sources.Window, legacy, candidate float64) frame.Chart {
	c := frame.Chart{Key: key, Title: title, Unit: analysis.Fraction, Window: w, Limit: analysis.Missing("no limit")}
	i := 0
	for t := w.From; !t.After(w.To); t = t.Add(15 * time.Second) {
		i++
		wave := 1 + .12*math.Sin(float64(i)/3) + .07*math.Sin(float64(i)*1.7)
		c.Series.Legacy = append(c.Series.Legacy, frame.Point{T: t, V: analysis.Number(legacy*wave, analysis.Fraction, 260).Between(legacy*wave*.8, legacy*wave*1.2)})
		p := frame.Point{T: t, V: analysis.Missing("no request")}
		if !t.Before(at(13, 44, 0)) {
			v := legacy * (1 + .4*math.Sin(float64(i)/2))
			if !t.Before(at(13, 58, 0)) {
				v = candidate * (1 + .2*math.Sin(float64(i)/2)) * min(1, .5+t.Sub(at(13, 58, 0)).Minutes()/4)
			}
			p.V = analysis.Number(v, analysis.Fraction, 14).Between(v*.5, v*1.7)
		}
		c.Series.Candidate = append(c.Series.Candidate, p)
	}
	return c
}
