package elasticserver_test

import (
	"encoding/json"
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources/demo/elasticserver"
)

// small holds five documents, nested and dotted, one without a level, one with a list.
const small = `{"create":{"_id":"a"}}
{"@timestamp":"2026-11-21T14:00:00.000Z","message":"KeyError: embedding \"user:123\" missing","log":{"level":"error"},"labels":{"track":"canary"},"code":500,"took":1.5,"ok":false}
{"create":{"_id":"b"}}
{"@timestamp":"2026-11-21T14:00:10Z","message":"feature store timeout 312 ms","log.level":"error","labels.track":"stable","code":504,"took":0.3,"tags":["store","slow"],"ok":false}
{"create":{"_id":"c"}}
{"@timestamp":1795269620000,"message":"rank served 14 items in 61 ms","log":{"level":"info"},"labels":{"track":"stable"},"code":200,"took":0.061,"ok":true}
{"create":{"_id":"d"}}
{"@timestamp":"2026-11-21T14:01:00Z","message":"Feature Store is back","log":{"level":"info"},"labels":{"track":"stable"},"url":{"path":"/rank"}}
{"index":{"_id":"e","_index":"other"}}
{"@timestamp":"2026-11-21T14:02:00Z","message":"no level here"}
`

var realURL = flag.String("real", "", "base URL of a real Elasticsearch to ask instead of the demo's; its indexes app and other are made anew")

// seeded serves the small documents from the demo's server or, when the flag says so, from a real one: the same tables hold for both.
func seeded(t testing.TB) *rig {
	t.Helper()
	r := serve(t, "healthy", elasticserver.Config{})
	if *realURL != "" {
		r.real(*realURL)
	}
	if got := r.do(200, esapi.BulkRequest{Index: "app", Body: strings.NewReader(small)}); got.at("errors").v != false || got.at("items").len() != 5 {
		t.Fatalf("bulk: %v", got.v)
	}
	r.do(200, esapi.SearchRequest{Index: []string{"app"}}) // not yet refreshed
	r.do(200, esapi.IndicesRefreshRequest{Index: []string{"app", "other"}})
	return r
}

// real turns the client to a real server, with an empty index mapped as the logs template does it.
func (r *rig) real(url string) {
	r.t.Helper()
	r.client = ask(r.t, url, "")
	for _, index := range []string{"app", "other"} {
		if res, err := (esapi.IndicesDeleteRequest{Index: []string{index}}).Do(r.t.Context(), r.client); err == nil {
			_ = res.Body.Close()
		}
		r.do(200, esapi.IndicesCreateRequest{Index: index, Body: strings.NewReader(`{"settings":{"number_of_shards":1},"mappings":{"dynamic_templates":[` +
			`{"texts":{"match_mapping_type":"string","mapping":{"type":"keyword"}}}],"properties":{"message":{"type":"text"},` +
			`"@timestamp":{"type":"date"},"took":{"type":"double"}}}}`)})
	}
}

// ids searches the small documents and gives the _ids in order.
func (r *rig) ids(query string) string {
	r.t.Helper()
	got := r.do(200, esapi.SearchRequest{Index: []string{"app,other"}, Body: strings.NewReader(`{"sort":["@timestamp"],"query":` + query + `}`)})
	out := ""
	for i := range got.at("hits", "hits").len() {
		out += got.at("hits", "hits", i, "_id").str()
	}
	return out
}

