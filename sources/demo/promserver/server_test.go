package promserver_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"rampart/sources/demo/promserver"
	"rampart/sources/demo/world"
)

func opens() time.Time { return time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC) }

// rig is a demo Prometheus over a world whose clock the test holds, and the ordinary client.
type rig struct {
	v1.API
	server *promserver.Server
	http   *httptest.Server
	live   *world.Live
	now    time.Time
}

func serve(t testing.TB, change func(*world.Spec)) *rig {
	t.Helper()
	spec := world.Default()
	spec.Opens, spec.Rate = opens(), 40
	if change != nil {
		change(&spec)
	}
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{now: opens()}
	if r.server, err = promserver.New(promserver.Config{Dir: t.TempDir(), Interval: spec.ScrapeInterval}); err != nil {
		t.Fatal(err)
	}
	r.live = world.Open(w, func() time.Time { return r.now }, 1, r.server.Hook())
	r.http = httptest.NewServer(r.server.Handler(r.live))
	t.Cleanup(func() { r.http.Close(); _ = r.server.Close() })
	c, err := api.NewClient(api.Config{Address: r.http.URL})
	if err != nil {
		t.Fatal(err)
	}
	r.API = v1.NewAPI(c)
	return r
}

// vector asks at the world's now and gives the values by track.
func (r *rig) vector(t testing.TB, query string) map[string]float64 {
	t.Helper()
	v, _, _, err := r.Query(t.Context(), query, r.now)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	out := map[string]float64{}
	for _, s := range v.(model.Vector) {
		out[string(s.Metric["track"])] = float64(s.Value)
	}
	return out
}

func TestServer_AnswersTheOrdinaryClient(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.Scenario, s.Rate = "error-burst", 120 })
	got := r.vector(t, `sum by (track)(increase(http_request_duration_seconds_count{code=~"5.."}[5m])) / sum by (track)(increase(http_request_duration_seconds_count[5m]))`)
	if got["stable"] == 0 || got["canary"] < 2*got["stable"] {
		t.Errorf("error ratios %v", got)
	}
	if _, _, infos, err := r.Query(t.Context(), `rate(up[5m])`, r.now); err != nil || len(infos) != 1 {
		t.Errorf("want an info about a gauge, got %v, %v", infos, err)
	}
	if _, warnings, _, err := r.Query(t.Context(), `histogram_quantile(0.9, up)`, r.now); err != nil || len(warnings) == 0 {
		t.Errorf("want a warning about buckets, got %v, %v", warnings, err)
	}
	v, _, _, err := r.QueryRange(t.Context(), `count by (track)(up)`, v1.Range{Start: r.now.Add(-10 * time.Minute), End: r.now, Step: time.Minute})
	if m, ok := v.(model.Matrix); err != nil || !ok || len(m) != 2 || len(m[0].Values) != 11 {
		t.Errorf("range: %v, %v", v, err)
	}
	a, err := r.Alerts(t.Context())
	if err != nil || len(a.Alerts) != 1 || a.Alerts[0].Labels["track"] != "canary" || r.now.Sub(a.Alerts[0].ActiveAt) > 7*time.Minute {
		t.Errorf("alerts: %+v, %v", a, err)
	}
	if rules, err := r.Rules(t.Context(), nil); err != nil || len(rules.Groups) != 1 {
		t.Errorf("rules: %+v, %v", rules, err)
	}
}

