package prom

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
)

// odd are values of the label that tells services apart, as cruel as they can be.
func odd() []string {
	return []string{"ranker", "ranker.*", "rank|er", `a"b\c`, "(", "naïve {}", "ranker-001", "^x$", "a,b=c", "\n"}
}

// fleet is several services' worlds on one server.
func fleet(t *rapid.T, apps []string, replicas []string) *store {
	out := &store{}
	for _, app := range apps {
		w := drawWorld(t, replicas)
		for _, s := range w.series {
			s.labels["app"] = app
			out.series = append(out.series, s)
		}
	}
	return out
}

// of is a query as it is asked of another service.
func of(q sources.BlockQuery, app string) sources.BlockQuery {
	q.Target.Select = []sources.Matcher{{Label: "app", Op: "=", Value: app}}
	return q
}

// readAll reads every service's blocks, all at once, each from its own source over its own window.
func readAll(t *rapid.T, apps []string, ws []sources.Window, source func(i int) *Source) [][]sources.BlockSeries {
	out := make([][]sources.BlockSeries, len(apps))
	var wg sync.WaitGroup
	for i, app := range apps {
		wg.Go(func() {
			out[i] = source(i).Blocks(t.Context(), []sources.BlockQuery{of(errorsQuery(), app), of(slowQuery(1), app)}, ws[i])
		})
	}
	wg.Wait()
	return out
}

// told makes answers comparable: an error by what it says.
func told(all []sources.BlockSeries) []sources.BlockSeries {
	out := slices.Clone(all)
	for i, s := range out {
		if s.Err != nil {
			out[i].Err = errors.New(s.Err.Error())
		}
	}
	return out
}

func TestGroup_EachServiceReadsWhatItWouldReadAlone(t *testing.T) {
	for name, replicas := range map[string][]string{"one server": {""}, "two replicas": {"A", "B"}} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { sameAsAlone(t, replicas) })
		})
	}
}

func sameAsAlone(t *rapid.T, replicas []string) {
	apps := rapid.SliceOfNDistinct(rapid.SampledFrom(odd()), 2, 4, rapid.ID).Draw(t, "apps")
	world := fleet(t, apps[:rapid.IntRange(1, len(apps)).Draw(t, "with series")], replicas)
	apps = append(apps, apps[0]) // two services may be the same to the metrics
	c := Config{Lookback: time.Minute, Replica: "replica", Chunk: 5 * time.Minute}
	ws := make([]sources.Window, len(apps))
	for i := range ws { // services look back differently far, and some are late
		from := rapid.IntRange(-200, worldSeconds).Draw(t, "from")
		to := rapid.SampledFrom([]int{worldSeconds, worldSeconds, worldSeconds - 60}).Draw(t, "to")
		ws[i] = sources.Window{From: t0.Add(time.Duration(from) * time.Second), To: t0.Add(time.Duration(max(from, to)) * time.Second)}
	}
	alone := readAll(t, apps, ws, func(int) *Source { return within(world, c) })
	g := NewGroup(within(world, c), "app")
	g.table = g.newTable(time.Millisecond) // they ask at once; not all of them ask the same
	var members []*Source
	for _, app := range apps {
		m, leave := g.Join(of(errorsQuery(), app).Target)
		defer leave()
		members = append(members, m)
	}
	grouped := readAll(t, apps, ws, func(i int) *Source { return members[i] })
	for i := range apps {
		for n := range alone[i] {
			if want, got := told(alone[i])[n], told(grouped[i])[n]; !reflect.DeepEqual(want, got) {
				t.Fatalf("%q\nalone:    %+v %v\ntogether: %+v %v", apps[i], want, plain(want.Blocks), got, plain(got.Blocks))
			}
		}
	}
}

