package elasticserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources/demo/elasticserver"
	"rampart/sources/demo/world"
)

func opens() time.Time { return time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC) }

// rig is a demo Elasticsearch over a world whose clock the test holds.
type rig struct {
	t      testing.TB
	server *elasticserver.Server
	http   *httptest.Server
	live   *world.Live
	now    time.Time
	client *elastictransport.Client
}

func serve(t testing.TB, scenario string, c elasticserver.Config) *rig {
	t.Helper()
	spec := world.Default()
	spec.Opens, spec.Scenario, spec.Rate, spec.History = opens(), scenario, 30, 6*time.Minute
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, server: elasticserver.New(c), now: opens()}
	r.live = world.Open(w, func() time.Time { return r.now }, 1, r.server.Hook())
	r.http = httptest.NewServer(r.server.Handler(r.live))
	t.Cleanup(r.http.Close)
	r.client = ask(t, r.http.URL, c.APIKey)
	return r
}

// ask is the transport of Elastic's clients, towards one address.
func ask(t testing.TB, address, key string) *elastictransport.Client {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := elastictransport.NewClient(elastictransport.WithURLs(u), elastictransport.WithAPIKey(key), elastictransport.WithDisableRetry())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tree is a decoded answer; at walks it by keys and indexes.
type tree struct{ v any }

func (t tree) at(path ...any) tree {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := t.v.(map[string]any)
			t = tree{m[p]}
		case int:
			l, _ := t.v.([]any)
			if p >= len(l) {
				return tree{}
			}
			t = tree{l[p]}
		}
	}
	return t
}

func (t tree) num() float64 { f, _ := t.v.(float64); return f }
func (t tree) str() string  { return fmt.Sprint(t.v) }
func (t tree) len() int     { l, _ := t.v.([]any); return len(l) }

// do sends a request of the ordinary client and decodes the answer, which has to say what product it is of.
func (r *rig) do(want int, req esapi.Request) tree {
	r.t.Helper()
	res, err := req.Do(r.t.Context(), r.client)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if res.StatusCode != want {
		r.t.Fatalf("status %d, want %d: %s", res.StatusCode, want, b)
	}
	if product := res.Header.Get("X-Elastic-Product"); product != "Elasticsearch" {
		r.t.Fatalf("product %q: no client of Elastic would go on", product)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		r.t.Fatalf("%v: %s", err, b)
	}
	return tree{v}
}

// search runs a body against the demo's lines.
func (r *rig) search(want int, body string) tree {
	r.t.Helper()
	return r.do(want, esapi.SearchRequest{Index: []string{"logs-ranker-*"}, Body: strings.NewReader(body)})
}

func TestServer_CountsErrorsByArmForTheOrdinaryClient(t *testing.T) {
	r := serve(t, "error-burst", elasticserver.Config{})
	got := r.search(200, `{"size":0,"track_total_hits":true,"query":{"bool":{"filter":[{"range":{"@timestamp":{"gte":"now-5m"}}},{"term":{"log.level":"error"}}]}},
		"aggs":{"arm":{"terms":{"field":"labels.track"},"aggs":{"type":{"terms":{"field":"error.type"}},"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"}}}}}}`)
	arms := map[string]float64{}
	for i := range 2 {
		b := got.at("aggregations", "arm", "buckets", i)
		arms[b.at("key").str()] = b.at("doc_count").num()
		if n := b.at("time", "buckets").len(); n < 5 || n > 6 {
			t.Errorf("%d minutes, want five or six", n)
		}
	}
	if arms["stable"] == 0 || arms["canary"] < arms["stable"]/6 {
		t.Fatalf("errors by arm %v: a tenth of the traffic with four times the rate should write some 40%% of them", arms)
	}
	if total := got.at("hits", "total", "value").num(); total != arms["stable"]+arms["canary"] {
		t.Fatalf("total %v, by arm %v", total, arms)
	}
}

