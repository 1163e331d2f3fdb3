//go:build integration

package elastic_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/sourcetest"
)

// layout is one way in which clusters keep their logs.
type layout struct {
	name   string
	make   func(t *testing.T, n *node, id int) (index string, write []string) // what to read, and where to write in turn
	line   func(i int, l sources.LogLine) string                              // as a document; doc by default
	silent string                                                             // an index that is written to and cannot be read
}

var layouts = []layout{
	{name: "a data stream", make: func(*testing.T, *node, int) (string, []string) { return "", nil }},
	{name: "indices behind an alias", make: func(t *testing.T, n *node, id int) (string, []string) {
		a, b, alias := fmt.Sprintf("old-%d-a", id), fmt.Sprintf("old-%d-b", id), fmt.Sprintf("aliased-%d", id)
		for _, name := range []string{a, b} {
			n.must(t, http.MethodPut, "/"+name, `{"settings":{"number_of_replicas":0,"number_of_shards":2},"aliases":{"`+alias+`":{}},"mappings":{"properties":{
				"@timestamp":{"type":"date"},"message":{"type":"text"},"log":{"properties":{"level":{"type":"keyword"}}},"labels":{"properties":{"track":{"type":"keyword"}}}}}}`)
		}
		return alias, []string{a, b}
	}},
	{name: "an index that Elasticsearch mapped by itself", make: func(_ *testing.T, _ *node, id int) (string, []string) {
		return fmt.Sprintf("guessed-%d-*", id), []string{fmt.Sprintf("guessed-%d-a", id)}
	}, line: func(_ int, l sources.LogLine) string {
		return fmt.Sprintf(`{"@timestamp":%q,"log":{"level":%q},"labels":{"track":%q},"message":%q}`, l.At.Format(time.RFC3339Nano), l.Level, arms.Value.Of(l.Arm), l.Message.Raw())
	}},
	{name: "indices that disagree about types", make: func(t *testing.T, n *node, id int) (string, []string) {
		words, numbers := fmt.Sprintf("mixed-%d-words", id), fmt.Sprintf("mixed-%d-numbers", id)
		n.must(t, http.MethodPut, "/"+words, `{"settings":{"number_of_replicas":0},"mappings":{"properties":{"@timestamp":{"type":"date"},"log":{"properties":{"level":{"type":"keyword"}}},"labels":{"properties":{"track":{"type":"keyword"}}}}}}`)
		n.must(t, http.MethodPut, "/"+numbers, `{"settings":{"number_of_replicas":0},"mappings":{"properties":{"@timestamp":{"type":"date_nanos"},"log":{"properties":{"level":{"type":"long"}}},
			"labels":{"properties":{"track":{"type":"text","fields":{"keyword":{"type":"keyword"}}}}}}}}`)
		n.must(t, http.MethodPut, fmt.Sprintf("/mixed-%d-timeless", id), `{"settings":{"number_of_replicas":0},"mappings":{"properties":{"@timestamp":{"type":"keyword"}}}}`)
		n.must(t, http.MethodPost, fmt.Sprintf("/mixed-%d-timeless/_doc?refresh=true", id), `{"@timestamp":"1","labels":{"track":"stable"}}`)
		return fmt.Sprintf("mixed-%d-*", id), []string{words, numbers}
	}, line: func(i int, l sources.LogLine) string {
		level := fmt.Sprintf("%q", l.Level)
		if i%2 == 1 {
			level = map[sources.Level]string{sources.LevelError: "3", sources.LevelWarn: "4", sources.LevelInfo: "6", sources.LevelDebug: "7"}[l.Level]
		}
		return fmt.Sprintf(`{"@timestamp":%q,"log":{"level":%s},"labels":{"track":%q},"message":%q}`, l.At.Format(time.RFC3339Nano), level, arms.Value.Of(l.Arm), l.Message.Raw())
	}},
	{name: "an arm that has another name in the documents", make: func(t *testing.T, n *node, id int) (string, []string) {
		name := fmt.Sprintf("renamed-%d", id)
		n.must(t, http.MethodPut, "/"+name, `{"settings":{"number_of_replicas":0},"mappings":{"properties":{"@timestamp":{"type":"date"},"log":{"properties":{"level":{"type":"keyword"}}},
			"deployment":{"type":"keyword"},"labels":{"properties":{"track":{"type":"alias","path":"deployment"}}}}}}`)
		return name, []string{name}
	}, line: func(_ int, l sources.LogLine) string {
		return fmt.Sprintf(`{"@timestamp":%d,"log":{"level":%q},"deployment":%q,"message":%q}`, l.At.UnixMilli(), l.Level, arms.Value.Of(l.Arm), l.Message.Raw())
	}},
}

