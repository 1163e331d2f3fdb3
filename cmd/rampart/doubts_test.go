package main

import (
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/sources"
)

func TestDoubts_AShareSetByHandKnowsThePlansFreezes(t *testing.T) {
	freeze, err := ramp.ParseFreeze("2026-12-20T00:00Z/2027-01-02T00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	p := ramp.Plan{Freeze: []ramp.Freeze{freeze}}
	f := &frame.Frame{Verdict: analysis.Verdict{Call: analysis.Safe}}
	inside := time.Date(2026, time.December, 24, 12, 0, 0, 0, time.UTC)
	if got := doubts(f, p, inside); len(got) != 1 || got[0].String() != "a freeze until Sat 2 Jan 00:00 UTC: nothing is raised before it ends" {
		t.Errorf("%q", got)
	}
	always, err := ramp.ParseFreeze("Mon-Sun 00:00-24:00 UTC")
	if err != nil {
		t.Fatal(err)
	}
	if got := doubts(f, ramp.Plan{Freeze: []ramp.Freeze{always}}, inside); len(got) != 1 || got[0].String() != "a freeze that has no end in sight: nothing is raised before somebody takes it out of the plan" {
		t.Errorf("%q", got)
	}
	if got := doubts(f, p, inside.AddDate(0, -1, 0)); len(got) != 0 {
		t.Errorf("a month before: %q", got)
	}
}

func TestDoubts_EachSaysWhatToDoInstead(t *testing.T) {
	for call, want := range map[analysis.Call]string{
		analysis.Worse:  "the candidate is called WORSE: roll back (R), and deploy another candidate version",
		analysis.Stale:  "the call is STALE: no scrape for 2m: wait until there are numbers again; rampart doctor",
		analysis.NoData: "rampart doctor says which source has none",
	} {
		f := &frame.Frame{Verdict: analysis.Verdict{Call: call, Sentence: "no scrape for 2m"}}
		if got := doubts(f, ramp.Plan{}, time.Time{}); len(got) != 1 || !strings.Contains(got[0].String(), want) {
			t.Errorf("%v: %v", call, got)
		}
	}
}

func TestDoubts_NothingIsRaisedFromZeroWhilePrometheusIsAway(t *testing.T) {
	at := time.Date(2026, time.March, 9, 10, 2, 11, 0, time.UTC)
	for state, want := range map[frame.SourceState]string{
		frame.SourceDown: "prometheus gives no numbers since 10:02:11", frame.SourceStale: "prometheus gives no numbers since 10:02:11",
		frame.SourceLive: "", frame.SourceWaiting: "", frame.SourceEmpty: "", frame.SourceAbsent: "",
	} {
		f := &frame.Frame{Verdict: analysis.Verdict{Call: analysis.NoCandidateTraffic}, Sources: []frame.Source{{Name: "haproxy", State: frame.SourceDown}, {Name: "prometheus", State: state, Since: at}}}
		got := doubts(f, ramp.Plan{}, at)
		if len(got) != min(len(want), 1) || want != "" && !strings.HasPrefix(got[0].String(), want) {
			t.Errorf("%v: %v", state, got)
		}
	}
}

func TestCeilings_AnAlertThatNobodyMutedAndWeDidNotRaiseIsOne(t *testing.T) {
	alert := sources.Alert{Name: sources.NewText("HighErrors"), Since: time.Date(2026, time.March, 9, 10, 2, 11, 0, time.UTC)}
	muted, ours := alert, alert
	muted.Muted, ours.Ours = true, true
	f := &frame.Frame{Alerting: sources.Alerting{Alerts: []sources.Alert{muted, ours}}}
	if got := ceilings(f, ramp.Plan{}); len(got) != 0 {
		t.Errorf("%v", got)
	}
	f.Alerting.Alerts = append(f.Alerting.Alerts, alert)
	for most, want := range map[sources.Share]string{
		0:                       "an alert fires: HighErrors since 10:02:11: nothing is raised while it does",
		5 * sources.Whole / 100: "an alert fires: HighErrors since 10:02:11: nothing above 5 % is set while it does",
	} {
		if got := ceilings(f, ramp.Plan{MaxAlerting: most}); len(got) != 1 || got[0].Most != most || got[0].Why != want {
			t.Errorf("%v: %v", most, got)
		}
	}
}

func TestCautions_AreTheGaugesThatAPlansStepsWaitFor(t *testing.T) {
	f := &frame.Frame{Verdict: analysis.Verdict{Gauges: []analysis.Gauge{
		{Name: "burst", Red: true, Acts: true, Text: "errors come in bursts"}, {Name: "mix", Red: true}, {Name: "confirmation", Acts: true},
	}}}
	if got := cautions(f); len(got) != 1 || !strings.HasSuffix(got[0], "burst: errors come in bursts") {
		t.Errorf("%q", got)
	}
}

// Once a candidate that was called worse has lost its traffic its call is another, and nothing forbids to give it a share.
func TestCautions_WhoRaisesACandidateThatWasWorseIsToldSo(t *testing.T) {
	f := &frame.Frame{Verdict: analysis.Verdict{Call: analysis.NoCandidateTraffic}}
	if got := cautions(f); len(got) != 0 {
		t.Errorf("of one that never was: %q", got)
	}
	f.Verdict.Evidence.Worse = time.Date(2026, time.March, 9, 13, 58, 15, 0, time.UTC)
	if got := cautions(f); len(got) != 1 || !strings.Contains(got[0], "was called WORSE at 13:58:15") {
		t.Errorf("%q", got)
	}
}
