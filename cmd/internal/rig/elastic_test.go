//go:build integration

package rig

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestElasticsearch_HoldsEveryLineOfEveryRequestThroughARestart(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	e, logs := node(t, dir)
	stable, canary := arms(t, logs)
	h := balancer(t, dir, stable, canary)
	broken := Healthy()
	broken.Errors = 0.2
	canary.Behave(broken)
	load := StartLoad(h.Front, 200, 30*time.Second)
	t.Cleanup(load.Stop)

	eventually(t, 20*time.Second, func() error { return enough(logs.Shipped(), 300) })
	e.Stop()
	must(t, e.Start())
	mark := logs.Shipped()
	eventually(t, 20*time.Second, func() error { return enough(logs.Shipped(), mark+300) })
	load.Stop()
	eventually(t, 10*time.Second, func() error {
		n, err := logs.Waiting()
		if n > 0 {
			return fmt.Errorf("%d lines wait: %w", n, err)
		}
		return nil
	})

	for query, arm := range map[string]*Arm{"labels.track:stable": stable, "labels.track:canary": canary} {
		requests, failed := arm.Served()
		for q, want := range map[string]int{query: requests, query + " AND log.level:error AND message:embedding": failed} {
			eventually(t, 10*time.Second, func() error { return counted(e, q, want) })
		}
	}
}

// counted tells whether Elasticsearch has made every line searchable.
func counted(e *Elasticsearch, query string, want int) error {
	got, err := e.Count(Pattern, query)
	if err == nil && got != want {
		err = fmt.Errorf("%s: %d lines for %d requests", query, got, want)
	}
	return err
}

func enough(n, want int) error {
	if n < want {
		return fmt.Errorf("%d of %d lines", n, want)
	}
	return nil
}

func TestGate_LetsAReadOnlyKeyReadAndFailsInEveryWayItIsTold(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	e, _ := node(t, dir)
	_, err := e.Do(http.MethodPost, "/"+Stream+"/_bulk?refresh=true", `{"create":{"_id":"a"}}`+"\n"+`{"@timestamp":"2026-01-01T00:00:00Z","message":"hello"}`+"\n")
	must(t, err)
	g, err := StartGate(dir, e)
	must(t, err)
	t.Cleanup(g.Stop)
	client := trusting(t, g)

	asks := []struct {
		name, path, key string
		mood            Mood
		status          int
		says            string
	}{
		{"a search of the pattern", "/logs-ranker-*/_search", g.Key, Open, 200, "hello"},
		{"an index that is not there", "/logs-ranker-none/_search", g.Key, Open, 404, "index_not_found_exception"},
		{"another index", "/secrets/_search", g.Key, Open, 403, "security_exception"},
		{"the cluster's health", "/_cluster/health", g.Key, Open, 403, "security_exception"},
		{"the root", "/", g.Key, Open, 403, "security_exception"},
		{"a write", "/logs-ranker-prod/_bulk", g.Key, Open, 403, "security_exception"},
		{"another key", "/logs-ranker-*/_search", "bm9wZQ==", Open, 401, "security_exception"},
		{"a key taken back", "/logs-ranker-*/_search", g.Key, Revoked, 401, "security_exception"},
		{"a role that lost the index", "/logs-ranker-*/_search", g.Key, Forbidden, 403, "security_exception"},
		{"too many searches", "/logs-ranker-*/_search", g.Key, Throttling, 429, "es_rejected_execution_exception"},
		{"a connection cut in the answer", "/logs-ranker-*/_search", g.Key, Cut, 0, ""},
		{"an answer that never comes", "/logs-ranker-*/_search", g.Key, Hanging, 0, ""},
	}
	for _, ask := range asks {
		g.Set(ask.mood)
		status, body := get(t, client, g.URL+ask.path, ask.key)
		if status != ask.status || !strings.Contains(body, ask.says) {
			t.Errorf("%s: status %d, want %d: %s", ask.name, status, ask.status, body)
		}
	}
	if refused := g.Refused(); len(refused) != 4 {
		t.Errorf("asked beyond the key's rights: %v", refused)
	}
}

// get returns status 0 when the whole answer did not come.
func get(t *testing.T, client *http.Client, url, key string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	must(t, err)
	req.Header.Set("Authorization", "ApiKey "+key)
	resp, err := client.Do(req)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, ""
	}
	return resp.StatusCode, string(body)
}
