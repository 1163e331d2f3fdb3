package elasticserver

import (
	"container/heap"
	"slices"
	"strings"
)

// mostHits is index.max_result_window.
const mostHits = 10000

// search is one search request, read and ready to run.
type search struct {
	c      *compiler
	view   view
	match  match
	keys   []key
	after  []any
	size   int
	from   int
	track  int // hits counted exactly; -1 for all, 0 for none
	source sourceFilter
	fields []any
	aggs   []aggregation
	pit    string
}

// newSearch reads a body for the indexes of a view.
func newSearch(body map[string]any, v view, c *compiler) (*search, *trouble) {
	s := &search{c: c, view: v, size: 10, track: mostHits}
	for name, v := range body {
		if !slices.Contains(strings.Fields("query size from sort search_after track_total_hits _source fields docvalue_fields aggs aggregations pit timeout "+
			"stored_fields version seq_no_primary_term min_score explain runtime_mappings track_scores terminate_after profile"), name) {
			return nil, parsing("Unknown key for a %s in [%s].", kindOf(v), name)
		}
	}
	var t *trouble
	if s.match, t = c.compile(body["query"]); t != nil {
		return nil, t
	}
	if t := s.page(body); t != nil {
		return nil, t
	}
	if s.keys, t = c.keysOf(body["sort"]); t != nil {
		return nil, t
	}
	if body["pit"] != nil && !slices.ContainsFunc(s.keys, func(k key) bool { return k.field == "_shard_doc" }) {
		s.keys = append(s.keys, key{field: "_shard_doc"})
	}
	if v := body["search_after"]; v != nil {
		if s.after, t = c.after(v, s.keys); t != nil {
			return nil, t
		}
	}
	s.source = sourceOf(body["_source"])
	s.fields, _ = body["fields"].([]any)
	if more, ok := body["docvalue_fields"].([]any); ok {
		s.fields = append(s.fields, more...)
	}
	aggs := body["aggs"]
	if aggs == nil {
		aggs = body["aggregations"]
	}
	s.aggs, t = c.aggregations(aggs)
	return s, t
}

// kindOf names a JSON value as the parser's errors do.
func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "START_OBJECT"
	case []any:
		return "START_ARRAY"
	case string:
		return "VALUE_STRING"
	case bool:
		return "VALUE_BOOLEAN"
	}
	return "VALUE_NUMBER"
}

// page reads how many hits are wanted and counted.
func (s *search) page(body map[string]any) *trouble {
	if n, ok := numberOf(body["size"]); ok {
		s.size = int(n)
	}
	if n, ok := numberOf(body["from"]); ok {
		s.from = int(n)
	}
	switch {
	case s.size < 0:
		return bad("illegal_argument_exception", "[size] parameter cannot be negative, found [%d]", s.size)
	case s.from < 0:
		return bad("illegal_argument_exception", "[from] parameter cannot be negative but was [%d]", s.from)
	case s.from+s.size > mostHits:
		return onShard(bad("illegal_argument_exception", "Result window is too large, from + size must be less than or equal to: [%d] but was [%d]. See the scroll api for a "+
			"more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.", mostHits, s.from+s.size))
	}
	switch v := body["track_total_hits"].(type) {
	case bool:
		s.track = map[bool]int{true: -1, false: 0}[v]
	case float64:
		s.track = int(v)
	}
	return nil
}

// hit is a document with its place.
type hit struct {
	d     document
	place []any
}

// found keeps the best hits: a heap whose root is the worst of them.
type found struct {
	hits []hit
	keys []key
}

func (f *found) Len() int { return len(f.hits) }

func (f *found) Less(i, j int) bool { return f.before(&f.hits[j], &f.hits[i]) }

func (f *found) Swap(i, j int) { f.hits[i], f.hits[j] = f.hits[j], f.hits[i] }
func (f *found) Push(x any)    { f.hits = append(f.hits, x.(hit)) }
func (f *found) Pop() any {
	last := f.hits[len(f.hits)-1]
	f.hits = f.hits[:len(f.hits)-1]
	return last
}

// before orders two hits; equal ones in the order of the index.
func (f *found) before(a, b *hit) bool {
	if c := order(a.place, b.place, f.keys); c != 0 {
		return c < 0
	}
	return a.d.seq < b.d.seq
}

// offer keeps a document that is among the best so many. It is copied only then.
func (f *found) offer(d *document, at []any, most int) {
	h := hit{place: at}
	h.d.seq = d.seq
	if f.Len() < most || f.before(&h, &f.hits[0]) {
		h.d = *d
		heap.Push(f, h)
		if f.Len() > most {
			heap.Pop(f)
		}
	}
}

// sort puts the best first; what was kept is a heap no more.
func (f *found) sort() {
	slices.SortFunc(f.hits, func(a, b hit) int {
		if f.before(&a, &b) {
			return -1
		}
		return 1
	})
}

// run reads the documents once: counts them, keeps the page's, and hands each to the aggregations. The caller holds the store's lock.
func (s *search) run(st *store) (hits []hit, total int, aggs map[string]any) {
	f, all := &found{keys: s.keys}, newBucket(s.aggs)
	want := s.from + s.size
	st.each(&s.view, func(d *document) {
		if !s.match(d) {
			return
		}
		all.add(d)
		if want == 0 || len(s.keys) == 0 && f.Len() == want {
			return
		}
		if at := place(d, s.keys); s.after == nil || order(at, s.after, s.keys) > 0 {
			f.offer(d, at, want)
		}
	})
	f.sort()
	if len(s.aggs) > 0 {
		aggs = all.answers()
	}
	return f.hits[min(s.from, len(f.hits)):], all.n, aggs
}

// answer gives the response of a search.
func (s *search) answer(st *store, shards map[string]any) map[string]any {
	st.mu.RLock()
	defer st.mu.RUnlock()
	hits, total, aggs := s.run(st)
	list := make([]any, len(hits))
	for i := range hits {
		list[i] = s.show(&hits[i])
	}
	block := map[string]any{"max_score": nil, "hits": list}
	if len(s.keys) == 0 && len(list) > 0 {
		block["max_score"] = 1.
	}
	switch {
	case s.track < 0 || s.track > 0 && total <= s.track:
		block["total"] = map[string]any{"value": total, "relation": "eq"}
	case s.track > 0:
		block["total"] = map[string]any{"value": s.track, "relation": "gte"}
	}
	out := map[string]any{"took": 1 + total/20000, "timed_out": false, "_shards": shards, "hits": block}
	if aggs != nil {
		out["aggregations"] = aggs
	}
	if s.pit != "" {
		out["pit_id"] = s.pit
	}
	return out
}

func (s *search) show(h *hit) map[string]any {
	out := map[string]any{"_index": h.d.index.name, "_id": h.d.docID(), "_score": nil}
	if len(s.keys) == 0 {
		out["_score"] = 1.
	} else {
		out["sort"] = shown(h.place, s.keys, s.view.indexes)
	}
	if !s.source.off {
		out["_source"] = s.source.apply(h.d.body())
	}
	if len(s.fields) > 0 {
		out["fields"] = s.fieldsOf(&h.d)
	}
	return out
}
