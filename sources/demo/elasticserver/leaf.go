package elasticserver

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// numberOf reads a number that may come as a string, as Elasticsearch allows.
func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		f, err := strconv.ParseFloat(v, 64)
		return f, err == nil
	}
	return 0, false
}

// textOf gives a scalar as text.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		return stamp(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// equal makes the test for one exact value, by the field's type.
func (c *compiler) equal(field string, want any, fold bool) (func(any) bool, *trouble) {
	k := kind(c.indexes, field)
	switch {
	case k == "date":
		at, t := moment(want, c.now, false)
		return func(v any) bool { m, ok := v.(time.Time); return ok && m.UnixMilli() == at }, t
	case k == "long" || k == "float" || k == "double":
		n, ok := numberOf(want)
		if !ok {
			return nil, onShard(bad("query_shard_exception", "failed to create query: For input string: %q", textOf(want)))
		}
		return func(v any) bool { return v == n }, nil
	case analyzed(k):
		text := textOf(want)
		return func(v any) bool { return slices.Contains(tokens(textOf(v)), text) }, nil
	}
	text := textOf(want)
	return func(v any) bool { return textOf(v) == text || fold && strings.EqualFold(textOf(v), text) }, nil
}

// anyOf lifts a test of one value to a document.
func anyOf(field string, test func(any) bool) match {
	return func(d *document) bool {
		if f, ok := d.index.ecs[field]; ok && d.source == nil { // the world's lines have one value at most: no list is made for it
			v := f.get(&d.line)
			return v != nil && test(v)
		}
		return slices.ContainsFunc(d.field(field), test)
	}
}

func (c *compiler) term(q map[string]any) (match, *trouble) {
	field, body, t := only("term", q)
	if t != nil {
		return nil, t
	}
	want, opts := option(body, "value")
	fold, _ := opts["case_insensitive"].(bool)
	test, t := c.equal(field, want, fold)
	return anyOf(field, test), t
}

func (c *compiler) terms(q map[string]any) (match, *trouble) {
	field, body, t := only("terms", q)
	if t != nil {
		return nil, t
	}
	list, ok := body.([]any)
	if !ok {
		return nil, parsing("[terms] query does not support [%s]", field)
	}
	var tests []func(any) bool
	for _, want := range list {
		test, t := c.equal(field, want, false)
		if t != nil {
			return nil, t
		}
		tests = append(tests, test)
	}
	return anyOf(field, func(v any) bool {
		return slices.ContainsFunc(tests, func(f func(any) bool) bool { return f(v) })
	}), nil
}

// between answers range, over dates, numbers and texts.
func (c *compiler) between(q map[string]any) (match, *trouble) {
	field, body, t := only("range", q)
	if t != nil {
		return nil, t
	}
	bounds, ok := body.(map[string]any)
	if !ok {
		return nil, parsing("[range] query malformed, no start_object after field name")
	}
	if field == "@timestamp" {
		return c.window(bounds)
	}
	var tests []func(any) bool
	for op, want := range bounds {
		switch op {
		case "gte", "gt", "lte", "lt":
			if want == nil {
				continue
			}
			test, t := c.bound(field, op, want)
			if t != nil {
				return nil, t
			}
			tests = append(tests, test)
		case "format", "time_zone", "boost", "relation", "_name":
		default:
			return nil, parsing("[range] query does not support [%s]", op)
		}
	}
	return anyOf(field, func(v any) bool {
		return !slices.ContainsFunc(tests, func(f func(any) bool) bool { return !f(v) })
	}), nil
}

