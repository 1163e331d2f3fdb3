package judge_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/judge"
	"rampart/sources"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// shareOf is a share of failed requests with an interval around it.
func shareOf(v, lo, hi float64, n int64) analysis.Value {
	return analysis.Number(v, analysis.Fraction, n).Between(lo, hi)
}

// shownSafe is a rollout whose evidence says safe, on fresh data, with the candidate at 10 %.
func shownSafe() judge.Input {
	return judge.Input{
		Now: noon, Step: 15 * time.Second, Newest: noon.Add(-10 * time.Second), Blocks: 80, Alpha: .05,
		Rollout: analysis.Rollout{ID: "r", Since: noon.Add(-20 * time.Minute)},
		Plane:   true, Split: sources.SplitAt(sources.ShareOf(.1), noon),
		Evidence: judge.Evidence{Call: analysis.Safe, LogSafe: math.Log(40)},
		Servers:  sources.ByArm[[2]int]{Legacy: [2]int{6, 6}, Candidate: [2]int{2, 2}},
	}
}

func TestDecide_TheFirstCallThatHoldsWins(t *testing.T) {
	worse := func(in *judge.Input) {
		in.Evidence.Call, in.Evidence.FirstWorse = analysis.Worse, noon.Add(-time.Minute)
	}
	for _, c := range []struct {
		name   string
		change func(*judge.Input)
		want   analysis.Call
	}{
		{"evidence says safe", func(*judge.Input) {}, analysis.Safe},
		{"evidence says nothing", func(in *judge.Input) { in.Evidence.Call = analysis.Undecided }, analysis.Undecided},
		{"the newest block is old", func(in *judge.Input) { in.Newest = noon.Add(-time.Minute) }, analysis.Stale},
		{"the source is away", func(in *judge.Input) { in.Unreachable = "refused" }, analysis.Stale},
		{"the candidate is silent", func(in *judge.Input) { in.Silent = sources.Candidate }, analysis.Stale},
		{"nothing matched", func(in *judge.Input) { in.NoSeries = "errors: no series"; in.Unreachable = "refused" }, analysis.NoData},
		{"worse, on old data", func(in *judge.Input) { worse(in); in.Newest = noon.Add(-time.Hour) }, analysis.Worse},
		{"worse a while ago", func(in *judge.Input) { worse(in); in.Evidence.Call = analysis.Safe }, analysis.Worse},
		{"worse, and rolled back", func(in *judge.Input) { worse(in); in.Split = sources.SplitAt(0, noon) }, analysis.NoCandidateTraffic},
	} {
		in := shownSafe()
		c.change(&in)
		got := judge.Decide(in)
		if got.Call != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Call, got.Sentence, c.want)
		}
		if !got.Evidence.Worse.Equal(in.Evidence.FirstWorse) {
			t.Errorf("%s: it was worse at %v, told is %v", c.name, in.Evidence.FirstWorse, got.Evidence.Worse)
		}
	}
}

func TestDecide_WhatTheRouterSeesOfASilentCandidateIsSaidOnce(t *testing.T) {
	in := shownSafe()
	in.Silent, in.Router = sources.Candidate, judge.Router{Known: true, Servers: 2, Down: 2}
	said := 0
	for _, r := range judge.Decide(in).Reasons {
		said += strings.Count(r.Text, "all candidate servers are down")
	}
	if said != 1 {
		t.Errorf("said %d times: %+v", said, judge.Decide(in).Reasons)
	}
}

func TestDecide_SaysWhyNumbersDoNotComeAndWhetherWaitingHelps(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(*judge.Input)
		says, do string
	}{
		{"a crash", func(in *judge.Input) { in.Silent = sources.Candidate }, "the candidate is not scraped while the other arm is", "look at its servers, or R roll back"},
		{"counters that are NaN", func(in *judge.Input) { in.Silent, in.Spoilt = sources.Candidate, true }, "the candidate is scraped and its counters are no numbers", "look at its servers, or R roll back"},
		{"a new version whose counters were never numbers", func(in *judge.Input) {
			in.Newest, in.Silent, in.Spoilt = time.Time{}, sources.Candidate, true
		}, "the candidate is scraped and its counters are no numbers", "look at its servers, or R roll back"},
		{"a server that is away", func(in *judge.Input) { in.Unreachable = "connection refused" }, "connection refused", "wait for data, or R roll back"},
		{"a token that is not good", func(in *judge.Input) { in.Unreachable, in.Refused = "status 401", true }, "status 401", "mend what refuses, or R roll back"},
	} {
		in := shownSafe()
		c.change(&in)
		if got := judge.Decide(in); !strings.Contains(got.Sentence, c.says) || !strings.HasPrefix(got.Do, c.do) {
			t.Errorf("%s: %q, do %q", c.name, got.Sentence, got.Do)
		}
	}
}

