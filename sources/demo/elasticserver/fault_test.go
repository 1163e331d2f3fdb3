package elasticserver_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources/demo/elasticserver"
	"rampart/sources/demo/fault"
)

func TestFaults_LookToTheClientAsTheRealOnesDo(t *testing.T) {
	r := serve(t, "healthy", elasticserver.Config{})
	for kind, want := range map[fault.Kind]struct {
		status int
		kind   string
	}{
		fault.Unauthorized: {401, "security_exception"}, fault.Forbidden: {403, "security_exception"},
		fault.TooMany: {429, "es_rejected_execution_exception"}, fault.Down: {503, "cluster_block_exception"},
	} {
		r.server.Fault.Set(kind)
		if got := r.search(want.status, `{}`).at("error", "type").str(); got != want.kind {
			t.Errorf("%d: %s, want %s", want.status, got, want.kind)
		}
	}
	r.server.Fault.Set(fault.Truncated)
	res, err := esapi.SearchRequest{Index: []string{"logs-*"}}.Do(t.Context(), r.client)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(res.Body); len(b) < 10 || strings.HasSuffix(string(b), "}") && strings.Count(string(b), "{") == strings.Count(string(b), "}") {
		t.Errorf("a whole answer: %s", b)
	}
	r.server.Fault.Set(fault.Refuse)
	if _, err := (esapi.SearchRequest{}).Do(t.Context(), r.client); err == nil {
		t.Error("answers while refusing")
	}
}

func TestFaults_APageOfAProxyIsNoElasticsearch(t *testing.T) {
	r := serve(t, "healthy", elasticserver.Config{})
	r.server.Fault.Set(fault.HTML)
	res, err := esapi.SearchRequest{}.Do(t.Context(), r.client)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if product := res.Header.Get("X-Elastic-Product"); product != "" || res.StatusCode != http.StatusOK {
		t.Errorf("status %d of product %q", res.StatusCode, product)
	}
}