func TestServer_TailsWithoutLossOrRepeats(t *testing.T) {
	r := serve(t, "healthy", elasticserver.Config{})
	seen, after := map[string]bool{}, ""
	page := func() int {
		got := r.search(200, `{"size":500,"query":{"range":{"@timestamp":{"gte":"2026-11-21T14:03:00Z"}}},"sort":[{"@timestamp":"asc"},{"_seq_no":"asc"}]`+after+`}`)
		n := got.at("hits", "hits").len()
		for i := range n {
			h := got.at("hits", "hits", i)
			id := h.at("_id").str()
			if seen[id] {
				t.Fatalf("%s came twice", id)
			}
			seen[id] = true
			b, _ := json.Marshal(h.at("sort").v)
			after = `,"search_after":` + string(b)
		}
		return n
	}
	for page() > 0 {
	}
	total := r.do(200, esapi.CountRequest{Index: []string{elasticserver.Stream}, Body: strings.NewReader(`{"query":{"range":{"@timestamp":{"gte":"2026-11-21T14:03:00Z"}}}}`)})
	if n := int(total.at("count").num()); n != len(seen) || n < 300 {
		t.Fatalf("tailed %d lines of %d", len(seen), n)
	}
	r.now = r.now.Add(10 * time.Second)
	if page() == 0 {
		t.Fatal("nothing new after ten seconds")
	}
}

func TestServer_ShowsALineOnlyAfterItWasIngested(t *testing.T) {
	r := serve(t, "elastic-lag", elasticserver.Config{})
	newest := r.search(200, `{"size":1,"sort":[{"@timestamp":"desc"}],"fields":["event.ingested"]}`).at("hits", "hits", 0)
	at, err := time.Parse(time.RFC3339, newest.at("_source", "@timestamp").str())
	if err != nil || r.now.Sub(at) < 170*time.Second {
		t.Fatalf("newest line is of %v, %v; want it minutes old", at, err)
	}
	got := r.search(200, `{"size":0,"query":{"range":{"event.ingested":{"gt":"now"}}}}`)
	if n := got.at("hits", "total", "value").num(); n != 0 {
		t.Fatalf("%v lines from the future", n)
	}
}

func TestServer_FreezesAPointInTime(t *testing.T) {
	r := serve(t, "healthy", elasticserver.Config{})
	id := r.do(200, esapi.OpenPointInTimeRequest{Index: []string{"logs-ranker-*"}, KeepAlive: "1m"}).at("id").str()
	count := func(want int) float64 {
		got := r.do(want, esapi.SearchRequest{Body: strings.NewReader(`{"size":1,"track_total_hits":true,"pit":{"id":"` + id + `"},"sort":[{"@timestamp":"desc"}]}`)})
		if want == 200 && got.at("hits", "hits", 0, "sort").len() != 2 {
			t.Errorf("sort values %v: want the tie-break of a point in time", got.at("hits", "hits", 0, "sort").v)
		}
		return got.at("hits", "total", "value").num()
	}
	before := count(200)
	r.now = r.now.Add(30 * time.Second)
	if after := count(200); after != before {
		t.Fatalf("%v lines, then %v", before, after)
	}
	r.now = r.now.Add(2 * time.Minute)
	count(404)
}

