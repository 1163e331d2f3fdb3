package sample

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// Now is when every sample is looked at: 14:05:32 UTC on an ordinary Tuesday.
func Now() time.Time { return at(14, 5, 32) }

// at is a time of that day.
func at(hour, minute, second int) time.Time {
	return time.Date(2026, time.March, 10, hour, minute, second, 0, time.UTC)
}

// Incident is a candidate that fails since 13:58 at 5 % in production: the case that the first screen is made for.
func Incident() *frame.Frame {
	n := sources.ByArm[int64]{Legacy: 23_560, Candidate: 1_240}
	f := &frame.Frame{
		Seq: 41, At: Now(), Context: "prod", Env: "prod", Service: "ranker", Step: 15 * time.Second,
		Rollout: analysis.Rollout{
			ID: "ranker-42-9f3c1", Service: "ranker", Legacy: sources.NewText("41"), Candidate: sources.NewText("42 (9f3c1)"), Since: at(13, 44, 0),
		},
		Verdict: worse(),
		Rows:    rows(n),
		Charts:  charts(),
		Ticks: []frame.Tick{
			{At: at(13, 44, 0), Kind: frame.TickSplit, Text: sources.NewText("split 0→5 % by ana")},
			{At: at(13, 58, 0), Kind: frame.TickCall, Text: sources.NewText("UNDECIDED → WORSE")},
			{At: at(13, 59, 0), Kind: frame.TickAlert, Text: sources.NewText("alert RankerErrors")},
		},
		Traffic: traffic(),
		Logs:    logs(),
		Drift:   features(n),
		Cells:   []frame.Feature{latencies(n)},
		Sources: []frame.Source{
			{Name: "prometheus", Target: "https://prom.example", State: frame.SourceLive, Since: at(13, 40, 0), At: at(14, 5, 28), RTT: 41 * time.Millisecond},
			{Name: "haproxy", Target: "lb1", State: frame.SourceLive, Since: at(13, 40, 0), At: at(14, 5, 29), RTT: 3 * time.Millisecond},
			{Name: "elasticsearch", Target: "https://es.example", State: frame.SourceLive, Since: at(13, 40, 0), At: at(14, 5, 26), RTT: 88 * time.Millisecond},
		},
		Audit: audit(),
		Seen: []frame.Event{
			{At: at(14, 5, 0), Text: sources.NewText("set by runtime only: a reload returns to 0 %")},
			{At: at(14, 1, 0), Text: sources.NewText("you attached")},
			{At: at(13, 59, 0), Text: sources.NewText("alert RankerErrors")},
			{At: at(13, 58, 0), Text: sources.NewText("worse")},
		},
		Unlock:  frame.Unlock{Needed: true},
		Session: frame.Session{Actor: "ana", Role: sources.Operator},
		Queries: queries(),
		Services: []frame.Summary{
			{Service: "ranker", Call: analysis.Worse, Sentence: worse().Sentence, Split: split(5.1), At: at(14, 5, 28)},
			{Service: "retriever", Call: analysis.Undecided, Sentence: "evidence for safe 3.1× of the 20× needed", Split: split(25), At: at(14, 5, 27)},
			{Service: "spam", Call: analysis.NoCandidateTraffic, Sentence: "the candidate gets no traffic: nothing to judge", Split: split(0), At: at(14, 5, 21)},
		},
	}
	return f
}

func worse() analysis.Verdict {
	return analysis.Verdict{
		Call: analysis.Worse, At: at(14, 5, 15), Since: at(13, 58, 0),
		Sentence:    "errors ×4.0 (1.7–8.2), limit ×1.1, since 13:58; router agrees; legacy unchanged → it IS the candidate",
		Do:          "R roll back: legacy 12/12 up, 18→19 rq/s each · excess failures so far 16 (9–18), +2/min",
		WouldChange: "nothing in this rollout: worse is latched; a new candidate version starts anew",
		Reasons: []analysis.Reason{
			{Mark: analysis.MarkWorse, Measure: "errors", Text: "errors ×4.0 (1.7–8.2)"},
			{Mark: analysis.MarkReport, Text: "router agrees"},
			{Mark: analysis.MarkReport, Text: "legacy unchanged since 13:30"},
		},
		Evidence: analysis.Evidence{LogHarm: 3.6, LogSafe: -4.1, LogNeeded: 2.9957, Alpha: .05, Since: at(13, 44, 0)},
		Measures: findings(), Guards: guards(), Gauges: gauges(), Blocks: blocks, Consequence: analysis.DoRollBack,
		Explanation: explanation(),
		Exposure: analysis.Exposure{
			Excess: analysis.Number(16, analysis.Count, 1240).Between(9, 18), PerMinute: analysis.Number(2, analysis.Count, 1240),
		},
	}
}