func TestDecide_ACrashedCandidateReportsNoErrorsAndIsNotSafe(t *testing.T) {
	app := shareOf(.004, .002, .008, 900)
	for _, c := range []struct {
		name   string
		router judge.Router
		want   analysis.Call
		says   string
	}{
		{"the router sees its requests fail", judge.Router{Known: true, Servers: 2, Candidate: shareOf(.089, .07, .11, 1000), Legacy: shareOf(.004, .003, .005, 9000), App: app}, analysis.Undecided, "the router counts more: 8.9 %"},
		{"all its servers are down", judge.Router{Known: true, Servers: 2, Down: 2}, analysis.Undecided, "all candidate servers are down"},
		{"too few requests to say so", judge.Router{Known: true, Servers: 2, Candidate: shareOf(.05, .009, .24, 20), Legacy: shareOf(.004, .003, .005, 9000), App: app}, analysis.Safe, ""},
		{"the router counts more of legacy's too", judge.Router{Known: true, Servers: 2, Candidate: shareOf(.05, .04, .06, 2000), Legacy: shareOf(.05, .048, .052, 9000), App: app}, analysis.Safe, ""},
		{"both tell the same", judge.Router{Known: true, Servers: 2, Candidate: shareOf(.005, .003, .008, 2000), Legacy: shareOf(.004, .003, .005, 9000), App: app}, analysis.Safe, ""},
		{"there is no router to ask", judge.Router{}, analysis.Safe, ""},
	} {
		in := shownSafe()
		in.Router = c.router
		got := judge.Decide(in)
		if got.Call != c.want || !strings.Contains(got.Sentence, c.says) {
			t.Errorf("%s: %s, %q, want %s, %q", c.name, got.Call, got.Sentence, c.want, c.says)
		}
		warned := len(got.Reasons) > 0 && got.Reasons[0].Mark == analysis.MarkWarn
		if warned != (c.says != "") || strings.Contains(got.Do, "do not step") != warned {
			t.Errorf("%s: reasons %v, do %q", c.name, got.Reasons, got.Do)
		}
		if held := got.Consequence == analysis.DoHold; held != (c.want == analysis.Undecided) {
			t.Errorf("%s: what follows is %v", c.name, got.Consequence)
		}
	}
}

func TestDecide_WhenLegacyIsInTroubleTooItAsks(t *testing.T) {
	in := shownSafe()
	in.Evidence.Call, in.Evidence.FirstWorse = analysis.Worse, noon.Add(-time.Minute)
	in.Trouble = []judge.Trouble{{Since: noon.Add(-2 * time.Minute), Text: "legacy is over its own limit"}}
	got := judge.Decide(in)
	if got.Ask == "" || !strings.Contains(got.Sentence, "BOTH WORSE since 11:58: probably not the candidate") {
		t.Errorf("ask %q, %q", got.Ask, got.Sentence)
	}
}

func TestDecide_SafeSaysThatLegacyIsInTroubleToo(t *testing.T) {
	in := shownSafe()
	in.Trouble = []judge.Trouble{{Since: noon.Add(-2 * time.Minute), Text: "legacy is over its own limit"}}
	got := judge.Decide(in)
	if got.Call != analysis.Safe || !strings.Contains(got.Sentence, "BOTH WORSE since 11:58: legacy is over its own limit") || !strings.Contains(got.Do, "would ask") {
		t.Errorf("%s, %q, do %q", got.Call, got.Sentence, got.Do)
	}
}

func TestDecide_APlaneThatCannotBeReadStandsAgainstAStep(t *testing.T) {
	in := shownSafe()
	in.Plane, in.PlaneAway = false, true
	if got := judge.Decide(in); got.Call != analysis.Safe || got.Do != "do not step: the split cannot be read" {
		t.Errorf("%s, do %q", got.Call, got.Do)
	}
}

func TestDecide_ABreachedLimitOnDriftStandsAgainstAStep(t *testing.T) {
	in := shownSafe()
	in.Guards = []analysis.GuardResult{{Guard: analysis.Guard{Measure: "features", MaxPSI: .2, OnWorse: analysis.DoHold}, Breached: true, Text: "worst: ctr_7d"}}
	if got := judge.Decide(in); got.Do != "do not step: features over the limit, worst: ctr_7d" {
		t.Errorf("do %q", got.Do)
	}
	in.Guards[0].Guard.OnWorse = analysis.DoWarn
	if got := judge.Decide(in); got.Do != "step or promote when you like" {
		t.Errorf("a guard that only warns: do %q", got.Do)
	}
}

