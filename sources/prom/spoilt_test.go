package prom

import (
	"math"
	"slices"
	"testing"
	"time"

	"rampart/sources"
)

// code is a counter of one of the candidate's processes.
func code(code, instance string) string {
	return `rq_total{app="ranker",track="canary",code="` + code + `",instance="` + instance + `",job="j"}`
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

func TestCounter_AnArmThatShowsWhatIsNoCountIsNotAnArmWithoutRequests(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 120)...)
	s.put("rq_total"+canary, every(15, -1, math.NaN(), math.Inf(1), math.NaN())...)
	s.started("b", "canary", 15, -1, -60, -60, -60)
	bs := read(t, s.open(t), errorsQuery(), window(2))
	expect(t, bs, "10/0 10/0", "- -")
	if noted(bs.Notes, "counted as no request") || !noted(bs.Notes, "candidate: 3 samples dropped: NaN") {
		t.Errorf("notes = %v", bs.Notes)
	}
	if n := bs.Notes[0]; n.Arm != sources.Candidate || !n.At.Equal(t0.Add(29*time.Second)) {
		t.Errorf("%s since %v: want the candidate, seen with the last scrape", n.Arm, n.At)
	}
}

func TestCounter_AProcessWhoseErrorsAreNoNumberIsNotAProcessWithoutErrors(t *testing.T) {
	var s store
	canaries := func(code, instance string) string {
		return `rq_total{app="ranker",track="canary",code="` + code + `",instance="` + instance + `",job="j"}`
	}
	s.put("rq_total"+stable, every(15, -1, 100, 110, 120, 130, 140)...)
	s.put(canaries("200", "b"), every(15, -1, 100, 110, 120, 130, 140)...)
	s.put(canaries("500", "b"), every(15, -1, 3, 5, math.NaN(), 9, 11)...) // the third block holds what the second lacks
	s.put(canaries("200", "c"), every(15, -1, 100, 104, 108, 112, 116)...)
	s.put(canaries("500", "c"), every(15, -1, 0, 1, 2, 3, 4)...)
	bs := read(t, s.open(t), errorsQuery(), window(4))
	expect(t, bs, "10/0 10/0 10/0 10/0", "17/3 5/1 5/1 17/3")
	if !noted(bs.Notes, "candidate: 24 requests left out, another series of their process was no number") {
		t.Errorf("notes = %v", bs.Notes)
	}
}

func TestCounter_AnArmOfWhichOneSeriesIsNoNumberIsNotKnown(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 100, 110, 120)...)
	s.put("rq_total"+canary, every(15, -1, 100, 110, 120)...)
	s.put(`rq_total{app="ranker",track="canary",code="500",instance="b",job="j"}`, every(15, -1, math.NaN(), math.NaN(), math.NaN())...)
	s.started("b", "canary", 15, -1, -60, -60, -60)
	expect(t, read(t, s.open(t), errorsQuery(), window(2)), "10/0 10/0", "- -")
}

func TestCounter_AnIdleProcessBesideOneThatShowsNoNumberIsNotAnArmWithoutTraffic(t *testing.T) {
	for name, broken := range map[string]string{"its errors": "500", "all it counts": "200"} {
		t.Run(name, func(t *testing.T) {
			var s store
			s.put("rq_total"+stable, every(15, -1, 100, 110, 120)...)
			s.put(code("200", "idle"), every(15, -1, 7, 7, 7)...)
			if broken == "500" {
				s.put(code("200", "busy"), every(15, -1, 100, 110, 120)...)
			}
			s.put(code(broken, "busy"), every(15, -1, math.NaN(), math.NaN(), math.NaN())...)
			expect(t, read(t, s.open(t), errorsQuery(), window(2)), "10/0 10/0", "- -")
		})
	}
}

func TestCounter_WhatWasNoNumberForLongIsNotALifeOfErrorsInOneBlock(t *testing.T) {
	var s store
	nan := slices.Repeat([]float64{math.NaN()}, 24) // past the lookback
	var good []float64
	for i := range 28 {
		good = append(good, 100+10*float64(i))
	}
	s.put("rq_total"+stable, every(15, -1, good...)...)
	s.put(code("200", "b"), every(15, -1, good...)...)
	s.put(code("500", "b"), every(15, -1, append(nan, 5000, 5001, 5002, 5003)...)...)
	w := sources.Window{From: t0.Add(330 * time.Second), To: t0.Add(405 * time.Second)}
	expect(t, read(t, s.open(t), errorsQuery(), w), "10/0 10/0 10/0 10/0 10/0", "- - 11/1 11/1 11/1")
}

func TestCounter_AfterALongOutageTwoReplicasDoNotCountALifeInOneBlock(t *testing.T) {
	var s store
	for replica, late := range map[string]float64{"A": -1, "B": -2} {
		s.put(`rq_total{app="ranker",track="stable",code="200",instance="a",job="j",replica="`+replica+`"}`,
			sample{late, 100}, sample{600 + late, 9000}, sample{615 + late, 9010})
	}
	w := sources.Window{From: t0.Add(570 * time.Second), To: t0.Add(615 * time.Second)}
	bs := read(t, s.open(t, func(c *Config) { c.Replica = "replica" }), errorsQuery(), w)
	expect(t, bs, "- - 10/0", "- - -")
}

