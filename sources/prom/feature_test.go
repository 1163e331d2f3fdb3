package prom

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// script answers a query by the first of its beginnings.
type script []struct{ begins, result string }

func (s script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.FormValue("query")
	kind := "vector"
	if strings.Contains(r.URL.Path, "query_range") {
		kind = "matrix"
	}
	w.Header().Set("Content-Type", "application/json")
	for _, line := range s {
		if strings.HasPrefix(query, line.begins) {
			fmt.Fprintf(w, `{"status":"success","data":{"resultType":%q,"result":[%s]}}`, kind, line.result)
			return
		}
	}
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":%q,"result":[]}}`, kind)
}

// one is a series of an instant vector, written as name{label="value",...}.
func one(selector, value string) string {
	name, rest, _ := strings.Cut(selector, "{")
	labels := []string{fmt.Sprintf(`"__name__":%q,"app":"ranker","job":"j"`, name)}
	for _, m := range matcher.FindAllStringSubmatch(rest, -1) {
		labels = append(labels, fmt.Sprintf(`%q:%s`, m[1], m[3]))
	}
	if !strings.HasPrefix(value, "{") {
		return fmt.Sprintf(`{"metric":{%s},"value":[%d,%q]}`, strings.Join(labels, ","), t0.Unix(), value)
	}
	return fmt.Sprintf(`{"metric":{%s},"histogram":[%d,%s]}`, strings.Join(labels, ","), t0.Unix(), value)
}

// hist is a classic histogram of two edges and its sum.
func hist(track, instance string, one1, two, all, sum string) string {
	l := fmt.Sprintf(`track=%q,instance=%q`, track, instance)
	return strings.Join([]string{
		one(`feature_age_bucket{`+l+`,le="1"}`, one1), one(`feature_age_bucket{`+l+`,le="2"}`, two),
		one(`feature_age_bucket{`+l+`,le="+Inf"}`, all), one(`feature_age_sum{`+l+`}`, sum),
	}, ",")
}

const (
	lastOf   = `last_over_time({__name__=~"(?:feature_.+)_(?:bucket|sum)",app="ranker",track=~"stable|canary"}`
	nativeOf = `last_over_time({__name__=~"(?:feature_.+)",app="ranker",track=~"stable|canary"}`
)

