package elasticserver

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// figures collects the numbers of a field for the aggregations that give one answer about all of them.
type figures struct {
	field   string
	missing any
	values  []float64
	finish  func([]float64) map[string]any
}

func (f *figures) add(d *document) {
	vs := d.field(f.field)
	if len(vs) == 0 && f.missing != nil {
		vs = []any{f.missing}
	}
	for _, v := range vs {
		if n, ok := figure(v); ok {
			f.values = append(f.values, n)
		}
	}
}

func (f *figures) result() map[string]any { return f.finish(f.values) }

// oneFigure makes min, max, avg and sum; without a value all but the sum are null.
func oneFigure(name string) maker {
	return func(c *compiler, body map[string]any, _ []aggregation) (func() collector, *trouble) {
		field, t := c.fieldOf(body)
		if t != nil {
			return nil, t
		}
		return func() collector {
			return &figures{field: field, missing: body["missing"], finish: func(vs []float64) map[string]any {
				out := map[string]any{"value": summary(vs)[name]}
				if v, ok := out["value"].(float64); ok && kind(c.indexes, field) == "date" {
					out["value_as_string"] = stamp(time.UnixMilli(int64(v)))
				}
				return out
			}}
		}, nil
	}
}

func statsAgg(c *compiler, body map[string]any, _ []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	return func() collector { return &figures{field: field, missing: body["missing"], finish: summary} }, t
}

// summary gives count, min, max, avg and sum.
func summary(vs []float64) map[string]any {
	sum := 0.
	for _, v := range vs {
		sum += v
	}
	if len(vs) == 0 {
		return map[string]any{"count": 0, "min": nil, "max": nil, "avg": nil, "sum": 0.}
	}
	return map[string]any{"count": len(vs), "min": slices.Min(vs), "max": slices.Max(vs), "avg": sum / float64(len(vs)), "sum": sum}
}

// percentilesAgg gives exact percentiles, linear between the values; the real server's are estimates of the same.
func percentilesAgg(c *compiler, body map[string]any, _ []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	if t != nil {
		return nil, t
	}
	percents := []float64{1, 5, 25, 50, 75, 95, 99}
	if list, ok := body["percents"].([]any); ok {
		percents = percents[:0]
		for _, v := range list {
			p, ok := numberOf(v)
			if !ok || p < 0 || p > 100 {
				return nil, bad("illegal_argument_exception", "percent must be in [0,100], got [%v]", v)
			}
			percents = append(percents, p)
		}
	}
	asMap := true
	if v, ok := body["keyed"].(bool); ok {
		asMap = v
	}
	finish := func(vs []float64) map[string]any {
		slices.Sort(vs)
		byName, list := map[string]any{}, []any{}
		for _, p := range percents {
			v := quantile(vs, p/100)
			byName[decimal(p)] = v
			list = append(list, map[string]any{"key": p, "value": v})
		}
		if asMap {
			return map[string]any{"values": byName}
		}
		return map[string]any{"values": list}
	}
	return func() collector { return &figures{field: field, missing: body["missing"], finish: finish} }, nil
}

// decimal writes a number as Java does, with a fraction always.
func decimal(f float64) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if f == math.Trunc(f) {
		text += ".0"
	}
	return text
}

// quantile of sorted values, linear between neighbours; nil without values.
func quantile(vs []float64, q float64) any {
	if len(vs) == 0 {
		return nil
	}
	at := q * float64(len(vs)-1)
	i := int(at)
	if i+1 >= len(vs) {
		return vs[len(vs)-1]
	}
	return vs[i] + (at-float64(i))*(vs[i+1]-vs[i])
}

// distinct counts values, all or different ones.
type distinct struct {
	field string
	n     int
	seen  map[any]struct{} // nil to count all
}

func (x *distinct) add(d *document) {
	for _, v := range d.field(x.field) {
		x.n++
		if x.seen != nil {
			x.seen[v] = struct{}{}
		}
	}
}

func (x *distinct) result() map[string]any {
	if x.seen != nil {
		return map[string]any{"value": len(x.seen)}
	}
	return map[string]any{"value": x.n}
}

func cardinality(c *compiler, body map[string]any, _ []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	return func() collector { return &distinct{field: field, seen: map[any]struct{}{}} }, t
}

func valueCount(c *compiler, body map[string]any, _ []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	return func() collector { return &distinct{field: field} }, t
}

// tops keeps the best documents of a bucket.
type tops struct {
	s *search
	f found
	n int
}

func topHits(c *compiler, body map[string]any, _ []aggregation) (func() collector, *trouble) {
	size := map[string]any{"size": 3.}
	for k, v := range body {
		size[k] = v
	}
	s, t := newSearch(size, view{indexes: c.indexes}, c)
	return func() collector { return &tops{s: s, f: found{keys: s.keys}} }, t
}

func (t *tops) add(d *document) {
	t.n++
	t.f.hits = append(t.f.hits, hit{d: *d, place: place(d, t.s.keys)})
	if len(t.f.hits) > 4*(t.s.size+1) {
		t.trim()
	}
}

func (t *tops) trim() {
	t.f.sort()
	t.f.hits = t.f.hits[:min(t.s.size, len(t.f.hits))]
}

func (t *tops) result() map[string]any {
	t.trim()
	list := make([]any, len(t.f.hits))
	for i := range t.f.hits {
		list[i] = t.s.show(&t.f.hits[i])
	}
	return map[string]any{"hits": map[string]any{"total": map[string]any{"value": t.n, "relation": "eq"}, "max_score": nil, "hits": list}}
}
