package pair

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func answer(arm sources.Arm, id string, at time.Duration, score, latency float64, label string) Response {
	return Response{ID: id, Arm: arm, At: noon.Add(at), Score: score, Latency: latency, Fields: []Field{{Name: "label", Value: sources.NewText(label), Known: label != ""}}}
}

func join(t testing.TB, c Config) *Join {
	t.Helper()
	j, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestJoin_PairsBothAnswersToOneRequestAndMarksWhatDiffers(t *testing.T) {
	j := join(t, Config{Window: 10 * time.Second})
	j.Add(answer(sources.Candidate, "a", 3*time.Second, .7, .120, "click"))
	j.Add(answer(sources.Legacy, "a", time.Second, .4, .100, "click"))
	j.Add(answer(sources.Legacy, "b", time.Second, .4, .100, "click"))
	j.Add(answer(sources.Candidate, "b", 11*time.Second, .1, .100, "skip"))
	if r := j.Report(); r.Pairs != 0 || r.Waiting.Legacy != 2 {
		t.Errorf("paired before the window passed: %+v", r)
	}
	j.Advance(noon.Add(12 * time.Second))
	r := j.Report()
	if r.Pairs != 2 || r.Agreement.N != 2 || r.Agreement.Share != .5 || r.Agreement.Lo > .2 || r.Agreement.Hi < .8 {
		t.Errorf("agreement %+v of %d pairs", r.Agreement, r.Pairs)
	}
	if len(r.Worst) != 2 || r.Worst[0].ID != "b" || len(r.Worst[0].Differ) != 1 || r.Worst[0].Differ[0] != "label" || len(r.Worst[1].Differ) != 0 {
		t.Errorf("the worst pair is %+v", r.Worst)
	}
	if r.Score.N != 2 || math.Abs(r.Score.Smallest.V+.3) > .004 || math.Abs(r.Score.Most.V-.3) > .004 {
		t.Errorf("differences of scores %+v", r.Score)
	}
}

func TestJoin_SaysWhyALineHasNoPartner(t *testing.T) {
	j := join(t, Config{Window: 10 * time.Second})
	j.Advance(noon)
	j.Add(answer(sources.Legacy, "alone", 0, 1, 1, "x"))
	j.Add(answer(sources.Candidate, "far", 0, 1, 1, "x"))
	j.Add(answer(sources.Legacy, "far", 11*time.Second, 1, 1, "x"))
	j.Add(answer(sources.Legacy, "twice", 0, 1, 1, "x"))
	j.Add(answer(sources.Legacy, "twice", time.Second, 1, 1, "y"))
	j.Add(answer(sources.Candidate, "twice", time.Second, 1, 1, "x"))
	j.Add(answer(sources.Legacy, "", 0, 1, 1, "x"))
	j.Add(answer(sources.Candidate, "late", -time.Second, 1, 1, "x"))
	j.Add(answer(sources.Candidate, "seconds", 50*365*24*time.Hour, 1, 1, "x"))
	j.Add(Response{ID: "timeless", Arm: sources.Candidate})
	j.Advance(noon.Add(time.Minute))
	r := j.Report()
	for _, c := range []struct {
		arm    sources.Arm
		reason Reason
		want   int64
	}{
		{sources.Legacy, NoPartner, 2},
		{sources.Candidate, NoPartner, 1},
		{sources.Legacy, Duplicate, 1},
		{sources.Legacy, NoID, 1},
		{sources.Candidate, Late, 1},
		{sources.Candidate, Ahead, 1},
		{sources.Candidate, NoTime, 1},
		{sources.Candidate, Duplicate, 0},
	} {
		if u := r.Unmatched.Of(c.arm); u.Of(c.reason) != c.want {
			t.Errorf("%s, %s: %d, want %d", c.arm, c.reason, u.Of(c.reason), c.want)
		}
	}
	if r.Pairs != 1 || r.Agreement.Share != 1 {
		t.Errorf("of a duplicate the first line is taken: %+v", r.Agreement)
	}
}

func TestJoin_AZoneIsNoOtherTime(t *testing.T) {
	j := join(t, Config{})
	a, b := answer(sources.Legacy, "a", 0, 1, 1, "x"), answer(sources.Candidate, "a", time.Second, 1, 1, "x")
	b.At = b.At.In(time.FixedZone("IST", 19800))
	j.Add(a)
	j.Add(b)
	j.Advance(noon.Add(time.Hour))
	if r := j.Report(); r.Pairs != 1 {
		t.Errorf("%d pairs", r.Pairs)
	}
}

func TestJoin_ASideWithAHundredTimesTheLinesDoesNotPushTheOtherOut(t *testing.T) {
	j := join(t, Config{Bytes: 64 << 10})
	for i := range 20_000 {
		at := time.Duration(i) * time.Millisecond
		j.Add(answer(sources.Legacy, fmt.Sprint("l", i), at, 1, .1, "x"))
		if i%100 == 99 {
			id := fmt.Sprint("l", i)
			j.Add(answer(sources.Candidate, id, at, 1, .1, "x"))
		}
		if held := j.waiting.bytes.Legacy + j.waiting.bytes.Candidate; held > 64<<10 {
			t.Fatalf("%d bytes are held", held)
		}
	}
	j.Advance(noon.Add(time.Hour))
	r := j.Report()
	if r.Pairs != 200 || r.Unmatched.Candidate.Total() != 0 {
		t.Errorf("%d pairs, %v of the small side are lost", r.Pairs, r.Unmatched.Candidate)
	}
	if r.Unmatched.Legacy.Of(Evicted) == 0 || r.Unmatched.Legacy.Total()+r.Pairs != 20_000 {
		t.Errorf("unmatched of the large side: %v", r.Unmatched.Legacy)
	}
}

func TestJoin_ScoresThatAreNoNumberAreComparedByNothing(t *testing.T) {
	j := join(t, Config{Tolerance: .01})
	for i, s := range [][2]float64{{math.NaN(), .5}, {.5, math.NaN()}, {math.Inf(1), math.Inf(1)}, {.5, .505}} {
		id := fmt.Sprint(i)
		j.Add(answer(sources.Legacy, id, 0, s[0], math.NaN(), ""))
		j.Add(answer(sources.Candidate, id, 0, s[1], math.NaN(), ""))
	}
	j.Advance(noon.Add(time.Hour))
	r := j.Report()
	if r.Pairs != 4 || r.Score.N != 1 || r.Agreement.N != 1 || r.Agreement.Share != 1 || r.Latency.N != 0 || r.Untested == nil {
		t.Errorf("%+v", r)
	}
}

func TestJoin_ACandidateThatIsSlowerIsShownPairByPair(t *testing.T) {
	j, rnd := join(t, Config{}), rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		base := math.Exp(rnd.NormFloat64())
		id := fmt.Sprint(i)
		j.Add(answer(sources.Legacy, id, 0, 1, base, "x"))
		j.Add(answer(sources.Candidate, id, 0, 1, base+.02+.01*rnd.NormFloat64(), "x"))
	}
	j.Advance(noon.Add(time.Hour))
	r := j.Report()
	if r.Slower < math.Log(20) || r.Faster > 0 || r.Wilcoxon.P > .001 || math.Abs(r.Latency.P50.V-.02) > .003 || r.Latency.MedianLo.V > .02 || r.Latency.MedianHi.V < .02 {
		t.Errorf("slower %v faster %v p %v median %+v", r.Slower, r.Faster, r.Wilcoxon.P, r.Latency)
	}
}