// window is a range of @timestamp, which nearly every search has: it reads the stored milliseconds.
func (c *compiler) window(bounds map[string]any) (match, *trouble) {
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	for op, want := range bounds {
		if want == nil || op == "format" || op == "time_zone" || op == "boost" || op == "relation" || op == "_name" {
			continue
		}
		at, t := moment(want, c.now, op == "gt" || op == "lte")
		if t != nil {
			return nil, t
		}
		switch op {
		case "gte":
			from = max(from, at)
		case "gt":
			from = max(from, at+1)
		case "lte":
			to = min(to, at)
		case "lt":
			to = min(to, at-1)
		default:
			return nil, parsing("[range] query does not support [%s]", op)
		}
	}
	return func(d *document) bool { return d.at >= from && d.at <= to }, nil
}

func (c *compiler) bound(field, op string, want any) (func(any) bool, *trouble) {
	holds := map[string]func(int) bool{
		"gte": func(s int) bool { return s >= 0 }, "gt": func(s int) bool { return s > 0 },
		"lte": func(s int) bool { return s <= 0 }, "lt": func(s int) bool { return s < 0 },
	}[op]
	k := kind(c.indexes, field)
	if k == "date" {
		at, t := moment(want, c.now, op == "gt" || op == "lte")
		return func(v any) bool {
			m, ok := v.(time.Time)
			return ok && holds(cmp.Compare(m.UnixMilli(), at))
		}, t
	}
	if n, ok := numberOf(want); ok && k != "keyword" {
		return func(v any) bool { f, ok := v.(float64); return ok && holds(cmp.Compare(f, n)) }, nil
	}
	return func(v any) bool { return holds(strings.Compare(textOf(v), textOf(want))) }, nil
}

func (c *compiler) exists(q map[string]any) (match, *trouble) {
	field, ok := q["field"].(string)
	if !ok {
		return nil, parsing("[exists] must be provided with a [field]")
	}
	under := field + "."
	return func(d *document) bool {
		if len(d.field(field)) > 0 {
			return true
		}
		for _, x := range c.indexes { // an object exists when one of its fields does
			for path := range x.kinds {
				if strings.HasPrefix(path, under) && len(d.field(path)) > 0 {
					return true
				}
			}
		}
		return false
	}, nil
}

func (c *compiler) prefix(q map[string]any) (match, *trouble) {
	return c.pattern("prefix", "value", q, func(p string) (func(string) bool, error) {
		return func(s string) bool { return strings.HasPrefix(s, p) }, nil
	})
}

func (c *compiler) wildcard(q map[string]any) (match, *trouble) {
	return c.pattern("wildcard", "value", q, func(p string) (func(string) bool, error) {
		return func(s string) bool { return glob(p, s) }, nil
	})
}

func (c *compiler) regexp(q map[string]any) (match, *trouble) {
	return c.pattern("regexp", "value", q, func(p string) (func(string) bool, error) {
		re, err := regexp.Compile("^(?:" + p + ")$")
		if err != nil {
			return nil, err
		}
		return re.MatchString, nil
	})
}

// pattern answers the queries that try a pattern on whole values, or on each token of an analyzed field.
func (c *compiler) pattern(name, value string, q map[string]any, compile func(string) (func(string) bool, error)) (match, *trouble) {
	field, body, t := only(name, q)
	if t != nil {
		return nil, t
	}
	want, opts := option(body, value)
	if want == nil {
		want = opts["wildcard"]
	}
	p := textOf(want)
	fold, _ := opts["case_insensitive"].(bool)
	if fold {
		p = strings.ToLower(p)
	}
	test, err := compile(p)
	if err != nil {
		return nil, bad("illegal_argument_exception", "%v", err)
	}
	cut := analyzed(kind(c.indexes, field))
	return anyOf(field, func(v any) bool {
		s := textOf(v)
		if fold {
			s = strings.ToLower(s)
		}
		if cut {
			return slices.ContainsFunc(tokens(s), test)
		}
		return test(s)
	}), nil
}

func (c *compiler) ids(q map[string]any) (match, *trouble) {
	list, ok := q["values"].([]any)
	if !ok {
		return nil, parsing("[ids] requires providing [values]")
	}
	return func(d *document) bool { return slices.Contains(list, any(d.docID())) }, nil
}