func TestQueries_FindWhatTheyShould(t *testing.T) {
	r := seeded(t)
	for _, c := range []struct{ query, want string }{
		{`{"match_all":{}}`, "abcde"},
		{`{"match_none":{}}`, ""},
		{`{"term":{"log.level":"error"}}`, "ab"},
		{`{"term":{"log.level":{"value":"ERROR","case_insensitive":true}}}`, "ab"},
		{`{"term":{"code":500}}`, "a"},
		{`{"term":{"code":"500"}}`, "a"},
		{`{"term":{"ok":true}}`, "c"},
		{`{"term":{"message":"embedding"}}`, "a"},
		{`{"term":{"message":"Feature"}}`, ""},
		{`{"terms":{"labels.track":["canary","nobody"]}}`, "a"},
		{`{"term":{"tags":"slow"}}`, "b"},
		{`{"range":{"@timestamp":{"gte":"2026-11-21T14:00:10Z","lt":"2026-11-21T14:01:00Z"}}}`, "bc"},
		{`{"range":{"@timestamp":{"gt":"now-5m","lte":"now-4m"}}}`, "bcd"},
		{`{"range":{"@timestamp":{"gte":"2026-11-21T14:00||+1m"}}}`, "de"},
		{`{"range":{"@timestamp":{"gte":"2026-11-21T14:01:59Z||/m","lte":"2026-11-21T14:01:01Z||/m"}}}`, "d"},
		{`{"range":{"@timestamp":{"gte":1795269610000,"lte":1795269620000}}}`, "bc"},
		{`{"range":{"took":{"gt":0.061,"lte":1.5}}}`, "ab"},
		{`{"range":{"labels.track":{"gte":"d"}}}`, "bcd"},
		{`{"match":{"message":"store user"}}`, "abd"},
		{`{"match":{"message":{"query":"store timeout","operator":"and"}}}`, "b"},
		{`{"match":{"log.level":"error"}}`, "ab"},
		{`{"match_phrase":{"message":"feature store"}}`, "bd"},
		{`{"match_phrase":{"message":"store feature"}}`, ""},
		{`{"match_phrase_prefix":{"message":"feature st"}}`, "bd"},
		{`{"multi_match":{"query":"stable back","fields":["message","labels.*"]}}`, "d"},
		{`{"exists":{"field":"url.path"}}`, "d"},
		{`{"exists":{"field":"url"}}`, "d"},
		{`{"bool":{"must_not":{"exists":{"field":"log.level"}}}}`, "e"},
		{`{"prefix":{"labels.track":"can"}}`, "a"},
		{`{"prefix":{"message":"embed"}}`, "a"},
		{`{"wildcard":{"labels.track":"*ab?e"}}`, "bcd"},
		{`{"wildcard":{"message":{"value":"TIME*","case_insensitive":true}}}`, "b"},
		{`{"regexp":{"labels.track":"st.*|x"}}`, "bcd"},
		{`{"regexp":{"labels.track":"t"}}`, ""},
		{`{"ids":{"values":["a","e","zz"]}}`, "ae"},
		{`{"constant_score":{"filter":{"term":{"code":200}}}}`, "c"},
		{`{"bool":{"filter":[{"term":{"log.level":"error"}}],"should":[{"term":{"code":500}}]}}`, "ab"},
		{`{"bool":{"should":[{"term":{"code":500}},{"term":{"code":200}}]}}`, "ac"},
		{`{"bool":{"should":[{"term":{"log.level":"error"}},{"term":{"labels.track":"stable"}}],"minimum_should_match":2}}`, "b"},
		{`{"bool":{"must":{"match_all":{}},"must_not":[{"term":{"code":500}},{"term":{"code":504}}]}}`, "cde"},
		{`{"bool":{}}`, "abcde"},
		{`{"function_score":{"query":{"match_all":{}},"random_score":{"seed":7,"field":"_seq_no"},"boost_mode":"replace","min_score":0}}`, "abcde"},
		{`{"function_score":{"query":{"match_all":{}},"random_score":{"seed":7,"field":"_seq_no"},"boost_mode":"replace","min_score":1.1}}`, ""},
		{`{"match":{"code":{"query":"abc","lenient":true}}}`, ""},
		{`{"simple_query_string":{"query":"\"feature store\" -timeout","fields":["message"],"default_operator":"and"}}`, "d"},
		{`{"simple_query_string":{"query":"embedd* | back","fields":["message^2"]}}`, "ad"},
		{`{"simple_query_string":{"query":"feature + (back | timeout)","fields":["message"]}}`, "bd"},
		{`{"simple_query_string":{"query":"(((","fields":["message"]}}`, ""},
		{`{"query_string":{"query":"log.level:error AND NOT labels.track:canary"}}`, "b"},
		{`{"query_string":{"query":"code:>=500 OR message:back"}}`, "abd"},
		{`{"query_string":{"query":"labels.track:(canary OR nobody)"}}`, "a"},
		{`{"query_string":{"query":"message:\"is back\""}}`, "d"},
		{`{"query_string":{"query":"labels.track:can*"}}`, "a"},
		{`{"query_string":{"query":"_exists_:url.path"}}`, "d"},
		{`{"query_string":{"query":"timeout","default_field":"message"}}`, "b"},
		{`{"query_string":{"query":"*"}}`, "abcde"},
	} {
		if *realURL != "" && strings.Contains(c.query, "now") {
			continue // its clock is another one
		}
		if got := r.ids(c.query); got != c.want {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
}

func TestSearch_SortsPagesAndTrims(t *testing.T) {
	r := seeded(t)
	ask := func(body string) tree {
		return r.do(200, esapi.SearchRequest{Index: []string{"app"}, Body: strings.NewReader(body)})
	}
	ids := func(got tree) string {
		out := ""
		for i := range got.at("hits", "hits").len() {
			out += got.at("hits", "hits", i, "_id").str()
		}
		return out
	}
	for _, c := range []struct{ body, want string }{
		{`{"sort":[{"@timestamp":{"order":"desc"}}],"size":2}`, "dc"},
		{`{"sort":[{"@timestamp":"asc"}],"size":2,"from":1}`, "bc"},
		{`{"sort":["labels.track",{"took":{"order":"desc"}}]}`, "abcd"},
		{`{"sort":[{"took":{"order":"asc","missing":"_first"}}]}`, "dcba"},
		{`{"sort":[{"code":"desc"},"_doc"]}`, "bacd"},
		{`{"sort":[{"nope":{"unmapped_type":"long"}},{"@timestamp":"desc"}]}`, "dcba"},
		{`{"sort":["@timestamp"],"search_after":["2026-11-21T14:00:10Z"]}`, "cd"},
		{`{"sort":[{"took":"asc"}],"search_after":[0.3]}`, "ad"},
		{`{"size":0}`, ""},
	} {
		if got := ids(ask(c.body)); got != c.want {
			t.Errorf("%s: %q, want %q", c.body, got, c.want)
		}
	}
	h := ask(`{"query":{"ids":{"values":["b"]}},"_source":["log.*","labels"],"fields":["@timestamp",{"field":"code"}],"docvalue_fields":[{"field":"took"}],
		"sort":[{"@timestamp":{"order":"asc","format":"strict_date_optional_time_nanos"}}]}`).at("hits", "hits", 0)
	if b, _ := json.Marshal(h.v); !strings.Contains(string(b), `"fields":{"@timestamp":["2026-11-21T14:00:10.000Z"],"code":[504],"took":[0.3]}`) ||
		!strings.Contains(string(b), `"_source":{"labels.track":"stable","log.level":"error"}`) || !strings.Contains(string(b), `"sort":["2026-11-21T14:00:10.000Z"]`) {
		t.Errorf("hit %s", b)
	}
	if got := ask(`{"track_total_hits":2}`); got.at("hits", "total", "relation").str() != "gte" || got.at("hits", "total", "value").num() != 2 {
		t.Errorf("total %v", got.at("hits", "total").v)
	}
	if got := ask(`{"track_total_hits":false}`); got.at("hits", "total").v != nil {
		t.Errorf("total %v", got.at("hits", "total").v)
	}
	got := r.do(200, esapi.SearchRequest{
		Index: []string{"app"}, Query: "log.level:error", Sort: []string{"@timestamp:desc"}, Size: esapi.IntPtr(1), Source: []string{"message"},
		FilterPath: []string{"hits.hits._id", "hits.hits._source"},
	})
	if b, _ := json.Marshal(got.v); string(b) != `{"hits":{"hits":[{"_id":"b","_source":{"message":"feature store timeout 312 ms"}}]}}` {
		t.Errorf("by URL: %s", b)
	}
}

func TestServer_DescribesItsIndexes(t *testing.T) {
	if *realURL != "" {
		t.Skip("skipped: the real server holds no world")
	}
	r := seeded(t)
	caps := r.do(200, esapi.FieldCapsRequest{Index: []string{"logs-ranker-*"}, Fields: []string{"*"}})
	for path, kind := range map[string]string{
		"@timestamp": "date", "log.level": "keyword", "message": "match_only_text", "labels.track": "keyword", "http.response.status_code": "long", "log": "object",
	} {
		if caps.at("fields", path, kind, "type").str() != kind {
			t.Errorf("%s: %v, want %s", path, caps.at("fields", path).v, kind)
		}
	}
	if caps.at("fields", "message", "match_only_text", "aggregatable").v != false {
		t.Error("a text says that it can be aggregated")
	}
	got := r.do(200, esapi.IndicesResolveIndexRequest{Name: []string{"*"}})
	if got.at("data_streams", 0, "name").str() != elasticserver.Stream || got.at("indices").len() != 2 {
		t.Errorf("resolve: %v", got.v)
	}
	if got := r.do(200, esapi.IndicesGetMappingRequest{Index: []string{"app"}}); got.at("app", "mappings", "properties", "labels", "properties", "track", "type").str() != "keyword" {
		t.Errorf("mapping: %v", got.v)
	}
	if got := r.do(200, esapi.InfoRequest{}); got.at("version", "number").str() == "" {
		t.Errorf("info: %v", got.v)
	}
	if got := r.do(200, esapi.ClusterHealthRequest{}); got.at("status").str() != "green" {
		t.Errorf("health: %v", got.v)
	}
	multi := r.do(200, esapi.MsearchRequest{Body: strings.NewReader(`{"index":"app"}
{"size":0,"track_total_hits":true}
{"index":["nope"]}
{}
{"index":["other"]}
{"size":0}
`)})
	var status []string
	for i := range 3 {
		status = append(status, multi.at("responses", i, "status").str()+":"+multi.at("responses", i, "hits", "total", "value").str())
	}
	if !slices.Equal(status, []string{"200:4", "404:<nil>", "200:1"}) {
		t.Errorf("multi search: %v", status)
	}
	if got := r.do(200, esapi.BulkRequest{Index: "app", Body: strings.NewReader("{\"create\":{}}\n{\"@timestamp\":\"soon\"}\n")}); got.at("errors").v != true ||
		got.at("items", 0, "create", "error", "type").str() != "document_parsing_exception" {
		t.Errorf("bulk with a bad date: %v", got.v)
	}
}