func TestDecide_WorseNeverStandsBesideARatioThatDoesNotShowIt(t *testing.T) {
	ratio := func(v, lo, hi float64, n int64) analysis.Value {
		return analysis.Number(v, analysis.Ratio, n).Between(lo, hi)
	}
	in := shownSafe()
	in.Evidence.Call, in.Evidence.FirstWorse = analysis.Worse, noon.Add(-time.Minute)
	f := analysis.Finding{
		Measure: analysis.Measure{Name: "errors", Judge: analysis.GuardIt}, Call: analysis.Worse, Weight: 1, LogHarm: 3.2, Legacy: shareOf(.004, .003, .005, 9000),
		Candidate: shareOf(.006, .004, .009, 2000), Difference: ratio(1.6, .92, 3.04, 2000), Limit: analysis.Number(1.1, analysis.Ratio, 0),
		Onset: analysis.Onset{At: noon.Add(-2 * time.Minute), Ratio: ratio(4.12, 2.01, 8.4, 512)},
	}
	in.Measures = []analysis.Finding{f}
	got := judge.Decide(in)
	if want := "errors ×4.1 (2.0–8.4) since 11:58, n 512, limit ×1.1, whole rollout ×1.6 (0.92–3.0);"; !strings.HasPrefix(got.Sentence, want) {
		t.Errorf("%q, want %q", got.Sentence, want)
	}
	if r := got.Reasons[0].Text; !strings.Contains(r, "since harm seems to have begun at 11:58") || !strings.Contains(r, "a description") {
		t.Errorf("the reason: %q", r)
	}
	in.Measures[0].Difference = ratio(3.6, 1.9, 7, 2000)
	if got := judge.Decide(in).Sentence; !strings.HasPrefix(got, "errors ×3.6 (1.9–7.0), limit ×1.1, since 11:59") {
		t.Errorf("where the whole rollout shows it: %q", got)
	}
	in.Measures[0].Difference, in.Measures[0].Onset = f.Difference, analysis.Onset{}
	if got := judge.Decide(in).Sentence; !strings.HasPrefix(got, "errors ×1.6 (0.92–3.0), limit") {
		t.Errorf("without an onset: %q", got)
	}
}

func TestDecide_WorseWhoseNumbersShowNoHarmAnyMoreSaysWhatItWas(t *testing.T) {
	ratio := func(v, lo, hi float64) analysis.Value {
		return analysis.Number(v, analysis.Ratio, 2000).Between(lo, hi)
	}
	slow := analysis.Finding{
		Measure: analysis.Measure{Name: "slow", Judge: analysis.GuardIt}, Weight: .5, LogHarm: 1.2, Limit: analysis.Number(1.1, analysis.Ratio, 0),
		Difference: ratio(.92, .7, 1.2), Onset: analysis.Onset{At: noon.Add(-2 * time.Minute), Ratio: ratio(.94, .6, 1.4)},
	}
	errors := slow
	errors.Measure.Name, errors.LogHarm, errors.Onset = "errors", .4, analysis.Onset{}
	called := judge.Called{Measure: "slow", Ratio: ratio(1.83, 1.1, 3), LogHarm: math.Log(21)}
	for name, c := range map[string]struct {
		change func(in *judge.Input)
		want   string
		it     bool
	}{
		"both are over":      {func(*judge.Input) {}, "slow was worse at 11:59 by ×1.8 (evidence 21×), is ×0.94 since then, is ×0.92 (0.70–1.2) over the whole rollout now; WORSE stays, look before you act", false},
		"not known when":     {func(in *judge.Input) { in.Evidence.Called = judge.Called{} }, "slow was worse at 11:59, is ×0.94 since then", false},
		"no onset":           {func(in *judge.Input) { in.Measures[0].Onset = analysis.Onset{} }, "slow was worse at 11:59 by ×1.8 (evidence 21×), is ×0.92 (0.70–1.2) over", false},
		"it is since then":   {func(in *judge.Input) { in.Measures[0].Onset.Ratio = ratio(1.4, 1, 2) }, "slow ×1.4 (1.0–2.0) since 11:58", true},
		"it is on the whole": {func(in *judge.Input) { in.Measures[0].Difference = ratio(1.4, 1.2, 2) }, "slow ×1.4 (1.2–2.0), limit ×1.1, since 11:59", true},
		"only the call's is": {func(in *judge.Input) {
			in.Evidence.Called.Measure = "errors"
			in.Measures[1].Difference = ratio(1.5, 1.2, 2)
		}, "errors ×1.5 (1.2–2.0), limit", true},
		"another's ratio now": {func(in *judge.Input) { in.Evidence.Called.Measure = "errors" }, "errors was worse at 11:59 by ×1.8 (evidence 21×), is ×0.92 (0.70–1.2) over", false},
	} {
		in := shownSafe()
		in.Evidence = judge.Evidence{Call: analysis.Worse, FirstWorse: noon.Add(-time.Minute), Called: called}
		in.Measures = []analysis.Finding{slow, errors}
		c.change(&in)
		got := judge.Decide(in)
		if got.Call != analysis.Worse || !strings.HasPrefix(got.Sentence, c.want) || strings.Contains(got.Sentence, "it IS the candidate") != c.it {
			t.Errorf("%s: %s %q, want %q", name, got.Call, got.Sentence, c.want)
		}
	}
}