// steady is a world of n services with traffic in both arms.
func steady(n int) (*store, []string) {
	w, apps := &store{}, []string{}
	for i := range n {
		app := fmt.Sprintf("ranker-%03d", i)
		apps = append(apps, app)
		for _, track := range []string{"stable", "canary"} {
			labels := fmt.Sprintf(`app=%q,track=%q,instance="i",job="j"`, app, track)
			w.put(`rq_total{`+labels+`,code="200"}`, every(15, 5, 10, 20, 30, 40)...)
			w.put(`lat_bucket{`+labels+`,le="1"}`, every(15, 5, 10, 20, 30, 40)...)
			w.put(`lat_bucket{`+labels+`,le="+Inf"}`, every(15, 5, 10, 20, 30, 40)...)
		}
	}
	return w, apps
}

// scrape lets services read the newest blocks together and tells how many queries that took.
func scrape(t *testing.T, s *store, open func() *Source, apps []string) (queries int64, got [][]sources.BlockSeries) {
	t.Helper()
	g := NewGroup(open(), "app")
	got = make([][]sources.BlockSeries, len(apps))
	members := make([]*Source, len(apps))
	for i, app := range apps { // who is not known yet is not waited for
		m, leave := g.Join(of(errorsQuery(), app).Target)
		t.Cleanup(leave)
		members[i] = m
	}
	var wg sync.WaitGroup
	for i, app := range apps {
		wg.Go(func() {
			got[i] = members[i].Blocks(t.Context(), []sources.BlockQuery{of(errorsQuery(), app), of(slowQuery(1), app)}, window(4))
		})
	}
	wg.Wait()
	return s.queries.Load(), got
}

// minute opens a source over a store, with what changes its server.
func minute(s *store, change ...func(*Source)) func() *Source {
	return func() *Source {
		src := within(s, Config{Lookback: time.Minute, MaxSeries: 10})
		for _, f := range change {
			f(src)
		}
		return src
	}
}

func TestGroup_TheNumberOfQueriesDoesNotGrowWithServices(t *testing.T) {
	for _, n := range []int{1, 2, 60} {
		synctest.Test(t, func(t *testing.T) { // time passes only while all wait: no machine is too slow for a lull
			s, apps := steady(n)
			queries, got := scrape(t, s, minute(s), apps)
			if queries != 3 { // errors, latency, and when the processes started
				t.Errorf("%d services: %d queries", n, queries)
			}
			for i, bs := range got {
				if got := tell(bs[0], sources.Candidate); got != "- 10/0 10/0 10/0" {
					t.Fatalf("%s: %s", apps[i], got)
				}
			}
		})
	}
}

func TestGroup_AServiceWithoutSeriesHasNoDataAndTheOthersHaveTheirs(t *testing.T) {
	s, apps := steady(3)
	_, got := scrape(t, s, minute(s), append(apps, "forgotten"))
	if err := got[3][0].Err; !errors.Is(err, sources.ErrNoData) || !strings.Contains(err.Error(), `app="forgotten"`) {
		t.Errorf("forgotten: %v", err)
	}
	for i, app := range apps {
		if got[i][0].Err != nil {
			t.Errorf("%s: %v", app, got[i][0].Err)
		}
	}
}

func TestGroup_TooManySeriesOfOneServiceAreRefusedToItAlone(t *testing.T) {
	s, apps := steady(3)
	for i := range 20 {
		s.put(fmt.Sprintf(`rq_total{app=%q,track="stable",instance="i",job="j",code="200",user="%d"}`, apps[1], i), every(15, 5, 1, 2)...)
	}
	_, got := scrape(t, s, minute(s), apps)
	for i, refused := range []bool{false, true, false} {
		if err := got[i][0].Err; errors.Is(err, sources.ErrInvalid) != refused {
			t.Errorf("%s: %v", apps[i], err)
		}
	}
}

func TestGroup_AFailureIsEverybodys(t *testing.T) {
	s, apps := steady(3)
	down := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	_, got := scrape(t, s, minute(s, func(src *Source) { src.way.Next = inProcess{down} }), apps)
	for i, app := range apps {
		if !errors.Is(got[i][0].Err, sources.ErrUnreachable) {
			t.Errorf("%s: %v", app, got[i][0].Err)
		}
	}
}

