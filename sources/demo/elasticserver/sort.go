package elasticserver

import (
	"cmp"
	"math"
	"strings"
	"time"
)

// key is one part of a sort.
type key struct {
	field string
	down  bool
	first bool   // documents without the field come first
	form  string // of dates in the answer
}

// The pseudo fields that sort by position in the index.
func positional(field string) bool {
	return field == "_doc" || field == "_shard_doc" || field == "_seq_no"
}

// keysOf reads a sort: names, name:direction, or objects.
func (c *compiler) keysOf(v any) ([]key, *trouble) {
	items, ok := v.([]any)
	if !ok {
		if v == nil {
			return nil, nil
		}
		items = []any{v}
	}
	var out []key
	for _, item := range items {
		var k key
		optional := false
		switch item := item.(type) {
		case string:
			name, order, _ := strings.Cut(item, ":")
			k = key{field: name, down: order == "desc" || name == "_score" && order == ""}
		case map[string]any:
			field, body, t := only("sort", item)
			if t != nil {
				return nil, t
			}
			order, opts := option(body, "order")
			k = key{field: field, down: textOf(order) == "desc" || field == "_score" && order == nil, first: textOf(opts["missing"]) == "_first"}
			k.form, _ = opts["format"].(string)
			_, optional = opts["unmapped_type"]
		default:
			return nil, parsing("malformed sort format, within the sort array, an object, or an actual string are allowed")
		}
		if t := c.sortable(k.field, optional); t != nil {
			return nil, t
		}
		out = append(out, k)
	}
	return out, nil
}

// sortable refuses what the real server refuses: unknown fields, and texts without doc values.
func (c *compiler) sortable(field string, optional bool) *trouble {
	k := kind(c.indexes, field)
	switch {
	case positional(field) || field == "_score" || field == "_id" || optional || len(c.indexes) == 0:
		return nil
	case k == "":
		return onShard(bad("query_shard_exception", "No mapping found for [%s] in order to sort on", field))
	case analyzed(k):
		return onShard(bad("illegal_argument_exception", "Fielddata is disabled on [%s] in [%s]. Text fields are not optimised for operations that require per-document "+
			"field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead.", field, c.indexes[0].name))
	}
	return nil
}

// values gives a document's place in the order; dates are milliseconds.
func place(d *document, keys []key) []any {
	out := make([]any, len(keys))
	for i, k := range keys {
		switch {
		case positional(k.field):
			out[i] = float64(d.seq)
		case k.field == "_score":
			out[i] = 1.
		default:
			if vs := d.field(k.field); len(vs) > 0 {
				out[i] = vs[0]
				if t, ok := vs[0].(time.Time); ok {
					out[i] = float64(t.UnixMilli())
				}
			}
		}
	}
	return out
}

// order compares two places.
func order(a, b []any, keys []key) int {
	for i, k := range keys {
		if c := k.compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func (k *key) compare(a, b any) int {
	if a == nil || b == nil {
		missing := cmp.Compare(isNil(b), isNil(a)) // a missing: after
		if k.first {
			return missing
		}
		return -missing
	}
	if k.down {
		a, b = b, a
	}
	if x, ok := a.(float64); ok {
		y, _ := numberOf(b)
		return cmp.Compare(x, y)
	}
	return strings.Compare(textOf(a), textOf(b))
}

func isNil(v any) int {
	if v == nil {
		return 1
	}
	return 0
}

// shown gives a place as it is sent: numbers as they are, dates in the form asked for, nothing as null.
func shown(values []any, keys []key, indexes []*index) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
		f, ok := v.(float64)
		if !ok {
			continue
		}
		if kind(indexes, keys[i].field) == "date" && keys[i].form != "" && keys[i].form != "epoch_millis" {
			out[i] = stamp(time.UnixMilli(int64(f)))
		} else if f == math.Trunc(f) {
			out[i] = int64(f)
		}
	}
	return out
}

// after reads search_after: as many values as the sort has keys, dates as numbers or texts.
func (c *compiler) after(v any, keys []key) ([]any, *trouble) {
	items, ok := v.([]any)
	if !ok {
		return nil, parsing("search_after must be an array")
	}
	if len(items) != len(keys) {
		return nil, onShard(bad("illegal_argument_exception", "search_after has %d value(s) but sort has %d.", len(items), len(keys)))
	}
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = item
		if kind(c.indexes, keys[i].field) == "date" && item != nil {
			at, t := moment(item, c.now, false)
			if t != nil {
				return nil, t
			}
			out[i] = float64(at)
		}
	}
	return out, nil
}
