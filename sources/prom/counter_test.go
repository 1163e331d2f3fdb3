package prom

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
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
	if !noted(bs.Notes, "1 blocks span several scrapes in both arms alike") {
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

func TestCounter_WhatIsNoCountIsDroppedWithANote(t *testing.T) {
	var s store
	s.put("rq_total"+stable, sample{-1, 100}, sample{10, math.NaN()}, sample{11, math.Inf(1)}, sample{12, -4}, sample{14, 110})
	s.put("rq_total"+canary, every(15, -1, .4, 10.6)...)
	bs := read(t, s.open(t), errorsQuery(), window(1))
	expect(t, bs, "10/0", "11/0")
	for _, want := range []string{"3 samples dropped", "2 samples were not whole"} {
		if !noted(bs.Notes, want) {
			t.Errorf("no note says %q: %v", want, bs.Notes)
		}
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

func TestCounter_ArmsMayBeToldInManyWays(t *testing.T) {
	m := func(label, op, value string) []sources.Matcher {
		return []sources.Matcher{{Label: label, Op: op, Value: value}}
	}
	rules := map[string]struct {
		rule            sources.ArmRule
		legacy, canary  string
		queries, metric string
	}{
		"regexp":          {rule: sources.ArmRule{Label: "version", Value: sources.ByArm[string]{Legacy: "v1.*", Candidate: "v2.*"}, Regexp: true}, legacy: `version="v1.4"`, canary: `version="v2.0"`, queries: "2"},
		"two jobs":        {rule: sources.ArmRule{Matchers: sources.ByArm[[]sources.Matcher]{Legacy: m("job", "=", "j"), Candidate: m("job", "=", "j2")}}, legacy: `job="j"`, canary: `job="j2"`, queries: "2"},
		"a missing label": {rule: sources.ArmRule{Matchers: sources.ByArm[[]sources.Matcher]{Legacy: m("canary", "=", ""), Candidate: m("canary", "=", "yes")}}, legacy: `job="j"`, canary: `canary="yes"`, queries: "3"},
		"a join":          {rule: sources.ArmRule{Label: "label_track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}, Join: &sources.Join{Metric: "kube_pod_labels", On: []string{"pod"}}}, legacy: `pod="p1"`, canary: `pod="p2"`, queries: "3"},
		"a suffix":        {rule: sources.ArmRule{Metric: sources.ByArm[string]{Legacy: "_old", Candidate: "_new"}}, queries: "2", metric: "suffix"},
	}
	for name, c := range rules {
		t.Run(name, func(t *testing.T) {
			var s store
			oldName, newName := "rq_total", "rq_total"
			if c.metric != "" {
				oldName, newName = "rq_total_old", "rq_total_new"
			}
			s.put(oldName+`{app="ranker",code="200",instance="a",`+c.legacy+`}`, every(15, -1, 100, 110)...)
			s.put(newName+`{app="ranker",code="500",instance="b",`+c.canary+`}`, every(15, -1, 100, 103)...)
			s.put(`kube_pod_labels{pod="p1",label_track="stable"}`, every(15, -1, 1, 1)...)
			s.put(`kube_pod_labels{pod="p2",label_track="canary"}`, every(15, -1, 1, 1)...)
			q := errorsQuery()
			q.Target.Arms = c.rule
			expect(t, read(t, s.open(t), q, window(1)), "10/0", "3/3")
			if got := fmt.Sprint(s.queries.Load()); got != c.queries {
				t.Errorf("%s queries, want %s", got, c.queries)
			}
		})
	}
}

func TestCounter_QueriesDoNotGrowWithPods(t *testing.T) {
	var counts []int64
	for _, pods := range []int{1, 40} {
		var s store
		for p := range pods {
			s.put(fmt.Sprintf(`rq_total{app="ranker",track="stable",instance="i%d"}`, p), every(15, -1, 100, 110)...)
			s.put(fmt.Sprintf(`rq_total{app="ranker",track="canary",instance="c%d"}`, p), every(15, -1, 100, 110)...)
		}
		read(t, s.open(t), errorsQuery(), window(1))
		counts = append(counts, s.queries.Load())
	}
	if counts[0] != counts[1] {
		t.Errorf("%d queries for one pod, %d for forty", counts[0], counts[1])
	}
}

func TestCounter_NothingMatchedIsNotZero(t *testing.T) {
	var s store
	s.put(`rq_total{app="ranker",instance="a"}`, every(15, -1, 1, 2)...)
	src := s.open(t)
	q := errorsQuery()
	q.Target.Arms.Label = "tracks"
	for name, c := range map[string]struct {
		query sources.BlockQuery
		says  string
	}{
		"no such metric": {sources.BlockQuery{Measure: "m", Target: byTrack(), Step: time.Second, Counter: "none"}, `no series matches none{app="ranker",track=~"stable|canary"}`},
		"no such label":  {q, "no series matches"},
	} {
		bs := src.Blocks(t.Context(), []sources.BlockQuery{c.query}, window(1))[0]
		if !errors.Is(bs.Err, sources.ErrNoData) || bs.Blocks != nil || !strings.Contains(bs.Err.Error(), c.says) {
			t.Errorf("%s: %v, blocks %v", name, bs.Err, bs.Blocks)
		}
	}
}

func TestCounter_TooManySeriesAreRefusedWithAdvice(t *testing.T) {
	var s store
	for i := range 300 {
		s.put(fmt.Sprintf(`rq_total{app="ranker",track="stable",instance="i%d"}`, i), every(15, -1, 1, 2)...)
	}
	src := s.open(t, func(c *Config) { c.MaxSeries = 200 })
	err := src.Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "more than 200 series") || !strings.Contains(err.Error(), "max_series") {
		t.Error(err)
	}
}

func TestCounter_AnAnswerWithoutEndIsBrokenOff(t *testing.T) {
	closed := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[`)
		for i := 0; ; i++ {
			_, err := fmt.Fprintf(w, `{"metric":{"__name__":"rq_total","app":"ranker","track":"stable","instance":"i%d"},"values":[[%d,"1"]]},`, i, t0.Unix())
			if err != nil {
				close(closed)
				return
			}
		}
	}))
	defer server.Close()
	few := func(c *Config) { c.MaxSeries = 1000; c.Timeout = time.Minute }
	err := openURL(t, server.URL, few).Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "more than 1000 series") {
		t.Error(err)
	}
	<-closed
}

func TestCounter_AMistakeInTheQueryIsSaidBeforeAnythingIsAsked(t *testing.T) {
	var s store
	src := s.open(t)
	for says, change := range map[string]func(*sources.BlockQuery){
		"want one of a counter and a histogram": func(q *sources.BlockQuery) { q.Counter = "" },
		"operator":                              func(q *sources.BlockQuery) { q.Bad = []sources.Matcher{{Label: "code", Op: "~", Value: "5"}} },
		"not a regexp":                          func(q *sources.BlockQuery) { q.Bad = []sources.Matcher{{Label: "code", Op: "=~", Value: "("}} },
		"whole milliseconds":                    func(q *sources.BlockQuery) { q.Step = 0 },
		"want one of a label":                   func(q *sources.BlockQuery) { q.Target.Arms = sources.ArmRule{} },
		"has no value of track":                 func(q *sources.BlockQuery) { q.Target.Arms.Value.Candidate = "" },
		"bad series":                            func(q *sources.BlockQuery) { q.Counter, q.Histogram = "", "lat" },
		"bad counter":                           func(q *sources.BlockQuery) { q.BadOf = "failed" },
	} {
		q := errorsQuery()
		change(&q)
		err := src.Blocks(t.Context(), []sources.BlockQuery{q}, window(1))[0].Err
		if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
	if n := s.queries.Load(); n != 0 {
		t.Errorf("%d queries were sent", n)
	}
}

func TestCounter_ASeriesOfBothArmsIsAMistakeInTheArms(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	q := errorsQuery()
	q.Target.Arms = sources.ArmRule{Label: "track", Value: sources.ByArm[string]{Legacy: ".*", Candidate: "s.+"}, Regexp: true}
	err := s.open(t).Blocks(t.Context(), []sources.BlockQuery{q}, window(1))[0].Err
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "both arms") {
		t.Error(err)
	}
}

func TestCounter_WhatTheServerSaysOfItsAnswerIsKept(t *testing.T) {
	s := store{notes: `,"warnings":["store \u001b[31m gone"],"infos":["metric might not be a counter"]`}
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	bs := read(t, s.open(t), errorsQuery(), window(1))
	if !noted(bs.Notes, `store \x1b[31m gone`) || !noted(bs.Notes, "might not be a counter") {
		t.Errorf("notes = %v", bs.Notes)
	}
}
