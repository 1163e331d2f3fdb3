package elasticserver

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// keyed collects into one bucket per key.
type keyed struct {
	sub     []aggregation
	buckets map[any]*bucket
	keys    func(*document) []any
	finish  func(map[any]*bucket) map[string]any
}

func (k *keyed) add(d *document) {
	for _, v := range k.keys(d) {
		b := k.buckets[v]
		if b == nil {
			b = newBucket(k.sub)
			k.buckets[v] = b
		}
		b.add(d)
	}
}

func (k *keyed) result() map[string]any { return k.finish(k.buckets) }

// byValue groups documents by the values of a field.
type byValue struct {
	field              string
	size, least        int
	missing            any // stands for a field that a document has not; nil: for none
	includes, excludes []string
	date               bool
	byKey, down        bool
}

// termsAgg groups by value, the most frequent first.
func termsAgg(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	if t != nil {
		return nil, t
	}
	g := &byValue{
		field: field, size: 10, least: 1, missing: body["missing"], date: kind(c.indexes, field) == "date",
		includes: texts(body["include"]), excludes: texts(body["exclude"]),
	}
	if n, ok := numberOf(body["size"]); ok {
		g.size = int(n)
	}
	if n, ok := numberOf(body["min_doc_count"]); ok {
		g.least = int(n)
	}
	g.byKey, g.down = termsOrder(body["order"])
	return func() collector { return &keyed{sub, map[any]*bucket{}, g.keys, g.finish} }, nil
}

// keys are the values of a document that are asked for.
func (g *byValue) keys(d *document) []any {
	vs := d.field(g.field)
	if len(vs) == 0 && g.missing != nil {
		vs = []any{g.missing}
	}
	matches := func(patterns []string, v any) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return glob(strings.ReplaceAll(p, ".*", "*"), textOf(v)) })
	}
	return slices.DeleteFunc(slices.Clone(vs), func(v any) bool {
		return g.includes != nil && !matches(g.includes, v) || matches(g.excludes, v)
	})
}

// finish lists the first buckets by the order that was asked for, and counts what the others hold.
func (g *byValue) finish(m map[any]*bucket) map[string]any {
	var all []any
	for k, b := range m {
		if b.n >= g.least {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(x, y any) int {
		byKey := (&key{}).compare(sortable(x), sortable(y))
		order := byKey
		if !g.byKey {
			order = cmp.Compare(m[x].n, m[y].n)
		}
		if g.down {
			order = -order
		}
		return cmp.Or(order, byKey)
	})
	rest, list := 0, []any{}
	for i, k := range all {
		if i >= g.size {
			rest += m[k].n
			continue
		}
		out := m[k].result()
		name(out, k, g.date)
		list = append(list, out)
	}
	return map[string]any{"doc_count_error_upper_bound": 0, "sum_other_doc_count": rest, "buckets": list}
}

// termsOrder reads {"_count": "asc"} or {"_key": "desc"}.
func termsOrder(v any) (byKey, down bool) {
	m, _ := v.(map[string]any)
	for k, dir := range m {
		return k == "_key", textOf(dir) == "desc"
	}
	return false, true
}

func sortable(v any) any {
	if t, ok := v.(time.Time); ok {
		return float64(t.UnixMilli())
	}
	return v
}

// name sets a bucket's key as the server shows it.
func name(out map[string]any, k any, date bool) {
	switch v := k.(type) {
	case time.Time:
		out["key"], out["key_as_string"] = v.UnixMilli(), stamp(v)
	case float64:
		out["key"] = v
		if v == math.Trunc(v) {
			out["key"] = int64(v)
		}
		if date {
			out["key_as_string"] = stamp(time.UnixMilli(int64(v)))
		}
	case bool:
		out["key"], out["key_as_string"] = map[bool]int{true: 1}[v], textOf(v)
	default:
		out["key"] = k
	}
}

// filtersAgg puts documents under the conditions that they meet, named or in order.
func filtersAgg(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	named, isMap := body["filters"].(map[string]any)
	list, _ := body["filters"].([]any)
	var names []string
	var matches []match
	for k, q := range named {
		m, t := c.compile(q)
		if t != nil {
			return nil, t
		}
		names, matches = append(names, k), append(matches, m)
	}
	for _, q := range list {
		m, t := c.compile(q)
		if t != nil {
			return nil, t
		}
		matches = append(matches, m)
	}
	if len(matches) == 0 {
		return nil, parsing("[filters] cannot be empty")
	}
	if other, _ := body["other_bucket"].(bool); other || body["other_bucket_key"] != nil {
		known := slices.Clone(matches)
		matches = append(matches, func(d *document) bool { return !enough(known, d, 1) })
		key := "_other_"
		if k, ok := body["other_bucket_key"].(string); ok {
			key = k
		}
		names = append(names, key)
	}
	return func() collector {
		f := &several{names: names, named: isMap}
		for _, m := range matches {
			f.parts = append(f.parts, filtered{newBucket(sub), m})
		}
		return f
	}, nil
}

type several struct {
	names []string
	named bool
	parts []filtered
}

func (s *several) add(d *document) {
	for _, p := range s.parts {
		p.add(d)
	}
}

func (s *several) result() map[string]any {
	if !s.named {
		list := make([]any, len(s.parts))
		for i, p := range s.parts {
			list[i] = p.result()
		}
		return map[string]any{"buckets": list}
	}
	out := map[string]any{}
	for i, p := range s.parts {
		out[s.names[i]] = p.result()
	}
	return map[string]any{"buckets": out}
}