func TestServer_TellsWhatItHas(t *testing.T) {
	r := serve(t, nil)
	ls, _, _, err := r.Series(t.Context(), []string{`build_info{track="canary"}`}, r.now.Add(-time.Minute), r.now)
	if err != nil || len(ls) != 2 || ls[0]["version"] != "42" {
		t.Errorf("series: %v, %v", ls, err)
	}
	names, _, _, err := r.LabelNames(t.Context(), []string{"model_score_bucket"}, r.now.Add(-time.Hour), r.now)
	if err != nil || !slices.Contains(names, "le") || slices.Contains(names, "route") {
		t.Errorf("label names: %v, %v", names, err)
	}
	values, _, _, err := r.LabelValues(t.Context(), "__name__", []string{`{__name__=~"feature_.+_mean"}`}, r.now.Add(-time.Hour), r.now)
	if err != nil || len(values) != 14 {
		t.Errorf("values: %v, %v", values, err)
	}
	targets, err := r.Targets(t.Context())
	if err != nil || len(targets.Active) != 8 || targets.Active[0].Health != v1.HealthGood || r.now.Sub(targets.Active[0].LastScrape) > 15*time.Second {
		t.Errorf("targets: %+v, %v", targets, err)
	}
	meta, err := r.Metadata(t.Context(), "model_score", "")
	if err != nil || len(meta["model_score"]) != 1 || meta["model_score"][0].Type != v1.MetricTypeHistogram {
		t.Errorf("metadata: %v, %v", meta, err)
	}
	if b, err := r.Buildinfo(t.Context()); err != nil || b.Version == "" {
		t.Errorf("build info: %v, %v", b, err)
	}
	if i, err := r.Runtimeinfo(t.Context()); err != nil || i.StartTime.IsZero() {
		t.Errorf("runtime info: %v, %v", i, err)
	}
	if c, err := r.Config(t.Context()); err != nil || !strings.Contains(c.YAML, "scrape_interval: 15s") {
		t.Errorf("config: %v, %v", c, err)
	}
	if f, err := r.Flags(t.Context()); err != nil || f["query.lookback-delta"] != "5m" {
		t.Errorf("flags: %v, %v", f, err)
	}
	if s, err := r.TSDB(t.Context()); err != nil || s.HeadStats.NumSeries < 1000 {
		t.Errorf("tsdb: %+v, %v", s, err)
	}
	if _, err := r.WalReplay(t.Context()); err != nil {
		t.Errorf("wal replay: %v", err)
	}
	if m, err := r.AlertManagers(t.Context()); err != nil || len(m.Active) != 0 {
		t.Errorf("alertmanagers: %v, %v", m, err)
	}
}

func TestServer_SaysWhatIsWrongWithAQuery(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.History = time.Minute })
	for _, c := range []struct {
		query string
		kind  v1.ErrorType
	}{
		{`sum(`, v1.ErrBadData},
		{`up * on(app) http_request_duration_seconds_count`, v1.ErrExec},
	} {
		_, _, _, err := r.Query(t.Context(), c.query, r.now)
		if e, ok := errors.AsType[*v1.Error](err); !ok || e.Type != c.kind {
			t.Errorf("%s: %v, want type %s", c.query, err, c.kind)
		}
	}
	_, _, _, err := r.QueryRange(t.Context(), `up`, v1.Range{Start: r.now.Add(-time.Hour), End: r.now, Step: time.Millisecond})
	if e, ok := errors.AsType[*v1.Error](err); !ok || e.Type != v1.ErrBadData || !strings.Contains(e.Msg, "11,000 points") {
		t.Errorf("too many points: %v", err)
	}
	v, warnings, _, err := r.Query(t.Context(), `up`, r.now, v1.WithLimit(3))
	if err != nil || len(v.(model.Vector)) != 3 || !slices.Contains(warnings, "results truncated due to limit") {
		t.Errorf("limit: %v, %v, %v", v, warnings, err)
	}
}

func TestServer_DatesItsAnswersByTheWorld(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.History = time.Minute })
	r.now = r.now.Add(time.Hour)
	res, err := http.Get(r.http.URL + "/-/ready")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := res.Header.Get("Date"); got != "Sat, 21 Nov 2026 15:05:00 GMT" {
		t.Errorf("date %q", got)
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		serve(b, func(s *world.Spec) { s.Rate = 120 })
	}
}
