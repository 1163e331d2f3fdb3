package prom

import (
	"fmt"
	"testing"
	"time"

	"rampart/sources"
)

const (
	stable  = `{app="ranker",track="stable",code="200",instance="a",job="j"}`
	stable5 = `{app="ranker",track="stable",code="500",instance="a",job="j"}`
	canary  = `{app="ranker",track="canary",code="200",instance="b",job="j"}`
	canary5 = `{app="ranker",track="canary",code="500",instance="b",job="j"}`
)

// started is a process_start_time_seconds series of an instance that started some seconds after t0.
func (s *store) started(instance, track string, step, from float64, starts ...float64) {
	values := make([]float64, len(starts))
	for i, v := range starts {
		values[i] = v + float64(t0.Unix())
	}
	s.put(fmt.Sprintf(`process_start_time_seconds{app="ranker",track=%q,instance=%q,job="j"}`, track, instance), every(step, from, values...)...)
}

func TestCounter_BothArmsAreCutAtMultiplesOfTheStep(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -8, 100, 110, 130, 160)...)
	s.put("rq_total"+stable5, every(15, -8, 1, 1, 3, 3)...)
	s.put("rq_total"+canary, every(15, -3, 5, 6, 8, 8)...)
	s.put(`rq_total{app="ranker",track="other",code="200",instance="c",job="j"}`, every(15, -3, 5, 6, 8, 8)...)
	bs := read(t, s.open(t), errorsQuery(), window(3))
	expect(t, bs, "10/0 22/2 30/0", "1/0 2/0 0/0")
	if got := bs.Blocks[2].End; !got.Equal(window(3).To) {
		t.Errorf("the last block ends at %v", got)
	}
	if bs.Series != (sources.ByArm[int]{Legacy: 2, Candidate: 1}) {
		t.Errorf("series = %+v", bs.Series)
	}
	if got := bs.Newest.Candidate.Sub(t0).Seconds(); got != 42 {
		t.Errorf("newest candidate sample at %v s, want 42", got)
	}
	if n := s.queries.Load(); n != 2 {
		t.Errorf("%d queries, want one for the measure and one for the starts", n)
	}
	if want := `rq_total{app="ranker",track=~"stable|canary"}[345s]`; bs.Query != want {
		t.Errorf("query = %s, want %s", bs.Query, want)
	}
}

func TestCounter_ABlockEndsWithTheLastSampleAtOrBeforeIt(t *testing.T) {
	var s store
	s.put("rq_total"+stable, sample{0, 10}, sample{15, 11}, sample{15.001, 17}, sample{30, 20})
	expect(t, read(t, s.open(t), errorsQuery(), window(2)), "1/0 9/0", "- -")
}

func TestCounter_ARestartIsNoNegativeCount(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 4, 9)...)
	s.put("rq_total"+canary, sample{-1, 50}, sample{3, 60}, sample{8, 2}, sample{14, 5}, sample{29, 6}) // within one block
	bs := read(t, s.open(t), errorsQuery(), window(3))
	expect(t, bs, "10/0 4/0 5/0", "15/0 1/0 -")
	if !noted(bs.Notes, "counters of 2 processes started again") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestCounter_ARestartThatOneCounterShowsHoldsForAllOfTheProcess(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 4)...) // shows it
	s.put("rq_total"+stable5, every(15, -1, 2, 2, 3)...)    // hides it: 3 new errors, not 1
	s.started("a", "stable", 15, -1, -500, -500, 20)
	expect(t, read(t, s.open(t), errorsQuery(), window(2)), "10/0 7/3", "- -")
}

func TestCounter_AnExporterThatRestartsAloneCountsNothingTwice(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1e6, 1e6+10, 1e6+20)...)
	s.started("a", "stable", 15, -1, -500, -500, 20)
	expect(t, read(t, s.open(t), errorsQuery(), window(2)), "10/0 10/0", "- -")
}

func TestCounter_ANewProcessCountsFromZero(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 120, 130)...)
	s.put("rq_total"+canary, every(15, 29, 7, 9)...)
	s.started("b", "canary", 15, 29, 20, 20)
	bs := read(t, s.open(t), errorsQuery(), window(3))
	expect(t, bs, "10/0 10/0 10/0", "- 7/0 2/0")
}

func TestCounter_AFirstValueOfUnknownAgeIsOnlyABase(t *testing.T) {
	for name, starts := range map[string][]float64{"no start known": nil, "started an hour ago": {-3600, -3600}} {
		t.Run(name, func(t *testing.T) {
			var s store
			s.put("rq_total"+stable, every(15, -1, 100, 110, 120, 130)...)
			s.put("rq_total"+canary, every(15, 29, 7000, 7009)...)
			if starts != nil {
				s.started("b", "canary", 15, 29, starts...)
			}
			bs := read(t, s.open(t), errorsQuery(), window(3))
			expect(t, bs, "10/0 10/0 10/0", "- - 9/0")
			if !noted(bs.Notes, "1 first values only counted from") {
				t.Errorf("notes = %v", bs.Notes)
			}
		})
	}
}

func TestCounter_TheFirstErrorOfAnOldProcessCounts(t *testing.T) {
	var s store
	s.put("rq_total"+canary, every(15, -1, 1000, 1010, 1020, 1030)...)
	s.put("rq_total"+canary5, every(15, 29, 3, 4)...) // the client makes the series with the first error
	expect(t, read(t, s.open(t), errorsQuery(), window(3)), "- - -", "10/0 13/3 11/1")
}

