package promserver_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"rampart/sources/demo/world"
)

// The answers are those of a real Prometheus: 2.42 was asked for the values, 3.14 words its errors so.
func TestServer_WritesNumbersAndTimesAsPrometheusDoes(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.History = time.Minute })
	for _, c := range []struct{ path, query, want string }{
		{"query?time=1600000000", `1`, `{"status":"success","data":{"resultType":"scalar","result":[1600000000,"1"]}}`},
		{"query?time=1600000000.05", `"x<y"`, `{"status":"success","data":{"resultType":"string","result":[1600000000.05,"x\u003cy"]}}`},
		{"query?time=1600000000.5", `vector(1e21)`, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1600000000.500,"1e+21"]}]}}`},
		{"query?time=1600000000", `vector(0.0000001)`, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1600000000,"1e-07"]}]}}`},
		{"query?time=1600000000", `-1/0`, `{"status":"success","data":{"resultType":"scalar","result":[1600000000,"-Inf"]}}`},
		{"query?time=1600000000", `vector(0)/0`, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1600000000,"NaN"]}]}}`},
		{"query?time=1600000000", `nothing`, `{"status":"success","data":{"resultType":"vector","result":[]}}`},
		{
			"query_range?start=1600000000&end=1600000002&step=1", `time()`,
			`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1600000000,"1600000000"],[1600000001,"1600000001"],[1600000002,"1600000002"]]}]}}`,
		},
		{"query_range?start=1600000000&end=1600000002&step=1", `nothing`, `{"status":"success","data":{"resultType":"matrix","result":[]}}`},
		{
			"query_range?start=5&end=1&step=1", `1`,
			`{"status":"error","errorType":"bad_data","error":"invalid parameter \"end\": end timestamp must not be before start time"}`,
		},
		{"query?time=never", `1`, `{"status":"error","errorType":"bad_data","error":"invalid parameter \"time\": invalid time value for 'time': cannot parse \"never\" to a valid timestamp"}`},
		{"query?timeout=0", `up`, `{"status":"error","errorType":"timeout","error":"query timed out in query execution"}`},
		{"series", ``, `{"status":"error","errorType":"bad_data","error":"no match[] parameter provided"}`},
		{"labels?match[]={}", ``, `{"status":"error","errorType":"bad_data","error":"match[] must contain at least one non-empty matcher"}`},
	} {
		res, err := http.PostForm(r.http.URL+"/api/v1/"+c.path, url.Values{"query": {c.query}})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if string(got) != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.path, c.query, got, c.want)
		}
	}
}