func TestSource_KeepsWhatEveryLogSourcePromisesOnARealCluster(t *testing.T) {
	n := startNode(t)
	id := 0
	for _, lay := range layouts {
		t.Run(lay.name, func(t *testing.T) {
			sourcetest.Logs(t, func(t *testing.T) sourcetest.LogBench {
				id++
				return realBench(t, n, lay, id)
			})
		})
	}
}

// TestCluster_KeepsItsPromisesOnARealCluster asks for everything together with other services.
func TestCluster_KeepsItsPromisesOnARealCluster(t *testing.T) {
	n := startNode(t)
	id := 100
	for _, lay := range []layout{layouts[0], layouts[3]} { // the usual one and the oddest
		t.Run(lay.name, func(t *testing.T) {
			sourcetest.Logs(t, func(t *testing.T) sourcetest.LogBench {
				id++
				b := realBench(t, n, lay, id)
				s, err := elastic.New(b.Logs.(configured).cfg)
				must(t, err)
				b.Logs = joined(b.Logs.(configured).Source, s)
				return b
			})
		})
	}
	t.Run("forty services as each alone", func(t *testing.T) { fortyServices(t, n) })
}

func fortyServices(t *testing.T, n *node) {
	var b strings.Builder
	from := time.Now().Add(-10 * time.Minute).Truncate(time.Minute)
	for i := range 2000 {
		fmt.Fprintf(&b, `{"create":{"_id":"d%d"}}`+"\n"+`{"@timestamp":%d,"log":{"level":%q},"labels":{"track":%q},"service":{"name":"s%d"},"message":"line"}`+"\n",
			i, from.UnixMilli()+int64(i*20), []string{"info", "warn", "error"}[i%3], []string{arms.Value.Legacy, arms.Value.Candidate}[i%7/5], i%40)
	}
	n.must(t, http.MethodPost, "/"+stream+"/_bulk?refresh=true", b.String())
	shared, asked := elastic.NewCluster(), &wire{}
	front := httptest.NewServer(asked.to(t, n.url))
	defer front.Close()
	made := func(i int) *elastic.Source {
		s, err := elastic.New(elastic.Config{
			URLs: []string{front.URL}, Index: pattern, Arm: arms, Now: time.Now, Rand: rand.Float64, Timeout: time.Minute,
			Select: map[string]string{"service.name": name(i)}, Show: elastic.Show{All: true},
		})
		must(t, err)
		return s
	}
	var k, alone kin
	for i := range 40 {
		k.of, alone.of = append(k.of, made(i)), append(alone.of, made(i))
		shared.Join(k.of[i])
	}
	lines, counts, errs := k.read(t.Context(), from)
	together := asked.n.Swap(0)
	l, c, e := alone.read(t.Context(), from)
	t.Logf("%d requests together, %d alone", together, asked.n.Load())
	for i := range 40 {
		if lines[i] != l[i] || !reflect.DeepEqual(counts[i], c[i]) || errs[i] != nil || e[i] != nil || strings.Count(lines[i], " ") != 50 {
			t.Errorf("%s: %q %v %v, alone %q %v %v", name(i), lines[i], counts[i], errs[i], l[i], c[i], e[i])
		}
	}
	if together > 20 || asked.n.Load() < 160 {
		t.Errorf("%d requests together, %d alone", together, asked.n.Load())
	}
}

// wire counts the requests that pass.
type wire struct{ n atomic.Int64 }

func (w *wire) to(t *testing.T, at string) http.Handler {
	u, err := url.Parse(at)
	must(t, err)
	pass := httputil.NewSingleHostReverseProxy(u)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.n.Add(1)
		pass.ServeHTTP(rw, r)
	})
}