func TestServer_SpeaksOfTroubleAsElasticsearchDoes(t *testing.T) {
	r := seeded(t)
	const phase = "search_phase_execution_exception"
	for _, c := range []struct{ what, body, kind, root string }{
		{"unknown query", `{"query":{"foo":{}}}`, "parsing_exception", ""},
		{"broken JSON", `{"query":`, "x_content_e_o_f_exception", ""},
		{"unknown key", `{"quary":{}}`, "parsing_exception", ""},
		{"unknown aggregation", `{"aggs":{"a":{"foo":{}}}}`, "parsing_exception", ""},
		{"unknown part of a bool", `{"query":{"bool":{"foo":1}}}`, "x_content_parse_exception", ""},
		{"unknown bound", `{"query":{"range":{"code":{"foo":1}}}}`, "parsing_exception", ""},
		{"negative size", `{"size":-1}`, "illegal_argument_exception", ""},
		{"sort on a missing field", `{"sort":["nope"]}`, phase, "query_shard_exception"},
		{"sort on a text", `{"sort":["message"]}`, phase, "illegal_argument_exception"},
		{"bad date", `{"query":{"range":{"@timestamp":{"gte":"yesterday"}}}}`, phase, "parse_exception"},
		{"bad number", `{"query":{"term":{"code":"abc"}}}`, phase, "query_shard_exception"},
		{"broken query string", `{"query":{"query_string":{"query":"(a OR"}}}`, phase, "query_shard_exception"},
		{"window", `{"from":9999,"size":10}`, phase, "illegal_argument_exception"},
		{"search_after of another length", `{"sort":["@timestamp"],"search_after":[1,2]}`, phase, "illegal_argument_exception"},
		{"no interval", `{"aggs":{"x":{"date_histogram":{"field":"@timestamp"}}}}`, phase, "illegal_argument_exception"},
		{"terms of a text", `{"aggs":{"x":{"terms":{"field":"message"}}}}`, phase, "illegal_argument_exception"},
	} {
		got := r.do(400, esapi.SearchRequest{Index: []string{"app"}, Body: strings.NewReader(c.body)})
		if c.root == "" {
			c.root = c.kind
		}
		if kind, root := got.at("error", "type").str(), got.at("error", "root_cause", 0, "type").str(); kind != c.kind || root != c.root {
			t.Errorf("%s: %s from %s, want %s from %s", c.what, kind, root, c.kind, c.root)
		}
	}
	got := r.do(404, esapi.SearchRequest{Index: []string{"nope"}})
	if got.at("error", "root_cause", 0, "index").str() != "nope" || got.at("error", "type").str() != "index_not_found_exception" {
		t.Errorf("missing index: %v", got.v)
	}
	r.do(200, esapi.SearchRequest{Index: []string{"nope-*"}})
	if *realURL != "" {
		return
	}
	r.server.Partial.Store(true)
	if got := r.search(200, `{}`); got.at("_shards", "failed").num() != 1 || got.at("_shards", "failures").len() != 1 {
		t.Errorf("partial: %v", got.at("_shards").v)
	}
}

func TestServer_AsksForItsKeyAndKeepsToItsRights(t *testing.T) {
	r := serve(t, "healthy", elasticserver.Config{APIKey: "c2VjcmV0", ReadOnly: true})
	r.search(200, `{"size":1}`)
	if got := r.do(403, esapi.InfoRequest{}); got.at("error", "type").str() != "security_exception" {
		t.Errorf("info: %v", got.v)
	}
	r.do(403, esapi.BulkRequest{Index: "logs-ranker-prod", Body: strings.NewReader("{\"create\":{}}\n{}\n")})
	for _, key := range []string{"", "ApiKey bm90IGl0"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, r.http.URL+"/logs-ranker-prod/_search", nil)
		req.Header.Set("Authorization", key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized || res.Header.Get("X-Elastic-Product") != "Elasticsearch" {
			t.Errorf("key %q: status %d, %v", key, res.StatusCode, res.Header)
		}
	}
}

func BenchmarkSearch_TailOfErrors(b *testing.B) {
	r := serve(b, "error-burst", elasticserver.Config{})
	for b.Loop() {
		r.search(200, `{"size":100,"query":{"bool":{"filter":[{"range":{"@timestamp":{"gte":"now-5m"}}},{"term":{"log.level":"error"}}]}},"sort":[{"@timestamp":"desc"}]}`)
	}
}

func BenchmarkSearch_MessageOverAll(b *testing.B) {
	r := serve(b, "error-burst", elasticserver.Config{})
	for b.Loop() {
		r.search(200, `{"size":10,"query":{"match_phrase":{"message":"feature store timeout"}},"aggs":{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"30s"},"aggs":{"arm":{"terms":{"field":"labels.track"}}}}}}`)
	}
}
