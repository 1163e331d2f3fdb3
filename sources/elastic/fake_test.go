package elastic_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// cluster is as much of Elasticsearch as this adapter asks for, over documents in memory. What is written becomes visible
// with refresh, as there.
type cluster struct {
	*httptest.Server
	mu      sync.Mutex
	now     func() time.Time
	waiting []*document
	visible []*document
	order   int64
	seqs    map[string]int64 // by index and shard
	pits    map[string][]*document
	deny    map[string]int  // path suffix: status to answer with
	silent  map[string]bool // indices whose shards fail
	anyArm  bool            // the arm is a constant of the index, not of documents
	seconds bool            // its dates have the format epoch_second
	noDraw  bool            // it knows no function_score
	types   map[string]string
	sent    int      // hits
	asked   []string // METHOD path
	bodies  []map[string]any
	handle  func(w http.ResponseWriter, r *http.Request) bool // true: it has answered

	together []int                                              // how many searches each _msearch held
	each     func(body string, a map[string]any) map[string]any // what a search among others is answered instead
	half     bool                                               // an answer is cut off in its middle
}

type document struct {
	index, id string
	order     int64 // of writing
	seq       int64 // the number within its shard
	ms        int64
	timed     bool
	source    string
	parsed    map[string]any
}

func newCluster(t testing.TB) *cluster {
	c := &cluster{
		now: time.Now, pits: map[string][]*document{}, seqs: map[string]int64{}, deny: map[string]int{}, silent: map[string]bool{},
		types: map[string]string{"@timestamp": "date", "message": "text", "log.level": "keyword", "labels.track": "keyword", "service.version": "keyword"},
	}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

// write takes a document; it is not found before refresh.
func (c *cluster) write(index, id, source string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order++
	shard := fmt.Sprint(index, "/", c.order%2)
	c.seqs[shard]++
	d := &document{index: index, id: id, order: c.order, seq: c.seqs[shard], source: source}
	if err := json.Unmarshal([]byte(source), &d.parsed); err != nil {
		panic(fmt.Sprintf("%s: %v", source, err))
	}
	switch at := get(d.parsed, "@timestamp"); at := at.(type) {
	case float64:
		d.ms, d.timed = int64(at), true
		if c.seconds {
			d.ms *= 1000
		}
	case string:
		if v, err := time.Parse(time.RFC3339Nano, at); err == nil {
			d.ms, d.timed = v.UnixMilli(), true
		}
	}
	c.waiting = append(c.waiting, d)
}

func (c *cluster) refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.visible = append(slices.Clone(c.visible), c.waiting...)
	c.waiting = nil
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, r.Method+" "+r.URL.Path)
	if c.handle != nil && c.handle(w, r) {
		return
	}
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	raw, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(raw, &body)
	c.bodies = append(c.bodies, body)
	for suffix, status := range c.deny {
		if strings.HasSuffix(r.URL.Path, suffix) {
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"error":{"type":"security_exception","reason":"refused"},"status":%d}`, status)
			return
		}
	}
	var out any
	switch {
	case strings.HasSuffix(r.URL.Path, "/_field_caps"):
		out = c.fieldCaps()
	case r.URL.Path == "/_pit" && r.Method == http.MethodDelete:
		delete(c.pits, fmt.Sprint(body["id"]))
		out = map[string]any{"succeeded": true}
	case strings.HasSuffix(r.URL.Path, "/_pit"):
		id := fmt.Sprint("pit", len(c.asked))
		c.pits[id] = c.match(r.URL.Path)
		out = map[string]any{"id": id}
	case strings.HasSuffix(r.URL.Path, "/_msearch"):
		out = c.msearch(r.URL.Path, raw)
	case c.noDraw && strings.Contains(fmt.Sprint(body), "function_score"):
		w.WriteHeader(http.StatusBadRequest)
		out = cannotDraw()
	case strings.HasSuffix(r.URL.Path, "/_search"):
		out = c.search(r.URL.Path, body)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
		out = map[string]any{"error": "Incorrect HTTP method", "status": 405}
	}
	c.send(w, out)
}

// send answers, half of it when it is told to.
func (c *cluster) send(w http.ResponseWriter, out any) {
	b, _ := json.Marshal(out)
	if !c.half {
		_, _ = w.Write(b)
		return
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(b)))
	_, _ = w.Write(b[:len(b)/2])
	panic(http.ErrAbortHandler)
}

func cannotDraw() map[string]any {
	return map[string]any{"error": map[string]any{"type": "parsing_exception", "reason": "unknown query [function_score]"}, "status": 400}
}

// msearch answers each search of a body by itself.
func (c *cluster) msearch(path string, raw []byte) any {
	var out []any
	lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	for i := 1; i < len(lines); i += 2 {
		var body map[string]any
		_ = json.Unmarshal([]byte(lines[i]), &body)
		one, _ := c.search(path, body).(map[string]any)
		one["status"] = 200
		if c.noDraw && strings.Contains(lines[i], "function_score") {
			one = cannotDraw()
		}
		if c.each != nil {
			one = c.each(lines[i], one)
		}
		out = append(out, one)
	}
	c.together = append(c.together, len(out))
	return map[string]any{"took": 1, "responses": out}
}

func (c *cluster) fieldCaps() any {
	fields := map[string]any{}
	for name, kind := range c.types {
		fields[name] = map[string]any{kind: map[string]any{"type": kind, "aggregatable": kind != "text"}}
	}
	return map[string]any{"indices": []string{"logs"}, "fields": fields}
}

// match picks what a pattern in a path names.
func (c *cluster) match(p string) []*document {
	var out []*document
	pattern := strings.Split(strings.TrimPrefix(p, "/"), "/")[0]
	for _, d := range c.visible {
		for one := range strings.SplitSeq(pattern, ",") {
			if ok, _ := path.Match(one, d.index); ok {
				out = append(out, d)
				break
			}
		}
	}
	return out
}

func (c *cluster) search(p string, body map[string]any) any {
	docs := c.match(p)
	if pit, ok := body["pit"].(map[string]any); ok {
		docs = c.pits[fmt.Sprint(pit["id"])]
	}
	shards := map[string]any{"total": 2, "successful": 2, "failed": 0}
	if len(c.visible) == 0 && strings.Contains(p, "none") {
		shards["total"] = 0
	}
	docs = slices.DeleteFunc(slices.Clone(docs), func(d *document) bool {
		if c.silent[d.index] {
			shards["failed"] = 1
			shards["failures"] = []any{map[string]any{"index": d.index, "reason": map[string]any{"type": "node_disconnected", "reason": "gone"}}}
			return true
		}
		return !c.is(d, body["query"])
	})
	out := map[string]any{"took": 1, "timed_out": false, "_shards": shards}
	if aggs, ok := body["aggs"].(map[string]any); ok {
		out["aggregations"] = c.aggregate(docs, aggs)
	}
	out["hits"] = map[string]any{"hits": c.hits(docs, body)}
	return out
}

func (c *cluster) hits(docs []*document, body map[string]any) []any {
	size := int(number(body["size"]))
	slices.SortStableFunc(docs, func(a, b *document) int {
		if a.ms != b.ms {
			return int(max(-1, min(1, a.ms-b.ms)))
		}
		return int(a.order - b.order)
	})
	out := []any{}
	after, _ := body["search_after"].([]any)
	for _, d := range docs {
		if len(out) == size {
			break
		}
		if len(after) == 2 && (d.ms < int64(number(after[0])) || d.ms == int64(number(after[0])) && d.order <= int64(number(after[1]))) {
			continue
		}
		h := map[string]any{"_index": d.index, "_id": d.id, "sort": []any{d.ms, d.order}}
		if body["seq_no_primary_term"] == true {
			h["_seq_no"] = d.seq
		}
		if body["_source"] != false {
			h["_source"] = json.RawMessage(d.source)
		}
		if _, ok := body["fields"]; ok {
			h["fields"] = map[string]any{"labels.track": []any{strings.TrimPrefix(d.index, "constant-")}}
		}
		out = append(out, h)
	}
	c.sent += len(out)
	return out
}

func number(v any) float64 {
	f, _ := v.(float64)
	return f
}