// configured is a source with what it was made of.
type configured struct {
	*elastic.Source
	cfg elastic.Config
}

func realBench(t *testing.T, n *node, lay layout, id int) sourcetest.LogBench {
	index, write := lay.make(t, n, id)
	if index == "" {
		index = fmt.Sprintf("logs-ranker-%d", id)
		write = []string{index}
	}
	if lay.line == nil {
		lay.line = func(_ int, l sources.LogLine) string { return doc(l.At, l.Arm, l.Level.String(), l.Message.Raw()) }
	}
	from := time.Now().Add(-time.Hour).Truncate(time.Second)
	var lines []sources.LogLine
	for i := range 400 {
		lines = append(lines, sources.LogLine{
			ID: fmt.Sprint("d", i), At: from.Add(time.Duration(i*61) * time.Millisecond).UTC(), Arm: sources.Arms()[min(1, i%5/4)],
			Level: sources.Levels()[i%7%4], Message: sources.NewText(fmt.Sprintf("request %d took %s", i, []string{"long", "short"}[i%3/2])),
		})
	}
	add := func(t *testing.T, lines ...sources.LogLine) {
		t.Helper()
		var b strings.Builder
		for i, l := range lines {
			fmt.Fprintf(&b, `{"create":{"_index":%q,"_id":%q}}`+"\n%s\n", write[i%len(write)], l.ID, lay.line(i, l))
		}
		if answer := n.must(t, http.MethodPost, "/_bulk?refresh=true", b.String()); strings.Contains(answer, `"errors":true`) {
			t.Fatal(answer)
		}
	}
	add(t, lines...)
	c := elastic.Config{URLs: []string{n.url}, Index: index, Arm: arms, Now: time.Now, Rand: rand.Float64, Show: elastic.Show{Rest: 5}}
	s, err := elastic.New(c)
	must(t, err)
	return sourcetest.LogBench{Logs: configured{s, c}, Window: sources.Window{From: from, To: from.Add(time.Minute)}, Word: "short", Add: add}
}

func TestSource_AsksARealClusterWhatItUnderstands(t *testing.T) {
	n := startNode(t)
	n.must(t, http.MethodPost, "/"+stream+"/_bulk?refresh=true", `{"create":{"_id":"a"}}`+"\n"+doc(time.Now(), sources.Candidate, "error", "KeyError: embedding missing")+"\n")
	s, err := elastic.New(elastic.Config{URLs: []string{n.url}, Index: pattern, Arm: arms, Now: time.Now, Rand: rand.Float64, Timeout: time.Minute, Select: map[string]string{"labels.track": "c*"}})
	must(t, err)
	r, err := s.Check(t.Context())
	must(t, err)
	if h := r.Health; h.Version.String() != "8.19.21" || h.Err != nil || h.RTT <= 0 || h.Skew.Abs() > time.Second {
		t.Errorf("health: %+v", h)
	}
	if len(r.Indices) != 1 || r.Lines.Candidate != 1 || r.Newest.Candidate.IsZero() || !r.Newest.Legacy.IsZero() {
		t.Errorf("report: %+v", r)
	}
	w := sources.Window{From: time.Now().Add(-time.Minute)}
	for match, want := range map[string]int{
		"embedding": 1, "KeyError: embedding": 1, "missing embedding": 1, "log.level:error AND message:embed*": 1, "log.level:info": 0,
		`"embedding missing"`: 1, "(unbalanced": 0, "/embed.*/": 1, "nothing like it": 0,
	} {
		p, err := s.Tail(t.Context(), sources.LogQuery{Window: w, All: true, Match: match}, sources.Cursor{})
		if err != nil || len(p.Lines) != want {
			t.Errorf("%q found %d lines, want %d: %v", match, len(p.Lines), want, err)
		}
	}
	for match, says := range map[string]string{"message:(error AND": "Encountered", "message:" + strings.Repeat("a*b OR message:", 9000) + "c": "ask for fewer"} {
		_, err := s.Tail(t.Context(), sources.LogQuery{Window: w, All: true, Match: match}, sources.Cursor{})
		if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %.300v, want %q", match, err, says)
		}
	}
}
