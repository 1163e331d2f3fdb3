package evidence

import (
	"math"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// told judges n blocks of equal counts at a share.
func told(ev *Case, n int, share sources.Share, legacy, candidate *sources.Counts) {
	for range n {
		end := ev.last.Add(step)
		if ev.last.IsZero() {
			end = time.Date(2026, 1, 5, 14, 0, 15, 0, time.UTC)
		}
		b := sources.Block{End: end, Strata: []sources.Stratum{{Counts: sources.ByArm[*sources.Counts]{Legacy: legacy, Candidate: candidate}}}}
		ev.Add("r", end, map[string]sources.Block{"errors": b}, share, true)
	}
}

func TestForecast_SaysWhatOtherSharesWouldDo(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 8, 50_000, counts(712, 4), counts(38, 0))
	f := ev.forecast()
	if !strings.Contains(f.Text, "would show in about") || !strings.Contains(f.Text, " at 5 %, about ") || !strings.HasSuffix(f.Text, " at 25 %") {
		t.Errorf("no harm in hand: %q", f.Text)
	}
	ev = New(ranker(), nil)
	told(ev, 3, 50_000, counts(712, 4), counts(38, 1))
	f = ev.forecast()
	if f.Hi == 0 || !strings.HasPrefix(f.Text, "worse within ") || !strings.HasSuffix(f.Text, " at 25 %") {
		t.Errorf("harm in hand: %+v", f)
	}
}

func TestForecast_SaysWhenTrafficIsTooThinForAnyShare(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 100, 50_000, counts(10, 0), counts(1, 0))
	told(ev, 1, 50_000, counts(10, 1), counts(1, 0))
	if f := ev.forecast(); !strings.HasSuffix(f.Text, "would show in over 2 h at 5 %") {
		t.Errorf("%q", f.Text)
	}
}

func TestForecast_SuggestsTheStepThatExposesFewest(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 8, 10_000, counts(743, 4), counts(7, 0))
	if f := ev.forecast(); f.Next != 50_000 && f.Next != 100_000 {
		t.Errorf("from 1 %%, undecided: next %s", f.Next)
	}
	told(ev, 8, 500_000, counts(375, 2), counts(375, 2))
	if f := ev.forecast(); f.Next != 0 {
		t.Errorf("from 50 %%, undecided: next %s", f.Next)
	}
	told(ev, 400, 500_000, counts(375, 2), counts(375, 2))
	if f := ev.forecast(); ev.judge.Call() != analysis.Safe || f.Next != sources.Whole {
		t.Errorf("%s at 50 %%: next %s", ev.judge.Call(), f.Next)
	}
	told(ev, 40, 500_000, counts(375, 2), counts(375, 40))
	if f := ev.forecast(); f.Next != 0 || f.Text != "" {
		t.Errorf("worse: %+v", f)
	}
}

func TestExplanation_NamesTheBlocksThatMadeTheCall(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 20, 500_000, counts(375, 2), counts(375, 2))
	told(ev, 5, 500_000, counts(375, 2), counts(375, 15))
	x := ev.Explanation()()
	if len(x.Newest) != 25 || len(x.Top) != 5 || x.Top[0].Block <= 20 {
		t.Fatalf("%d newest, top %+v", len(x.Newest), x.Top)
	}
	var harm, safe, errors float64
	for _, c := range x.Newest {
		harm, safe, errors = harm+c.LogE, safe+c.LogSafe, errors+c.Parts[0].LogHarm
	}
	last := x.Newest[24]
	if math.Abs(harm-ev.judge.LogHarm()) > 1e-9 || math.Abs(safe-ev.judge.LogSafe()) > 1e-9 || math.Abs(errors-harm) > 1e-9 {
		t.Errorf("blocks add up to %v, %v, errors alone %v; the evidence is %v, %v", harm, safe, errors, ev.judge.LogHarm(), ev.judge.LogSafe())
	}
	p := last.Parts[0]
	if last.Harm != ev.judge.LogHarm() || last.Split.Candidate != 500_000 || *p.Counts.Candidate != (analysis.Tally{Requests: 375, Bad: 15}) {
		t.Errorf("the newest block: %+v", last)
	}
	if want := 17 * 1.1 / 2.1; math.Abs(p.Due-want) > 1e-9 || !p.Ratio.Interval || p.Ratio.Lo <= 1 {
		t.Errorf("due %v, want %v of 17; ratio %+v", p.Due, want, p.Ratio)
	}
}