func TestCounter_AnArmThatWasNotScrapedHasNoCounts(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 120, 130, 140)...)
	s.put("rq_total"+canary, sample{-1, 5}, sample{14, 6}, sample{44, 20}, sample{59, 21})
	bs := read(t, s.open(t), errorsQuery(), window(4))
	expect(t, bs, "10/0 10/0 10/0 10/0", "1/0 - - 1/0") // what came at 44 s spans two blocks, legacy's one
	if !noted(bs.Notes, "candidate: 14 requests left out") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestCounter_AfterAnOutageOfTheServerBothArmsSpanTheSameTime(t *testing.T) {
	var s store
	s.put("rq_total"+stable, sample{-1, 100}, sample{14, 110}, sample{59, 140}, sample{74, 150})
	s.put("rq_total"+canary, sample{-2, 5}, sample{13, 6}, sample{58, 9}, sample{73, 10})
	bs := read(t, s.open(t), errorsQuery(), window(5))
	expect(t, bs, "10/0 - - 30/0 10/0", "1/0 - - 3/0 1/0")
	if !noted(bs.Notes, "several scrapes lie in 1 block, in both arms alike") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestCounter_ASilenceLongerThanTheLookbackBeginsAnew(t *testing.T) {
	var s store
	s.put("rq_total"+stable, sample{-200, 5}, sample{14, 900}, sample{29, 910})
	expect(t, read(t, s.open(t, func(c *Config) { c.Lookback = time.Minute }), errorsQuery(), window(2)), "- 10/0", "- -")
}

func TestCounter_APodThatIsGoneIsNotCarriedOn(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 120, 130)...)
	s.put("rq_total"+canary, every(15, -1, 5, 6)...)
	expect(t, read(t, s.open(t), errorsQuery(), window(3)), "10/0 10/0 10/0", "1/0 - -")
}

func TestCounter_AScrapedArmWithoutTheMetricHadNoRequest(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 120)...)
	s.started("b", "canary", 15, -1, -60, -60, -60)
	bs := read(t, s.open(t), errorsQuery(), window(2))
	expect(t, bs, "10/0 10/0", "0/0 0/0")
	if !noted(bs.Notes, "candidate: in 2 blocks scraped without any series") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestCounter_ReplicasAreNotCountedTwice(t *testing.T) {
	replica := func(r string, samples ...sample) func(*store) {
		return func(s *store) {
			s.put(`rq_total{app="ranker",track="stable",code="200",instance="a",job="j",replica="`+r+`"}`, samples...)
		}
	}
	pair := func(c *Config) { c.Replica = "replica" }
	cases := map[string]struct {
		a, b []sample
		want string
	}{
		"both whole":           {every(15, -8, 100, 110, 120, 130), every(15, -3, 103, 113, 123, 133), "10/0 10/0 10/0"},
		"one ends":             {every(15, -8, 100, 110), every(15, -3, 103, 113, 123, 133), "10/0 13/0 10/0"},
		"one begins":           {every(15, 22, 120, 130), every(15, -3, 103, 113, 123, 133), "10/0 10/0 10/0"},
		"in turns":             {[]sample{{-8, 100}, {7, 110}, {37, 130}}, []sample{{27, 123}}, "10/0 13/0 7/0"},
		"clocks differ":        {every(15, -8, 100, 110), every(15, -3, 99, 109, 109, 119), "10/0 0/0 10/0"},
		"restart at the seam":  {every(15, -8, 100, 110), every(15, -3, 103, 113, 8, 18), "10/0 8/0 10/0"},
		"restart before it":    {[]sample{{-8, 100}, {7, 4}}, []sample{{-13, 98}, {27, 17}, {42, 27}}, "4/0 13/0 10/0"},
		"a gap, then restarts": {every(15, -8, 100, 110), []sample{{37, 3}}, "10/0 - -"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var s store
			replica("A", c.a...)(&s)
			replica("B", c.b...)(&s)
			bs := read(t, s.open(t, pair), errorsQuery(), window(3))
			expect(t, bs, c.want, "- - -")
			if bs.Series.Legacy != 1 || !noted(bs.Notes, "1 series of other replicas") {
				t.Errorf("series %+v, notes %v", bs.Series, bs.Notes)
			}
		})
	}
}

func TestCounter_AnotherCounterMayCountTheErrors(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110)...)
	s.put(`failed_total{app="ranker",track="stable",instance="a",job="j"}`, every(15, -1, 3, 5)...)
	s.put("rq_total"+canary, every(15, -1, 100, 101)...)
	s.put(`failed_total{app="ranker",track="canary",instance="b",job="j"}`, every(15, -1, 3, 9)...)
	q := errorsQuery()
	q.Bad, q.BadOf = nil, "failed_total"
	bs := read(t, s.open(t), q, window(1))
	expect(t, bs, "10/2", "1/1")
	if !noted(bs.Notes, "more errors than requests") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestCounter_StrataAreComparedApart(t *testing.T) {
	var s store
	for _, route := range []string{"/rank", "/feed"} {
		s.put(`rq_total{app="ranker",track="stable",code="200",route="`+route+`",instance="a",job="j"}`, every(15, -1, 100, 110)...)
	}
	s.put(`rq_total{app="ranker",track="canary",code="200",route="/feed",instance="b",job="j"}`, every(15, -1, 100, 103)...)
	q := errorsQuery()
	q.Target.Strata = []string{"route"}
	b := read(t, s.open(t), q, window(1)).Blocks[0]
	if len(b.Strata) != 2 || b.Strata[0].Key != "/feed" || b.Strata[0].Counts.Candidate.Requests != 3 {
		t.Fatalf("strata = %+v", b.Strata)
	}
	if c := b.Strata[1].Counts.Candidate; c == nil || c.Requests != 0 {
		t.Errorf("the candidate was scraped and had no request for /rank, got %+v", c)
	}
}
