package demo_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"rampart/sources/demo"
	"rampart/sources/demo/fault"
	"rampart/sources/demo/world"
)

// start opens a demo whose wall clock the test holds.
func start(t testing.TB, o demo.Options) (*demo.Running, *time.Time) {
	t.Helper()
	if o.WorldFile == "" && o.Scenario == "" {
		o.WorldFile = "testdata/world/quiet.yaml" // most tests need no half hour of history
	}
	wall := time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)
	o.Wall = func() time.Time { return wall }
	r, err := demo.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r, &wall
}

// get asks a demo server and decodes the answer.
func get(t testing.TB, url string) (status int, body map[string]any) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	_ = json.NewDecoder(res.Body).Decode(&body)
	return res.StatusCode, body
}

func say(t testing.TB, network, address, command string) string {
	t.Helper()
	c, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = io.WriteString(c, command+"\n")
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestStart_OpensAllThreeServersOverOneWorld(t *testing.T) {
	r, _ := start(t, demo.Options{Scenario: "error-burst"})
	if status, body := get(t, r.PrometheusURL+"/api/v1/query?query=sum(up)"); status != 200 || !strings.Contains(mustJSON(t, body), `"8"`) {
		t.Errorf("prometheus: %d %v", status, body)
	}
	if status, body := get(t, r.ElasticsearchURL+"/logs-ranker-*/_count"); status != 200 || body["count"].(float64) < 20_000 {
		t.Errorf("elasticsearch: %d %v", status, body)
	}
	for network, address := range map[string]string{"unix": r.HAProxySocket, "tcp": r.HAProxyAddress} {
		if got := say(t, network, address, "get weight be_ranker/canary-1"); got != "33 (initial 0)\n\n" {
			t.Errorf("haproxy over %s: %q", network, got)
		}
	}
	if s, broken := r.Broken(); !broken || s.Name != "error-burst" {
		t.Errorf("broken %v by %q", broken, s.Name)
	}
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestStart_TellsOneStoryEverywhere(t *testing.T) {
	r, _ := start(t, demo.Options{Scenario: "healthy"})
	var lines, errs float64
	r.Do(func(w *world.World) {
		for _, s := range w.Router().Servers() {
			errs += float64(s.Codes[4])
		}
	})
	_, body := get(t, r.ElasticsearchURL+`/logs-ranker-*/_count?q=log.level:error`)
	lines = body["count"].(float64)
	// Every error of the application is a line and a 5xx at the balancer; the last seconds' lines are still on their way.
	if lines < errs*.97-5 || lines > errs {
		t.Errorf("%v error lines, %v errors at the balancer", lines, errs)
	}
}

func TestConfig_PointsAtTheServers(t *testing.T) {
	r, _ := start(t, demo.Options{})
	var c map[string]any
	if err := yaml.Unmarshal(r.Config(), &c); err != nil {
		t.Fatalf("%v\n%s", err, r.Config())
	}
	for _, want := range []string{r.PrometheusURL, r.ElasticsearchURL, "unix://" + r.HAProxySocket, "max: 2%,"} {
		if !strings.Contains(string(r.Config()), want) {
			t.Errorf("%s is missing in\n%s", want, r.Config())
		}
	}
}

func TestToggle_BreaksAndHeals(t *testing.T) {
	r, _ := start(t, demo.Options{})
	if said := r.Toggle(); !strings.HasPrefix(said, "broken, error-burst: ") {
		t.Errorf("first: %q", said)
	}
	if said := r.Toggle(); !strings.HasPrefix(said, "healed") {
		t.Errorf("second: %q", said)
	}
	r.Break()
	if _, broken := r.Broken(); !broken {
		t.Error("Break did nothing")
	}
	r.Heal()
	if _, broken := r.Broken(); broken {
		t.Error("Heal did nothing")
	}
}

func TestScenario_SwitchesPrometheusOffAndOn(t *testing.T) {
	r, wall := start(t, demo.Options{WorldFile: "testdata/world/quiet.yaml", Scenario: "prometheus-down"})
	if status, _ := get(t, r.PrometheusURL+"/-/ready"); status != 200 {
		t.Fatalf("down at the opening: %d", status)
	}
	*wall = wall.Add(30 * time.Second)
	r.Do(func(*world.World) {})
	if res, err := http.Get(r.PrometheusURL + "/-/ready"); err == nil {
		_ = res.Body.Close()
		t.Fatalf("answers %d while it should be down", res.StatusCode)
	}
	r.Heal()
	*wall = wall.Add(2 * time.Second)
	r.Do(func(*world.World) {})
	if status, _ := get(t, r.PrometheusURL+"/-/ready"); status != 200 {
		t.Fatalf("healed: %d", status)
	}
}

func TestFaults_AreOneSwitchPerServer(t *testing.T) {
	r, _ := start(t, demo.Options{})
	prom, elastic := r.Faults()
	prom.Set(fault.Down)
	elastic.Set(fault.TooMany)
	if status, _ := get(t, r.PrometheusURL+"/-/ready"); status != 503 {
		t.Errorf("prometheus: %d", status)
	}
	if status, body := get(t, r.ElasticsearchURL+"/"); status != 429 || !strings.Contains(mustJSON(t, body), "es_rejected_execution_exception") {
		t.Errorf("elasticsearch: %d %v", status, body)
	}
}

func TestSpeed_TheWorldRunsAheadAndAllServersWithIt(t *testing.T) {
	r, wall := start(t, demo.Options{Speed: 60})
	began := r.Now()
	*wall = wall.Add(2 * time.Second)
	if got := r.Now().Sub(began); got != 2*time.Minute {
		t.Fatalf("%v passed", got)
	}
	_, body := get(t, r.PrometheusURL+"/api/v1/query?query=time()")
	if got := body["data"].(map[string]any)["result"].([]any)[0].(float64); int64(got) != r.Now().Unix() {
		t.Errorf("prometheus is at %v, the world at %v", int64(got), r.Now().Unix())
	}
	res, err := http.Post(r.ElasticsearchURL+"/_search", "application/json",
		strings.NewReader(`{"size":0,"aggs":{"clock":{"date_range":{"field":"@timestamp","ranges":[{"from":"now"}]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if b, _ := io.ReadAll(res.Body); !strings.Contains(string(b), r.Now().Format(`"from_as_string":"2006-01-02T15:04:05.000Z"`)) {
		t.Errorf("elasticsearch is at %s, the world at %v", b, r.Now())
	}
}

func TestStart_FromAWorldFile(t *testing.T) {
	r, wall := start(t, demo.Options{WorldFile: "testdata/world/quiet.yaml"})
	if !strings.Contains(string(r.Config()), "step: 5s") {
		t.Errorf("the config does not tell the scrape interval:\n%s", r.Config())
	}
	*wall = wall.Add(10 * time.Second)
	if got := say(t, "unix", r.HAProxySocket, "get weight be_ranker/canary-1"); got != "100 (initial 0)\n\n" {
		t.Errorf("weight %q", got)
	}
}

func TestStart_RefusesWhatMakesNoWorld(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("rate: 10\npodz: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for _, c := range []struct {
		o    demo.Options
		want string
	}{
		{demo.Options{Scenario: "fire"}, `no scenario "fire"`},
		{demo.Options{WorldFile: bad}, "bad.yaml:2:"},
		{demo.Options{WorldFile: "nowhere.yaml"}, "read world file"},
		{demo.Options{Speed: -1}, "demo speed -1"},
		{demo.Options{Listen: "127.0.0.1", WorldFile: "testdata/world/quiet.yaml"}, "listen 127.0.0.1"},
		{demo.Options{Listen: taken.Addr().String(), WorldFile: "testdata/world/quiet.yaml"}, "address already in use"},
	} {
		if _, err := demo.Start(t.Context(), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q in it", c.o, err, c.want)
		}
	}
}

func TestClose_LeavesNothingBehind(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, err := demo.Start(ctx, demo.Options{WorldFile: "testdata/world/quiet.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := r.Close(); err != nil { // waits for the close that the context began
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(r.HAProxySocket)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("folder is still there: %v", err)
	}
	for _, address := range []string{strings.TrimPrefix(r.PrometheusURL, "http://"), strings.TrimPrefix(r.ElasticsearchURL, "http://"), r.HAProxyAddress} {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			t.Errorf("%s still answers", address)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		r, err := demo.Start(b.Context(), demo.Options{Scenario: "error-burst"})
		if err != nil {
			b.Fatal(err)
		}
		_ = r.Close()
	}
}