func findings() []analysis.Finding {
	return []analysis.Finding{
		{
			Measure: analysis.Measure{Name: "errors", Kind: analysis.Errors, Judge: analysis.GuardIt}, Mark: analysis.MarkWorse, Call: analysis.Worse,
			Legacy: percent(.42, 23_560), Candidate: percent(1.69, 1_240), Difference: ratio(4.0, 1.7, 8.2), Limit: analysis.Number(1.1, analysis.Ratio, 0),
			Weight: .5, LogHarm: 4.3, LogSafe: -4.6, Strata: routes(), Onset: analysis.Onset{At: at(13, 54, 0), Ratio: ratio(9.8, 5.1, 19)},
		},
		{
			Measure: analysis.Measure{Name: "slow", Kind: analysis.Share, Judge: analysis.GuardIt, Edge: .25}, Mark: analysis.MarkUndecided, Call: analysis.Undecided,
			Legacy: percent(.9, 23_560), Candidate: percent(1.2, 1_240), Difference: ratio(1.3, .6, 2.7), Limit: analysis.Number(1.5, analysis.Ratio, 0),
			Weight: .5, LogHarm: -.2, LogSafe: .3, Detail: "in about 11 min",
		},
		{
			Measure: analysis.Measure{Name: "router_errors", Kind: analysis.RouterErrors, Judge: analysis.Report}, Mark: analysis.MarkWorse,
			Legacy: percent(.43, 23_561), Candidate: percent(1.93, 1_243), Difference: ratio(4.5, 2.0, 8.9), Limit: analysis.Missing("no guard"),
		},
	}
}

func guards() []analysis.GuardResult {
	w, u, s, m := analysis.MarkWorse, analysis.MarkUndecided, analysis.MarkSafe, analysis.MarkWarn
	return []analysis.GuardResult{
		{
			Guard: analysis.Guard{Name: "errors", Measure: "errors", MaxRatio: 1.1, SafeMargin: .5, OnWorse: analysis.DoRollBack}, Mark: w, Value: ratio(4.0, 1.7, 8.2),
			Limit: analysis.Number(1.1, analysis.Ratio, 0), Text: "shown to be worse than the limit", Breached: true, Since: at(13, 58, 0),
			Last: []analysis.Mark{u, u, u, u, u, u, u, u, u, u, w, w, w, w, w, w, w, w},
		},
		{
			Guard: analysis.Guard{Measure: "slow", MaxRatio: 1.5, SafeMargin: .5, OnWorse: analysis.DoRollBack}, Mark: u, Value: ratio(1.3, .6, 2.7),
			Limit: analysis.Number(1.5, analysis.Ratio, 0), Text: "not decided by the evidence yet", Last: []analysis.Mark{u, u, u, u, u, u, u, u, u, u, u, u},
		},
		{
			Guard: analysis.Guard{Measure: "errors", Arm: sources.Legacy, Max: .02, MinN: 200, NotTheCandidate: true}, Mark: s, Value: percent(.42, 3_900),
			Limit: percent(2, 0), Last: []analysis.Mark{s, s, s, s, s, s, s, s, s, s, s, s},
		},
		{
			Guard: analysis.Guard{Measure: "features", MaxPSI: .2, OnWorse: analysis.DoHold}, Mark: m, Value: analysis.Number(.27, analysis.Bare, 1240).AsOf(at(14, 5, 28)),
			Limit: analysis.Number(.2, analysis.Bare, 0), Text: "worst: ctr_7d", Breached: true, Since: at(14, 2, 0), Last: []analysis.Mark{s, s, s, s, s, s, s, m, m, m, m, m},
		},
	}
}

func gauges() []analysis.Gauge {
	return []analysis.Gauge{
		{Name: "confirmation", Acts: true, Text: "the evidence does not hang on one spell"},
		{Name: "burst", Acts: true, Text: "no bursts private to one arm"},
		{Name: "dispersion", Text: "errors are as noisy as chance", V: analysis.Number(1.1, analysis.Bare, 85)},
		{Name: "split", Text: "the traffic arrives as it was split"},
		{Name: "missing", Text: "no block was missed"},
	}
}

func percent(p float64, n int64) analysis.Value {
	return analysis.Number(p/100, analysis.Fraction, n).AsOf(at(14, 5, 28))
}

func ratio(v, lo, hi float64) analysis.Value {
	return analysis.Number(v, analysis.Ratio, 1_240).Between(lo, hi).AsOf(at(14, 5, 28))
}

func split(p float64) sources.Split { return sources.SplitAt(sources.ShareOf(p/100), at(14, 5, 29)) }
