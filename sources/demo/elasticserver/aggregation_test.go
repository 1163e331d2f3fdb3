package elasticserver_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

func TestAggregations_GiveWhatTheyShould(t *testing.T) {
	r := seeded(t)
	for _, c := range []struct{ what, aggs, want string }{
		{
			"terms", `{"terms":{"field":"labels.track"}}`,
			`{"buckets":[{"doc_count":3,"key":"stable"},{"doc_count":1,"key":"canary"}],"doc_count_error_upper_bound":0,"sum_other_doc_count":0}`,
		},
		{
			"terms, one of them", `{"terms":{"field":"labels.track","size":1}}`,
			`{"buckets":[{"doc_count":3,"key":"stable"}],"doc_count_error_upper_bound":0,"sum_other_doc_count":1}`,
		},
		{
			"terms by key with what is missing", `{"terms":{"field":"code","order":{"_key":"desc"},"missing":0}}`,
			`{"buckets":[{"doc_count":1,"key":504},{"doc_count":1,"key":500},{"doc_count":1,"key":200},{"doc_count":1,"key":0}],"doc_count_error_upper_bound":0,"sum_other_doc_count":0}`,
		},
		{
			"date histogram with terms inside",
			`{"date_histogram":{"field":"@timestamp","fixed_interval":"30s"},"aggs":{"arm":{"terms":{"field":"labels.track"}}}}`,
			`{"buckets":[{"arm":{"buckets":[{"doc_count":2,"key":"stable"},{"doc_count":1,"key":"canary"}],"doc_count_error_upper_bound":0,"sum_other_doc_count":0},` +
				`"doc_count":3,"key":1795269600000,"key_as_string":"2026-11-21T14:00:00.000Z"},` +
				`{"arm":{"buckets":[],"doc_count_error_upper_bound":0,"sum_other_doc_count":0},"doc_count":0,"key":1795269630000,"key_as_string":"2026-11-21T14:00:30.000Z"},` +
				`{"arm":{"buckets":[{"doc_count":1,"key":"stable"}],"doc_count_error_upper_bound":0,"sum_other_doc_count":0},"doc_count":1,"key":1795269660000,"key_as_string":"2026-11-21T14:01:00.000Z"}]}`,
		},
		{
			"date histogram without empty buckets, moved", `{"date_histogram":{"field":"@timestamp","fixed_interval":"1m","offset":"-30s","min_doc_count":1}}`,
			`{"buckets":[{"doc_count":3,"key":1795269570000,"key_as_string":"2026-11-21T13:59:30.000Z"},{"doc_count":1,"key":1795269630000,"key_as_string":"2026-11-21T14:00:30.000Z"}]}`,
		},
		{
			"date histogram over bounds",
			`{"date_histogram":{"field":"@timestamp","calendar_interval":"1m","extended_bounds":{"min":"2026-11-21T13:59:00Z","max":1795269660000},"hard_bounds":{"min":"2026-11-21T13:58:00Z","max":"2026-11-21T14:01:30Z"}}}`,
			`{"buckets":[{"doc_count":0,"key":1795269540000,"key_as_string":"2026-11-21T13:59:00.000Z"},{"doc_count":3,"key":1795269600000,"key_as_string":"2026-11-21T14:00:00.000Z"},` +
				`{"doc_count":0,"key":1795269660000,"key_as_string":"2026-11-21T14:01:00.000Z"}]}`,
		},
		{
			"named filters", `{"filters":{"other_bucket_key":"rest","filters":{"bad":{"range":{"code":{"gte":500}}}}}}`,
			`{"buckets":{"bad":{"doc_count":2},"rest":{"doc_count":2}}}`,
		},
		{"filters in order", `{"filters":{"filters":[{"term":{"code":200}},{"match_all":{}}]}}`, `{"buckets":[{"doc_count":1},{"doc_count":4}]}`},
		{"filter", `{"filter":{"term":{"log.level":"error"}},"aggs":{"n":{"value_count":{"field":"tags"}}}}`, `{"doc_count":2,"n":{"value":2}}`},
		{"missing", `{"missing":{"field":"code"}}`, `{"doc_count":1}`},
		{"percentiles", `{"percentiles":{"field":"code","percents":[50,99.9]}}`, `{"values":{"50.0":500,"99.9":503.992}}`},
		{"percentiles in order", `{"percentiles":{"field":"code","percents":[0],"keyed":false}}`, `{"values":[{"key":0,"value":200}]}`},
		{"percentiles of nothing", `{"percentiles":{"field":"nope","percents":[50]}}`, `{"values":{"50.0":null}}`},
		{"cardinality", `{"cardinality":{"field":"labels.track"}}`, `{"value":2}`},
		{"minimum", `{"min":{"field":"@timestamp"}}`, `{"value":1795269600000,"value_as_string":"2026-11-21T14:00:00.000Z"}`},
		{"maximum", `{"max":{"field":"code"}}`, `{"value":504}`},
		{"mean of nothing", `{"avg":{"field":"nope"}}`, `{"value":null}`},
		{"sum", `{"sum":{"field":"code"}}`, `{"value":1204}`},
		{"histogram", `{"histogram":{"field":"code","interval":100,"min_doc_count":1}}`, `{"buckets":[{"doc_count":1,"key":200},{"doc_count":2,"key":500}]}`},
		{
			"date range", `{"date_range":{"field":"@timestamp","ranges":[{"to":"2026-11-21T14:00:20Z"},{"from":"2026-11-21T14:00||+20s","to":1795269700000,"key":"x"}]}}`,
			`{"buckets":[{"doc_count":2,"key":"*-2026-11-21T14:00:20.000Z","to":1795269620000,"to_as_string":"2026-11-21T14:00:20.000Z"},` +
				`{"doc_count":2,"from":1795269620000,"from_as_string":"2026-11-21T14:00:20.000Z","key":"x","to":1795269700000,"to_as_string":"2026-11-21T14:01:40.000Z"}]}`,
		},
		{"range", `{"range":{"field":"code","ranges":[{"from":500}]}}`, `{"buckets":[{"doc_count":2,"from":500,"key":"500.0-*"}]}`},
		{"sampler", `{"sampler":{"shard_size":100},"aggs":{"m":{"max":{"field":"code"}}}}`, `{"doc_count":4,"m":{"value":504}}`},
	} {
		got := r.do(200, esapi.SearchRequest{Index: []string{"app"}, Body: strings.NewReader(`{"size":0,"aggs":{"x":` + c.aggs + `}}`)})
		if b, _ := json.Marshal(got.at("aggregations", "x").v); string(b) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, b, c.want)
		}
	}
	got := r.do(200, esapi.SearchRequest{Index: []string{"app"}, Body: strings.NewReader(
		`{"size":0,"aggs":{"arm":{"terms":{"field":"labels.track"},"aggs":{"last":{"top_hits":{"size":1,"sort":[{"@timestamp":"desc"}],"_source":["message"]}}}}}}`)})
	if got.at("aggregations", "arm", "buckets", 0, "last", "hits", "hits", 0, "_id").str() != "d" {
		t.Errorf("top hits: %v", got.at("aggregations").v)
	}
	for _, aggs := range []string{
		`{"terms":{"field":"message"}}`, `{"date_histogram":{"field":"@timestamp"}}`, `{"date_histogram":{"field":"@timestamp","fixed_interval":"soon"}}`,
		`{"terms":{}}`, `{"histogram":{"field":"code","interval":0}}`, `{"filters":{}}`, `{}`, `7`,
	} {
		if got := r.do(400, esapi.SearchRequest{Index: []string{"app"}, Body: strings.NewReader(`{"size":0,"aggs":{"x":` + aggs + `}}`)}); got.at("error", "type").v == nil {
			t.Errorf("%s: %v", aggs, got.v)
		}
	}
}
