package elastic_test

import (
	"fmt"
	"hash/fnv"
	"path"
	"slices"
	"strconv"
	"strings"
)

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
