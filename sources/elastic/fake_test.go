package elastic_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strconv"
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
	noDraw  bool            // it knows no function_score
	types   map[string]string
	sent    int      // hits
	asked   []string // METHOD path
	bodies  []map[string]any
	handle  func(w http.ResponseWriter, r *http.Request) bool // true: it has answered
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
	var body map[string]any
	if r.Body != nil {
		_ = json.NewDecoder(r.Body).Decode(&body)
	}
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
	case c.noDraw && strings.Contains(fmt.Sprint(body), "function_score"):
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]any{"error": map[string]any{"type": "parsing_exception", "reason": "unknown query [function_score]"}, "status": 400}
	case strings.HasSuffix(r.URL.Path, "/_search"):
		out = c.search(r.URL.Path, body)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
		out = map[string]any{"error": "Incorrect HTTP method", "status": 405}
	}
	_ = json.NewEncoder(w).Encode(out)
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

// is tells whether a document matches a query.
func (c *cluster) is(d *document, query any) bool {
	q, _ := query.(map[string]any)
	for kind, raw := range q {
		arg, _ := raw.(map[string]any)
		switch kind {
		case "match_all":
			return true
		case "match_none":
			return false
		case "bool":
			return c.isBool(d, arg)
		case "exists":
			return arg["field"] != "@timestamp" || d.timed
		case "range":
			if r, ok := arg["_seq_no"].(map[string]any); ok {
				return d.seq >= int64(number(r["gte"]))
			}
			r, _ := arg["@timestamp"].(map[string]any)
			if lt, ok := r["lt"]; ok && d.ms >= int64(number(lt)) {
				return false
			}
			return d.timed && d.ms >= int64(number(r["gte"]))
		case "function_score":
			h := fnv.New32a()
			fmt.Fprint(h, d.seq, "draw")
			return float64(h.Sum32()%1000)/1000 >= number(arg["min_score"])
		case "query_string", "simple_query_string":
			return strings.Contains(strings.ToLower(fmt.Sprint(get(d.parsed, "message"))), strings.ToLower(fmt.Sprint(arg["query"])))
		}
		for field, want := range arg {
			if field == "labels.track" && c.anyArm {
				return strings.HasSuffix(d.index, fmt.Sprint(want))
			}
			if field == "_index" {
				return isValue(kind, d.index, want)
			}
			return isValue(kind, get(d.parsed, field), want)
		}
	}
	return false
}

func (c *cluster) isBool(d *document, b map[string]any) bool {
	list := func(name string) []any { l, _ := b[name].([]any); return l }
	for _, q := range slices.Concat(list("filter"), list("must")) {
		if !c.is(d, q) {
			return false
		}
	}
	for _, q := range list("must_not") {
		if c.is(d, q) {
			return false
		}
	}
	should := list("should")
	return len(should) == 0 || slices.ContainsFunc(should, func(q any) bool { return c.is(d, q) })
}

func isValue(kind string, have, want any) bool {
	if list, ok := have.([]any); ok {
		return slices.ContainsFunc(list, func(v any) bool { return isValue(kind, v, want) })
	}
	if have == nil {
		return false
	}
	switch kind {
	case "term":
		return fmt.Sprint(have) == fmt.Sprint(want)
	case "terms":
		return slices.ContainsFunc(want.([]any), func(v any) bool { return fmt.Sprint(v) == fmt.Sprint(have) })
	case "wildcard":
		ok, _ := path.Match(fmt.Sprint(want.(map[string]any)["value"]), fmt.Sprint(have))
		return ok
	case "match":
		return fmt.Sprint(want.(map[string]any)["query"]) == fmt.Sprint(have)
	}
	return false
}

// get finds a dotted name.
func get(doc map[string]any, name string) any {
	if v, ok := doc[name]; ok {
		return v
	}
	for i := range name {
		if name[i] != '.' {
			continue
		}
		if in, ok := doc[name[:i]].(map[string]any); ok {
			return get(in, name[i+1:])
		}
	}
	return nil
}

func (c *cluster) aggregate(docs []*document, aggs map[string]any) map[string]any {
	out := map[string]any{}
	for name, raw := range aggs {
		agg, _ := raw.(map[string]any)
		sub, _ := agg["aggs"].(map[string]any)
		bucket := func(docs []*document) map[string]any {
			b := c.aggregate(docs, sub)
			b["doc_count"] = len(docs)
			return b
		}
		for kind, a := range agg {
			arg, _ := a.(map[string]any)
			switch kind {
			case "filters":
				named := map[string]any{}
				for n, q := range arg["filters"].(map[string]any) {
					named[n] = bucket(slices.DeleteFunc(slices.Clone(docs), func(d *document) bool { return !c.is(d, q) }))
				}
				out[name] = map[string]any{"buckets": named}
			case "date_histogram":
				width, _ := strconv.ParseInt(strings.TrimSuffix(fmt.Sprint(arg["fixed_interval"]), "ms"), 10, 64)
				out[name] = c.group(docs, bucket, func(d *document) any { return d.ms / width * width })
			case "terms":
				out[name] = c.group(docs, bucket, func(d *document) any { return get(d.parsed, fmt.Sprint(arg["field"])) })
			case "date_range":
				out[name] = map[string]any{"buckets": []any{map[string]any{"from": float64(c.now().UnixMilli())}}}
			case "max":
				most := int64(0)
				for _, d := range docs {
					most = max(most, d.ms)
				}
				out[name] = map[string]any{"value": float64(most)}
			}
		}
	}
	return out
}

// group makes buckets by key, ascending.
func (c *cluster) group(docs []*document, bucket func([]*document) map[string]any, by func(*document) any) any {
	groups := map[any][]*document{}
	var order []any
	for _, d := range docs {
		k := by(d)
		if k == nil {
			continue
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], d)
	}
	slices.SortFunc(order, func(a, b any) int {
		if x, ok := a.(int64); ok {
			return int(max(-1, min(1, x-b.(int64))))
		}
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	list := []any{}
	for _, k := range order {
		b := bucket(groups[k])
		b["key"] = k
		list = append(list, b)
	}
	return map[string]any{"buckets": list}
}