func TestSteps_AreBoundedAndAFrameKeepsItsOwn(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 100, 500_000, counts(375, 2), counts(375, 2))
	explain := ev.Explanation() // it is made when somebody asks, of what was known then
	told(ev, 1000, 500_000, counts(375, 2), counts(375, 2))
	held := explain().Newest
	if len(held) != 100 || held[99].Block != 100 || held[0].Block != 1 {
		t.Errorf("what a frame holds has changed: %d blocks, the last is %d", len(held), held[99].Block)
	}
	if n := ev.Explanation()().Newest; len(n) != mostSteps || n[mostSteps-1].Block != 1100 || len(ev.steps.all) > mostSteps+moreSteps {
		t.Errorf("%d blocks to show of %d held", len(n), len(ev.steps.all))
	}
}

func TestSteps_ABlockWithoutAnArmAddsNothingAndSaysSo(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 3, 500_000, counts(375, 2), counts(375, 9))
	told(ev, 1, 500_000, counts(375, 2), nil)
	last := ev.Explanation()().Newest[3]
	if last.LogE != 0 || last.LogSafe != 0 || last.Harm != ev.judge.LogHarm() || last.Parts[0].Counts.Candidate != nil || last.Parts[0].Counts.Legacy == nil {
		t.Errorf("%+v", last)
	}
}

func TestOnset_IsToldWhereTheWholeRolloutsRatioHidesIt(t *testing.T) {
	s := ranker()
	ev := New(s, nil)
	told(ev, 120, 50_000, counts(712, 4), counts(38, 0))
	told(ev, 20, 50_000, counts(712, 4), counts(38, 2))
	var f analysis.Finding
	ev.Fill(s.Measures[0], &f)
	if f.Call != analysis.Worse || f.Difference.Lo > s.Guards[0].MaxRatio {
		t.Fatalf("%s, ×%.3g from %.3g: the case is not the one meant", f.Call, f.Difference.V, f.Difference.Lo)
	}
	if o := f.Onset; !o.At.Equal(ev.first.Add(119*step)) || o.Ratio.Lo <= s.Guards[0].MaxRatio || o.Ratio.N != 20*38 {
		t.Errorf("since %s ×%.3g (%.3g–%.3g) of %d", o.At, o.Ratio.V, o.Ratio.Lo, o.Ratio.Hi, o.Ratio.N)
	}
}

func TestBadge_ShowsOnlyWhereThePooledRatioMisleads(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 20, 10_000, counts(7425, 22), counts(75, 0))
	if b := ev.Badge("errors"); b != "" {
		t.Errorf("before the ramp: %q", b)
	}
	told(ev, 20, 500_000, counts(3750, 34), counts(3750, 34))
	if b := ev.Badge("errors"); !strings.HasPrefix(b, "pooled ×") || !strings.Contains(b, " v stratified ×") {
		t.Errorf("after a ramp on which errors tripled in both arms: %q", b)
	}
}

func TestLate_WarnsOfARiseAfterTheFirstHourAndIsNoCall(t *testing.T) {
	ev := New(ranker(), nil)
	told(ev, 480, 50_000, counts(712, 4), counts(38, 0))
	if w := ev.late(); w != "" {
		t.Errorf("two calm hours: %q", w)
	}
	blocks := 0
	for ; ev.late() == "" && blocks < 60; blocks++ {
		told(ev, 1, 50_000, counts(712, 4), counts(38, 2))
	}
	if ev.judge.Worse() || !strings.HasPrefix(ev.late(), "errors rose lately (no evidence: this warns about once in 24 h") || blocks > 20 {
		t.Errorf("after %d blocks of nine times the errors: worse %v, %q", blocks, ev.judge.Worse(), ev.late())
	}
}