func drifted(t *testing.T, s script) []sources.Distribution {
	t.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	q := sources.DistributionQuery{Measure: "features", Target: byTrack(), Names: "feature_.+"}
	ds, err := openURL(t, server.URL).Distributions(t.Context(), q, sources.Window{From: t0, To: t0.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func TestDistribution_IsWhatGrewWithinTheWindow(t *testing.T) {
	ds := drifted(t, script{
		{lastOf + "[3600s]", strings.Join([]string{
			hist("stable", "a", "10", "20", "30", "45"), // grew
			hist("stable", "b", "2", "3", "4", "5"),     // restarted: smaller than before
			hist("stable", "c", "9", "9", "9", "9"),     // new, nothing tells since when
			hist("canary", "d", "5", "6", "7", "8"),     // started in the window
			hist("canary", "e", "1", "1", "1", "1"),     // as before
		}, ",")},
		{lastOf + "[300s]", strings.Join([]string{hist("stable", "a", "4", "10", "18", "25"), hist("stable", "b", "100", "200", "300", "400"), hist("canary", "e", "1", "1", "1", "1")}, ",")},
		{"process_start_time_seconds", fmt.Sprintf(`{"metric":{"job":"j","instance":"d","track":"canary"},"values":[[%d,"%d"]]}`, t0.Unix()+600, t0.Unix()+300)},
		{"max(timestamp(feature_age_", one("x", fmt.Sprint(t0.Unix()+3590))},
	})
	if len(ds) != 1 || ds[0].Name != "feature_age" {
		t.Fatalf("%+v", ds)
	}
	d := ds[0]
	if l := d.Histogram.Legacy; !slices.Equal(l.Counts, []int64{8, 5, 3}) || l.Sum != 25 || !slices.Equal(l.Edges, []float64{1, 2}) {
		t.Errorf("legacy = %+v", l)
	}
	if c := d.Histogram.Candidate; !slices.Equal(c.Counts, []int64{5, 1, 1}) || c.Sum != 8 {
		t.Errorf("candidate = %+v", c)
	}
	if !d.Newest.Equal(t0.Add(3590*time.Second)) || !noted(d.Notes, "1 processes started again") || !noted(d.Notes, "1 first values only counted from") {
		t.Errorf("newest %v, notes %v", d.Newest, d.Notes)
	}
}

// born is the start of a process, in seconds after the window's begin, as one scrape told it.
func born(track, instance string, scraped, started int) string {
	return fmt.Sprintf(`{"metric":{"job":"j","instance":%q,"track":%q},"values":[[%d,"%d"]]}`, instance, track, t0.Unix()+int64(scraped), t0.Unix()+int64(started))
}

func TestDistribution_OfAYoungRolloutCountsFromTheStartOfItsProcesses(t *testing.T) {
	ds := drifted(t, script{
		{lastOf + "[3600s]", strings.Join([]string{
			hist("stable", "a", "10", "20", "30", "45"), // started just before the first scrape, which began the rollout
			hist("stable", "b", "1", "1", "1", "1"),     // started long ago: scraped for the first time, counted from only
			hist("canary", "c", "5", "6", "7", "8"),     // started within the window
		}, ",")},
		{"process_start_time_seconds", strings.Join([]string{born("stable", "a", 2, -3), born("stable", "b", 2, -301), born("canary", "c", 20, 15)}, ",")},
	})
	if len(ds) != 1 || ds[0].Histogram.Legacy == nil || ds[0].Histogram.Candidate == nil {
		t.Fatalf("%+v", ds)
	}
	if l, c := ds[0].Histogram.Legacy, ds[0].Histogram.Candidate; l.N() != 30 || l.Sum != 45 || c.N() != 7 || c.Sum != 8 {
		t.Errorf("legacy %+v, candidate %+v, want 30 and 7 values", l, c)
	}
	if !noted(ds[0].Notes, "1 first values only counted from") {
		t.Errorf("notes %v", ds[0].Notes)
	}
}

func TestDistribution_AfterARestartCountsAlsoWhatHasCaughtUp(t *testing.T) {
	other := func(all string) string {
		return strings.ReplaceAll(hist("canary", "d", "3", "4", all, "6"), "feature_age", "feature_new")
	}
	before := hist("canary", "d", "50", "60", "70", "80") + "," + other("5")
	after := hist("canary", "d", "5", "6", "7", "8") + "," + other("6")
	for name, c := range map[string]struct {
		start int
		want  int64
	}{"restarted": {600, 6}, "one histogram was cleared": {-9000, 1}} {
		ds := drifted(t, script{{lastOf + "[3600s]", after}, {lastOf + "[300s]", before}, {"process_start_time_seconds", born("canary", "d", 700, c.start)}})
		if len(ds) != 2 || ds[0].Histogram.Candidate.N() != 7 || ds[1].Histogram.Candidate.N() != c.want {
			t.Errorf("%s: %+v", name, ds)
		}
	}
}

func TestDistribution_NativeHistogramsAreCutWhereNoBucketIs(t *testing.T) {
	native := func(track, count, buckets string) string {
		return one(`feature_age{track="`+track+`",instance="`+track+`"}`, `{"count":"`+count+`","sum":"4","buckets":[`+buckets+`]}`)
	}
	ds := drifted(t, script{
		{nativeOf + "[3600s]", native("stable", "10", `[0,"1","2","6"],[0,"2","4","4"]`) + "," + native("canary", "5", `[0,"1","4","5"]`)},
		{nativeOf + "[300s]", native("stable", "4", `[0,"1","2","4"]`) + "," + native("canary", "0", ``)},
		{"max(timestamp(feature_age{", one("x", fmt.Sprint(t0.Unix()+3590))},
	})
	if len(ds) != 1 || !slices.Equal(ds[0].Histogram.Legacy.Edges, []float64{1, 4}) {
		t.Fatalf("%+v", ds)
	}
	if l, c := ds[0].Histogram.Legacy.Counts, ds[0].Histogram.Candidate.Counts; !slices.Equal(l, []int64{0, 6, 0}) || !slices.Equal(c, []int64{0, 5, 0}) {
		t.Errorf("counts %v, %v", l, c)
	}
}

func TestDistribution_GaugesAreTakenAsTheyStand(t *testing.T) {
	var s store
	s.put(`feature_age_mean{app="ranker",track="stable",instance="a"}`, sample{10, 1.5}, sample{25, 2.5})
	s.put(`feature_age_mean{app="ranker",track="canary",instance="b"}`, sample{20, 3})
	s.put(`feature_age_mean{app="ranker",track="canary",instance="c"}`, sample{20, 4}, sample{30, math.NaN()})
	q := sources.DistributionQuery{Measure: "levels", Target: byTrack(), Names: "feature_.+_mean", Gauges: true}
	ds, err := s.open(t).Distributions(t.Context(), q, window(2))
	if err != nil || len(ds) != 1 {
		t.Fatalf("%+v, %v", ds, err)
	}
	d := ds[0]
	if !slices.Equal(d.Values.Legacy, []float64{2.5}) || !slices.Equal(d.Values.Candidate, []float64{3}) || !noted(d.Notes, "1 values dropped") {
		t.Errorf("%+v", d)
	}
	if !d.Newest.Equal(t0.Add(30 * time.Second)) {
		t.Errorf("newest %v", d.Newest)
	}
	q.Names = "none"
	if _, err := s.open(t).Distributions(t.Context(), q, window(2)); !errors.Is(err, sources.ErrNoData) {
		t.Errorf("nothing matched gave %v", err)
	}
	q.Names = "("
	if _, err := s.open(t).Distributions(t.Context(), q, window(2)); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("no regexp gave %v", err)
	}
}

func TestIdentity_TellsVersionsAndSinceWhen(t *testing.T) {
	stream := func(track, version string, at ...int) string {
		var values []string
		for _, a := range at {
			values = append(values, fmt.Sprintf(`[%d,"1"]`, t0.Unix()+int64(a)))
		}
		return fmt.Sprintf(`{"metric":{"track":%q,"version":%q},"values":[%s]}`, track, version, strings.Join(values, ","))
	}
	server := httptest.NewServer(script{
		{"group by (track, version) (build_info", strings.Join([]string{stream("stable", "41", 0, 15, 30), stream("canary", "42", 15), stream("canary", "43", 30), stream("other", "1", 0)}, ",")},
		{"min by (track, version) (build_info", fmt.Sprintf(`{"metric":{"track":"canary","version":"43"},"value":[%d,"%d"]}`, t0.Unix(), t0.Unix()+20)},
	})
	defer server.Close()
	q := sources.IdentityQuery{Target: byTrack(), Metric: "build_info", Label: "version", Step: 15 * time.Second}
	ids, err := openURL(t, server.URL).Identities(t.Context(), q, window(2))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range ids {
		got = append(got, fmt.Sprintf("%s %s %d-%d", id.Arm, id.Version, id.From.Unix()-t0.Unix(), id.To.Unix()-t0.Unix()))
	}
	if want := []string{"legacy 41 0-30", "candidate 42 15-15", "candidate 43 30-30"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if !ids[2].Started.Equal(t0.Add(20*time.Second)) || !ids[0].Started.IsZero() {
		t.Errorf("started %v, %v", ids[2].Started, ids[0].Started)
	}
}

func TestThreshold_WhatIsNoNumberIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		result string
		kind   error
		says   string
	}{
		"nothing":   {"", sources.ErrNoData, "no series"},
		"two":       {one("a{}", "1") + "," + one("b{}", "2"), sources.ErrInvalid, "2 series"},
		"NaN":       {one("a{}", "NaN"), sources.ErrNoData, "without requests"},
		"histogram": {one("a{}", `{"count":"1","sum":"1"}`), sources.ErrInvalid, "a histogram"},
	} {
		server := httptest.NewServer(script{{"x", c.result}})
		_, err := openURL(t, server.URL).Threshold(t.Context(), "x", t0)
		server.Close()
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