// lines draws responses of few ids, so that duplicates, lone lines and repeated ids all occur.
func lines(t *rapid.T) []Response {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Response {
		return answer(
			rapid.SampledFrom([]sources.Arm{sources.Legacy, sources.Candidate}).Draw(t, "arm"), rapid.SampledFrom([]string{"a", "b", "c", ""}).Draw(t, "id"),
			time.Duration(rapid.IntRange(0, 60).Draw(t, "at"))*time.Second, float64(rapid.IntRange(0, 3).Draw(t, "score")),
			float64(rapid.IntRange(1, 9).Draw(t, "latency")), rapid.SampledFrom([]string{"x", "y", ""}).Draw(t, "label"),
		)
	}), 0, 40).Draw(t, "lines")
}

func told(t testing.TB, lines []Response) Report {
	j := join(t, Config{Window: 10 * time.Second})
	for _, l := range lines {
		j.Add(l)
	}
	for at := range 80 {
		j.Advance(noon.Add(time.Duration(at) * time.Second))
	}
	return j.Report()
}

func TestJoin_TheOrderOfArrivalChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := lines(rt)
		if a, b := told(t, all), told(t, rapid.Permutation(all).Draw(rt, "order")); !reflect.DeepEqual(counts(a), counts(b)) || a.Slower != b.Slower {
			rt.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func counts(r Report) [4]any { return [4]any{r.Pairs, r.Agreement, r.Unmatched, r.Seen} }

func TestJoin_EveryLineIsCountedOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := told(t, lines(rt))
		for _, a := range sources.Arms() {
			u := r.Unmatched.Of(a)
			if r.Seen.Of(a) != r.Pairs+u.Total()+r.Waiting.Of(a) {
				rt.Fatalf("%s: %+v", a, r)
			}
		}
	})
}

func TestJoin_ExchangedArmsMirrorTheReport(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := lines(rt)
		var other []Response
		for _, l := range all {
			l.Arm = l.Arm.Other()
			other = append(other, l)
		}
		a, b := told(t, all), told(t, other)
		if a.Pairs != b.Pairs || a.Agreement != b.Agreement || a.Slower != b.Faster || a.Unmatched.Legacy != b.Unmatched.Candidate || a.Score.Smallest.V != -b.Score.Most.V {
			rt.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestConfig_RefusesWhatIsOutOfBounds(t *testing.T) {
	for _, c := range []Config{{Window: -1}, {Window: time.Hour}, {Bytes: 1}, {Worst: -1}, {Tolerance: math.NaN()}} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