func TestDecide_TheSuggestedStepStandsInTheAdvice(t *testing.T) {
	in := shownSafe()
	in.Evidence.Forecast.Next = 250_000
	if got := judge.Decide(in).Do; got != "step to 25 % or promote when you like" {
		t.Errorf("safe: %q", got)
	}
	in.Evidence.Call, in.Evidence.LogSafe = analysis.Undecided, 1
	if got := judge.Decide(in).Do; got != "wait, or step to 25 %: there it is decided with fewest failed requests" {
		t.Errorf("undecided: %q", got)
	}
}

func TestDecide_SaysUntilWhenItWasSafeAndWhatOnlyWarns(t *testing.T) {
	in := shownSafe()
	in.Evidence.SafeUntil, in.Evidence.Late = noon.Add(-4*time.Minute), "errors rose lately"
	if got := judge.Decide(in); !strings.HasPrefix(got.Sentence, "warning: errors rose lately; by all that was seen shown to be") || !strings.HasPrefix(got.Do, "do not step: ") || got.Reasons[0].Mark != analysis.MarkWarn {
		t.Errorf("safe: %q, reasons %v", got.Sentence, got.Reasons)
	}
	in.Evidence.Call = analysis.Undecided
	if got := judge.Decide(in).Sentence; !strings.HasSuffix(got, "; warning: errors rose lately; it was safe until 11:56") {
		t.Errorf("undecided: %q", got)
	}
	in.Evidence.Call, in.Evidence.LogSafe = analysis.NoCandidateTraffic, math.Log(1502) // it got none until a moment ago
	if got := judge.Decide(in).Sentence; !strings.HasPrefix(got, "the newest scrape has no requests of both arms; evidence for safe was 1 502× of the 20× needed") {
		t.Errorf("enough evidence and no call, without a reason: %q", got)
	}
	in.Unreachable, in.Evidence.Late = "connection refused", ""
	if got := judge.Decide(in).Sentence; !strings.HasSuffix(got, ": connection refused; it was safe until 11:56") {
		t.Errorf("stale: %q", got)
	}
}

func TestDecide_SaysWhereADashboardsRatioMisleads(t *testing.T) {
	in := shownSafe()
	in.Measures = []analysis.Finding{{Measure: analysis.Measure{Name: "errors"}, Weight: 1, Badge: "pooled ×2.4 v stratified ×1.9: pooling mixes blocks"}}
	got := judge.Decide(in).Reasons
	if len(got) != 1 || got[0].Text != "errors pooled ×2.4 v stratified ×1.9: pooling mixes blocks" {
		t.Errorf("reasons %v", got)
	}
}

func TestDecide_WhatIsOpenAgainIsOpenSinceItWasSafe(t *testing.T) {
	in := shownSafe()
	in.Evidence.Call = analysis.Undecided
	if got := judge.Decide(in).Since; !got.Equal(in.Rollout.Since) {
		t.Errorf("never safe: since %v, want the rollout's first request", got)
	}
	in.Evidence.SafeUntil = noon.Add(-4 * time.Minute)
	in.Previous = &analysis.Verdict{Call: analysis.Safe, Since: noon.Add(-9 * time.Minute), At: noon.Add(-4 * time.Minute)}
	if got := judge.Decide(in).Since; !got.Equal(in.Evidence.SafeUntil) {
		t.Errorf("safe before: since %v, want %v", got, in.Evidence.SafeUntil)
	}
}
