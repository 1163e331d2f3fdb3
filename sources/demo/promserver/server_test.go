package promserver_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"rampart/sources/demo/promserver"
	"rampart/sources/demo/world"
)

func opens() time.Time { return time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC) }

// serve opens a world in a scenario behind a demo Prometheus, its clock standing still, and gives the ordinary client.
func serve(t testing.TB, scenario string) (v1.API, *promserver.Server, *httptest.Server) {
	t.Helper()
	spec := world.Default()
	spec.Opens, spec.Scenario = opens(), scenario
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	s, err := promserver.New(promserver.Config{Dir: t.TempDir(), Interval: spec.ScrapeInterval})
	if err != nil {
		t.Fatal(err)
	}
	live := world.Open(w, opens, 1, s.Hook())
	h := httptest.NewServer(s.Handler(live))
	t.Cleanup(func() { h.Close(); _ = s.Close() })
	c, err := api.NewClient(api.Config{Address: h.URL})
	if err != nil {
		t.Fatal(err)
	}
	return v1.NewAPI(c), s, h
}

func TestServer_AnswersTheOrdinaryClient(t *testing.T) {
	c, _, _ := serve(t, "error-burst")
	v, warn, info, err := c.Query(t.Context(), `sum by (track)(increase(http_request_duration_seconds_count{code=~"5.."}[5m])) / sum by (track)(increase(http_request_duration_seconds_count[5m]))`, opens())
	t.Log(v, warn, info, err)
	vec, ok := v.(model.Vector)
	if err != nil || !ok || len(vec) != 2 {
		t.Fatalf("want two arms, got %v, %v", v, err)
	}
	_, _, info, err = c.Query(t.Context(), `rate(up[5m])`, opens())
	if err != nil || len(info) != 1 {
		t.Fatalf("want an info about a gauge, got %v, %v", info, err)
	}
	a, err := c.Alerts(t.Context())
	t.Log(a, err)
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		serve(b, "error-burst")
	}
}