func TestCounter_ARestartWhileTheErrorsAreNoNumber(t *testing.T) {
	for name, c := range map[string]struct {
		from   float64
		ok     []float64
		bad    []float64
		starts []float64
		want   string
	}{
		"of a process that ran": {-1, []float64{100, 110, 8, 18, 28}, []float64{30, 35, math.NaN(), 7, 8}, []float64{-600, -600, 20, 20, 20}, "15/5 - - 11/1"},
		"of a new process":      {29, []float64{8, 18, 28}, []float64{math.NaN(), 7, 8}, []float64{20, 20, 20}, "- - - 11/1"},
	} {
		t.Run(name, func(t *testing.T) {
			var s store
			s.put("rq_total"+stable, every(15, -1, 100, 110, 120, 130, 140)...)
			s.put(code("200", "b"), every(15, c.from, c.ok...)...)
			s.put(code("500", "b"), every(15, c.from, c.bad...)...)
			s.started("b", "canary", 15, c.from, c.starts...)
			expect(t, read(t, s.open(t), errorsQuery(), window(4)), "10/0 10/0 10/0 10/0", c.want)
		})
	}
}

func TestCounter_WhoeverCountsTheErrorsTellsOfTheRequests(t *testing.T) {
	for name, c := range map[string]struct{ failed, want string }{
		"the process itself":      {`instance="b",job="j"`, "- - 12/1"},
		"a program beside it":     {`instance="b:15020",job="mesh"`, "- - 12/1"},
		"nobody knows who it was": {``, "- - 12/1"},
	} {
		t.Run(name, func(t *testing.T) {
			var s store
			s.put("rq_total"+stable, every(15, -1, 100, 110, 120, 130)...)
			s.put("rq_total"+canary, every(15, -1, 100, 110, 120, 132)...)
			s.put(`failed_total{app="ranker",track="canary",`+c.failed+`}`, every(15, -1, 1, math.NaN(), 3, 4)...)
			q := errorsQuery()
			q.Bad, q.BadOf = nil, "failed_total"
			expect(t, read(t, s.open(t), q, window(3)), "10/0 10/0 10/0", c.want)
		})
	}
}

func TestCounter_AReplicaThatHasTheNumberTellsIt(t *testing.T) {
	var s store
	for replica, bad := range map[string]float64{"A": math.NaN(), "B": 4} {
		with := func(code string) string {
			return `rq_total{app="ranker",track="canary",code="` + code + `",instance="b",job="j",replica="` + replica + `"}`
		}
		s.put(with("200"), every(15, -1, 100, 110, 120, 130)...)
		s.put(with("500"), every(15, -1, 3, bad, 5, 6)...)
	}
	bs := read(t, s.open(t, func(c *Config) { c.Replica = "replica" }), errorsQuery(), window(3))
	expect(t, bs, "- - -", "11/1 11/1 11/1")
}

func TestHistogram_AProcessOfWhichOneHistogramIsNoNumberIsLeftOut(t *testing.T) {
	put := func(s *store, route, instance string, infinite ...float64) {
		for _, le := range []string{"0.1", "1", "+Inf"} {
			values := []float64{10, 20, 30, 40}[:len(infinite)]
			if le == "+Inf" {
				values = infinite
			}
			s.put(`lat_bucket{app="ranker",track="canary",route="`+route+`",instance="`+instance+`",le="`+le+`"}`, every(15, -1, values...)...)
		}
	}
	for name, c := range map[string]struct {
		whole []float64
		n     int
		want  string
	}{
		"for a scrape":         {[]float64{10, math.NaN(), 30, 40}, 3, "[10 0 0] [10 0 0] [30 0 0]"},
		"for all that is read": {[]float64{math.NaN(), math.NaN(), math.NaN()}, 2, "[10 0 0] [10 0 0]"},
	} {
		t.Run(name, func(t *testing.T) {
			var s store
			put(&s, "/feed", "b", 10, 20, 30, 40)
			put(&s, "/rank", "b", c.whole...)
			put(&s, "/feed", "c", 10, 20, 30, 40)
			expect(t, read(t, s.open(t), slowQuery(), window(c.n)), "-"+map[int]string{2: " -", 3: " - -"}[c.n], c.want)
		})
	}
}

func TestHistogram_ANativeOneThatIsNoNumberIsNotAnArmWithoutRequests(t *testing.T) {
	s := store{native: native("canary", `{"count":"NaN","sum":"0"}`, `{"count":"NaN","sum":"2"}`)}
	s.bucket("stable", "a", -1, les, []float64{10, 20, 30, 31}, []float64{15, 27, 38, 40})
	s.started("canary", "canary", 15, -1, -60, -60)
	bs := read(t, s.open(t), slowQuery(), window(1))
	expect(t, bs, "[5 2 1 1]", "-")
	if noted(bs.Notes, "counted as no request") || !noted(bs.Notes, "candidate: 2 samples dropped: NaN") {
		t.Errorf("notes = %v", bs.Notes)
	}
}
