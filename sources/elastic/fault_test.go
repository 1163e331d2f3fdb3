package elastic_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/road"
)

// recorded is an answer of a real Elasticsearch 8.19.21.
func recorded(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../testdata/elastic/answers/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// secret counts how often it was asked afresh.
type secret struct {
	value, renewed string
	fresh          atomic.Int32
}

func (s *secret) Get(_ context.Context, fresh bool) (string, error) {
	if fresh {
		s.fresh.Add(1)
		return s.renewed, nil
	}
	if s.fresh.Load() > 0 {
		return s.renewed, nil
	}
	return s.value, nil
}

func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// faults are the ways in which a cluster, or what stands before it, fails its readers.
func faults(t *testing.T) []struct {
	name   string
	answer http.HandlerFunc
	kind   error
	says   string
} {
	security := `{"error":{"root_cause":[{"type":"security_exception","reason":"action [indices:data/read/search] is unauthorized for API key id [k1]"}],"type":"security_exception","reason":"action [indices:data/read/search] is unauthorized for API key id [k1]"},"status":403}`
	breaker := `{"error":{"root_cause":[{"type":"circuit_breaking_exception","reason":"[parent] Data too large"}],"type":"circuit_breaking_exception","reason":"[parent] Data too large","bytes_wanted":123,"durability":"PERMANENT"},"status":429}`
	return []struct {
		name   string
		answer http.HandlerFunc
		kind   error
		says   string
	}{
		{"credentials refused", answer(401, strings.Replace(security, "403", "401", 1)), sources.ErrDenied, "401"},
		{"no right to the index", answer(403, security), sources.ErrDenied, "privilege read"},
		{"an index that is not there", answer(404, recorded(t, "index_not_found.404")), sources.ErrNoData, "no such index [logs-none]"},
		{"a pattern that matches nothing", answer(200, recorded(t, "no_index.200")), sources.ErrNoData, `no index matches`},
		{"a closed index", answer(400, recorded(t, "index_closed.400")), sources.ErrNoData, "closed"},
		{"too many searches", answer(429, `{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution"},"status":429}`, "Retry-After", "7"), sources.ErrThrottled, "rejected execution (the cluster is busy"},
		{"a tripped circuit breaker", answer(429, breaker), sources.ErrThrottled, "Data too large (the cluster is busy"},
		{"no master", answer(503, `{"error":{"type":"master_not_discovered_exception","reason":null},"status":503}`), sources.ErrUnreachable, "master_not_discovered"},
		{"all shards gone", answer(503, recorded(t, "pit_missing.503")), sources.ErrUnreachable, "no_shard_available"},
		{"a proxy's 502", answer(502, `<html>bad gateway</html>`, "Content-Type", "text/html"), sources.ErrUnreachable, "502 (see whether it, or what stands before it,"},
		{"a query that cannot be read", answer(400, recorded(t, "query_string.400")), sources.ErrInvalid, "Cannot parse"},
		{"too many clauses", answer(400, recorded(t, "too_many_clauses.400")), sources.ErrInvalid, "ask for fewer"},
		{"too many clauses in a query string", answer(400, recorded(t, "nested_clauses.400")), sources.ErrInvalid, "ask for fewer"},
		{"a search that failed on all shards", answer(400, recorded(t, "all_failed.400")), sources.ErrInvalid, `For input string`},
		{"a time that is a keyword", answer(400, `{"error":{"type":"search_phase_execution_exception","reason":"all shards failed","failed_shards":[{"shard":0,"index":"a","reason":{"type":"illegal_argument_exception","reason":"Field [@timestamp] of type [keyword] is not supported for aggregation [date_range]"}}]},"status":400}`), sources.ErrInvalid, "of type [keyword] is not supported for aggregation [date_range] (see logs.fields"},
		{"times of different types", answer(400, recorded(t, "sort_types.400")), sources.ErrInvalid, "incompatible sort types"},
		{"a login page", answer(200, `<html>sign in</html>`, "Content-Type", "text/html; charset=utf-8"), sources.ErrInvalid, "HTML"},
		{"another program", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"ok":true}`)) }, sources.ErrInvalid, "not Elasticsearch"},
		{"a wrong path", answer(404, `{"message":"no route"}`), sources.ErrInvalid, "before the index name"},
		{"a redirect", answer(301, ``, "Location", "https://user:pw@other.example/es?token=x"), sources.ErrInvalid, "https://other.example/es"},
		{"half an answer", answer(200, `{"took":1,"timed_out":false,"_shards":{"total":1},"hits":{"hits":[{"_index":"a"`), sources.ErrUnreachable, "the answer was cut off on the way (the cluster"},
		{"JSON of something else", answer(200, `[1,2,3]`), sources.ErrInvalid, "not JSON of Elasticsearch"},
		{"no JSON at all", answer(200, `OK`), sources.ErrInvalid, "not JSON of Elasticsearch"},
		{"an answer without aggregations", answer(200, `{"_shards":{"total":1},"hits":{"hits":[]}}`), sources.ErrInvalid, "no aggregations"},
	}
}

func TestSource_SaysWhatIsWrongAndKeepsItsPlace(t *testing.T) {
	q := sources.LogQuery{Window: sources.Window{From: time.Now().Add(-time.Minute), To: time.Now()}, All: true}
	for _, f := range faults(t) {
		t.Run(f.name, func(t *testing.T) {
			srv := httptest.NewServer(f.answer)
			t.Cleanup(srv.Close)
			key := &secret{value: "c2VjcmV0OmtleQ==", renewed: "c2VjcmV0OmtleTI="}
			s, err := elastic.New(elastic.Config{URLs: []string{srv.URL}, APIKey: key, Index: "logs-none", Arm: arms, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			page, err := s.Tail(t.Context(), q, sources.Cursor{})
			counts, cerr := s.Counts(t.Context(), q, time.Second)
			if len(page.Lines)+len(counts.Buckets) > 0 || page.More {
				t.Errorf("lines out of nothing: %v %v", page, counts)
			}
			for _, err := range []error{err, cerr} {
				if !errors.Is(err, f.kind) || !strings.Contains(err.Error(), f.says) {
					t.Fatalf("%v: want kind %v and %q", err, f.kind, f.says)
				}
				if strings.Contains(err.Error(), "c2Vj") || strings.Contains(err.Error(), "pw@") || strings.Contains(err.Error(), "token=") {
					t.Errorf("a secret stands in %v", err)
				}
			}
			if e, ok := errors.AsType[*sources.Error](err); !ok || f.name == "too many searches" && e.RetryAfter != 7*time.Second {
				t.Errorf("%v: want to be asked again after 7 s", err)
			}
			again, _ := s.Tail(t.Context(), q, page.Next)
			if len(again.Lines) > 0 {
				t.Error("lines out of nothing")
			}
		})
	}
}

func TestSource_ThatIsRefusedSaysSoAndReadsOnWhenTheClusterIsBack(t *testing.T) {
	c := newCluster(t)
	c.write("logs-a", "1", doc(noon, sources.Legacy, "info", "hello"))
	c.refresh()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	away := source(t, c, func(cfg *elastic.Config) { cfg.URLs = []string{gone.URL} })
	q := sources.LogQuery{Window: span, All: true}
	page, err := away.Tail(t.Context(), q, sources.Cursor{})
	_, cerr := away.Counts(t.Context(), q, time.Second)
	_, kerr := away.Check(t.Context())
	for what, err := range map[string]error{"tail": err, "counts": cerr, "check": kerr} {
		if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "refused (nothing listens there: see whether it is up, and url") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if len(page.Lines) > 0 || page.More {
		t.Errorf("lines out of nothing: %v", page)
	}
	if back, err := source(t, c, nil).Tail(t.Context(), q, page.Next); err != nil || len(back.Lines) != 1 {
		t.Errorf("%d lines from where it stood, %v", len(back.Lines), err)
	}
}

func TestSource_AsksForFreshCredentialsOnceAfterARefusal(t *testing.T) {
	c := newCluster(t)
	var refused atomic.Int32
	c.handle = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") == "ApiKey new" {
			return false
		}
		refused.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	key := &secret{value: "old", renewed: "new"}
	s := source(t, c, func(cfg *elastic.Config) { cfg.APIKey = key })
	if h := s.Health(t.Context()); h.Err != nil {
		t.Fatal(h.Err)
	}
	if key.fresh.Load() != 1 || refused.Load() != 1 {
		t.Errorf("asked afresh %d times after %d refusals", key.fresh.Load(), refused.Load())
	}
	key.renewed = "wrong"
	if h := s.Health(t.Context()); !errors.Is(h.Err, sources.ErrDenied) || key.fresh.Load() != 2 {
		t.Errorf("with a wrong key: %v, asked afresh %d times", h.Err, key.fresh.Load())
	}
}

func TestSource_GoesToAnotherNodeWhenOneIsGone(t *testing.T) {
	c := newCluster(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	s := source(t, c, func(cfg *elastic.Config) { cfg.URLs = []string{gone.URL, c.URL} })
	for range 3 {
		if h := s.Health(t.Context()); h.Err != nil {
			t.Fatal(h.Err)
		}
	}
	alone := source(t, c, func(cfg *elastic.Config) { cfg.URLs = []string{gone.URL} })
	if h := alone.Health(t.Context()); !errors.Is(h.Err, sources.ErrUnreachable) {
		t.Errorf("a node that is gone: %v", h.Err)
	}
}

func TestSource_GivesUpAfterItsOwnDeadline(t *testing.T) {
	c := newCluster(t)
	c.handle = func(_ http.ResponseWriter, r *http.Request) bool {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that a client is gone only when it has read what it said
		<-r.Context().Done()
		return true
	}
	s := source(t, c, func(cfg *elastic.Config) { cfg.Timeout = 20 * time.Millisecond })
	_, _ = s.Tail(t.Context(), sources.LogQuery{}, sources.Cursor{})
	c.mu.Lock()
	if len(c.asked) != 1 {
		t.Errorf("a cluster that hangs was asked %d times by one call, want once", len(c.asked))
	}
	c.mu.Unlock()
	_, err := s.Tail(t.Context(), sources.LogQuery{}, sources.Cursor{})
	if !errors.Is(err, sources.ErrUnreachable) || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no answer within 20ms (it hangs or is overloaded") {
		t.Errorf("a hanging cluster: %v", err)
	}
}

func TestSource_AsksNothingBeyondReadingThePattern(t *testing.T) {
	c := newCluster(t)
	c.write("logs-a", "1", doc(time.Now(), sources.Legacy, "info", "hello"))
	c.refresh()
	s := source(t, c, nil)
	q := sources.LogQuery{Window: sources.Window{From: time.Now().Add(-time.Minute), To: time.Now().Add(time.Second)}}
	_, err := s.Tail(t.Context(), q, sources.Cursor{})
	_, cerr := s.Counts(t.Context(), q, time.Second)
	h := s.Health(t.Context())
	if err := errors.Join(err, cerr, h.Err); err != nil {
		t.Fatal(err)
	}
	for _, asked := range c.asked {
		switch asked {
		case "POST /logs-*/_search", "POST /logs-*/_field_caps":
		default:
			t.Errorf("asked %s", asked)
		}
	}
}

func TestConfig_SaysWhatIsWrongWithIt(t *testing.T) {
	good := elastic.Config{URLs: []string{"http://es:9200"}, Index: "logs-*", Arm: arms, Now: time.Now}
	if _, err := elastic.New(good); err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]func(*elastic.Config){
		"want url, urls or cloud_id": func(c *elastic.Config) { c.URLs = nil },
		"http://host:9200":           func(c *elastic.Config) { c.URLs = []string{"es:9200"} },
		"credentials into basic":     func(c *elastic.Config) { c.URLs = []string{"http://u:hidden@es:9200"} },
		"not both":                   func(c *elastic.Config) { c.CloudID = "a:b" },
		"copy it again":              func(c *elastic.Config) { c.URLs, c.CloudID = nil, "a:%%" },
		"one of api_key":             func(c *elastic.Config) { c.APIKey, c.Bearer = &secret{}, &secret{} },
		"username and password":      func(c *elastic.Config) { c.Basic = &road.Basic{} },
		"belong together":            func(c *elastic.Config) { c.TLS.Cert = "x" },
		"a clock":                    func(c *elastic.Config) { c.Now = nil },
		"logs index":                 func(c *elastic.Config) { c.Index = " " },
		"that no index name has":     func(c *elastic.Config) { c.Index = "logs/../_all" },
		"begins with _":              func(c *elastic.Config) { c.Index = "_all" },
		"logs arm":                   func(c *elastic.Config) { c.Arm.Field = "" },
		"for legacy and for":         func(c *elastic.Config) { c.Arm.Value.Candidate = "" },
		"both arms":                  func(c *elastic.Config) { c.Arm.Value.Candidate = "stable" },
		"tls.ca":                     func(c *elastic.Config) { c.TLS.CA = "/nowhere" },
	} {
		c := good
		change(&c)
		_, err := elastic.New(c)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%v: want %q", err, says)
		}
	}
	cloud := good
	cloud.URLs, cloud.CloudID = nil, "prod:ZXUtd2VzdC0xLmF3cy5mb3VuZC5pbyRhYmMxMjMka2li"
	s, err := elastic.New(cloud)
	if err != nil || s.Health(canceled(t)).Target != "https://abc123.eu-west-1.aws.found.io:443" {
		t.Errorf("cloud id: %v", err)
	}
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestSource_TrustsTheConfiguredAuthorityAlone(t *testing.T) {
	c := newCluster(t)
	srv := httptest.NewTLSServer(c)
	t.Cleanup(srv.Close)
	ca := t.TempDir() + "/ca.pem"
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	trusting := source(t, c, func(cfg *elastic.Config) { cfg.URLs, cfg.TLS.CA = []string{srv.URL}, ca })
	if h := trusting.Health(t.Context()); h.Err != nil || len(h.Notes) > 0 {
		t.Errorf("with its authority: %v, %v", h.Err, h.Notes)
	}
	strange := source(t, c, func(cfg *elastic.Config) { cfg.URLs = []string{srv.URL} })
	if h := strange.Health(t.Context()); !errors.Is(h.Err, sources.ErrUnreachable) || !strings.Contains(h.Err.Error(), "see tls.ca") {
		t.Errorf("with an unknown authority: %v", h.Err)
	}
	careless := source(t, c, func(cfg *elastic.Config) { cfg.URLs, cfg.TLS.Insecure = []string{srv.URL}, true })
	if h := careless.Health(t.Context()); h.Err != nil || len(h.Notes) != 1 {
		t.Errorf("unverified: %v, %v", h.Err, h.Notes)
	}
	plain := source(t, c, func(cfg *elastic.Config) { cfg.URLs = []string{strings.Replace(c.URL, "http:", "https:", 1)} })
	if h := plain.Health(t.Context()); !errors.Is(h.Err, sources.ErrUnreachable) {
		t.Errorf("TLS to a server without: %v", h.Err)
	}
}
