package prom

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestReading_ArmsMayBeToldInManyWays(t *testing.T) {
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

func TestReading_QueriesDoNotGrowWithPods(t *testing.T) {
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

func TestReading_NothingMatchedIsNotZero(t *testing.T) {
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

func TestReading_TooManySeriesAreRefusedWithAdvice(t *testing.T) {
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

func TestReading_AnAnswerWithoutEndIsBrokenOff(t *testing.T) {
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

func TestReading_AMistakeInTheQueryIsSaidBeforeAnythingIsAsked(t *testing.T) {
	var s store
	src := s.open(t)
	for says, change := range map[string]func(*sources.BlockQuery){
		"want one of a counter and a histogram": func(q *sources.BlockQuery) { q.Counter = "" },
		"operator":                              func(q *sources.BlockQuery) { q.Bad = []sources.Matcher{{Label: "code", Op: "~", Value: "5"}} },
		"not a regexp":                          func(q *sources.BlockQuery) { q.Bad = []sources.Matcher{{Label: "code", Op: "=~", Value: "("}} },
		"whole milliseconds":                    func(q *sources.BlockQuery) { q.Step = 0 },
		"want one of a label":                   func(q *sources.BlockQuery) { q.Target.Arms = sources.ArmRule{} },
		"told by the same":                      func(q *sources.BlockQuery) { q.Target.Arms.Value.Candidate = "stable" },
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

func TestReading_TooManyStrataAreRefused(t *testing.T) {
	var s store
	for i := range mostStrata + 1 {
		s.put(fmt.Sprintf(`rq_total{app="ranker",track="stable",user="u%d",instance="a"}`, i), every(15, -1, 1, 2)...)
	}
	q := errorsQuery()
	q.Target.Strata = []string{"user"}
	err := s.open(t).Blocks(t.Context(), []sources.BlockQuery{q}, window(1))[0].Err
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "101 strata of user") {
		t.Error(err)
	}
}

func TestReading_ASeriesOfBothArmsIsAMistakeInTheArms(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	q := errorsQuery()
	q.Target.Arms = sources.ArmRule{Label: "track", Value: sources.ByArm[string]{Legacy: ".*", Candidate: "s.+"}, Regexp: true}
	err := s.open(t).Blocks(t.Context(), []sources.BlockQuery{q}, window(1))[0].Err
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "both arms") {
		t.Error(err)
	}
}

func TestReading_WhatTheServerSaysOfItsAnswerIsKept(t *testing.T) {
	s := store{notes: `,"warnings":["store \u001b[31m gone"],"infos":["metric might not be a counter"]`}
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	bs := read(t, s.open(t), errorsQuery(), window(1))
	if !noted(bs.Notes, `store \x1b[31m gone`) || !noted(bs.Notes, "might not be a counter") {
		t.Errorf("notes = %v", bs.Notes)
	}
}