func TestGroup_AServerThatLimitsAQueryIsAskedForFewerServices(t *testing.T) {
	for name, refuse := range map[string]func(http.ResponseWriter){
		"by samples": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}`)
		},
		"by length": func(w http.ResponseWriter) { w.WriteHeader(http.StatusRequestURITooLong) },
	} {
		t.Run(name, func(t *testing.T) {
			s, apps := steady(8)
			limited := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Count(r.FormValue("query"), "ranker-") > 3 {
					refuse(w)
					return
				}
				s.ServeHTTP(w, r)
			})
			_, got := scrape(t, s, minute(s, func(src *Source) { src.way.Next = inProcess{limited} }), apps)
			for i, app := range apps {
				if got[i][0].Err != nil || len(got[i][0].Blocks) != 4 {
					t.Errorf("%s: %v", app, got[i][0].Err)
				}
			}
		})
	}
}

func TestGroup_WhoHasLeftIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, apps := steady(3)
		g := NewGroup(within(s, Config{Lookback: time.Minute}), "app")
		var members []*Source
		var leaves []func()
		for _, app := range apps {
			m, leave := g.Join(of(errorsQuery(), app).Target)
			members, leaves = append(members, m), append(leaves, leave)
		}
		leaves[1]()
		leaves[1]() // once more does nothing
		leaves[2]()
		began := time.Now()
		if err := members[0].Blocks(t.Context(), []sources.BlockQuery{of(errorsQuery(), apps[0])}, window(4))[0].Err; err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("waited %v for nobody", took)
		}
	})
}

func TestGroupLabel_IsWhatTellsMostServicesApart(t *testing.T) {
	target := func(pairs ...string) sources.Target {
		var out sources.Target
		for i := 0; i < len(pairs); i += 2 {
			out.Select = append(out.Select, sources.Matcher{Label: pairs[i], Op: "=", Value: pairs[i+1]})
		}
		return out
	}
	for name, c := range map[string]struct {
		targets []sources.Target
		want    string
	}{
		"one service":              {[]sources.Target{target("app", "a")}, ""},
		"two that share nothing":   {[]sources.Target{target("app", "a", "ns", "x"), target("app", "b", "ns", "y")}, ""},
		"an app each":              {[]sources.Target{target("app", "a", "ns", "x"), target("app", "b", "ns", "x")}, "app"},
		"a namespace each":         {[]sources.Target{target("app", "a", "ns", "x"), target("app", "a", "ns", "y")}, "ns"},
		"more apps than namespace": {[]sources.Target{target("app", "a", "ns", "x"), target("app", "b", "ns", "x"), target("app", "c", "ns", "x"), target("app", "a", "ns", "y")}, "app"},
		"other labels":             {[]sources.Target{target("app", "a"), target("service", "b")}, ""},
		"an empty value":           {[]sources.Target{target("app", ""), target("app", "b")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := GroupLabel(c.targets); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestQuestion_OddValuesAreSelectedAndNothingElse(t *testing.T) {
	s, _ := steady(0)
	for _, app := range append(odd(), "rankerX", "x", "rank", "er") {
		s.put(fmt.Sprintf(`rq_total{app=%q,track="stable",instance="i",job="j",code="200"}`, app), every(15, 5, 1, 2)...)
	}
	var seen []string
	parts := []part{}
	for _, app := range odd() {
		sel := selection{name: oneOf(nameLabel, []string{"rq_total"}), service: of(errorsQuery(), app).Target.Select}
		parts = append(parts, part{question{selection: sel, span: time.Minute, at: t0.Add(time.Minute)}, app})
	}
	all := together("app", parts)
	src := within(s, Config{})
	if _, err := src.raw(t.Context(), all, func(s *series) error { seen = append(seen, s.Labels["app"]); return nil }); err != nil {
		t.Fatal(err)
	}
	if slices.Sort(seen); !slices.Equal(seen, slices.Sorted(slices.Values(odd()))) {
		t.Errorf("selected %q by %s", seen, all.expr())
	}
}
