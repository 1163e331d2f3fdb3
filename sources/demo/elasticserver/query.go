package elasticserver

import (
	"maps"
	"slices"
	"time"
)

// match says whether a document is one of those asked for.
type match func(*document) bool

// compiler turns queries into matches for the indexes of one search.
type compiler struct {
	indexes []*index
	now     time.Time
}

type clause func(*compiler, map[string]any) (match, *trouble)

// clauses lists the queries that are understood.
func clauses() map[string]clause {
	return map[string]clause{
		"bool": (*compiler).boolean, "match_all": all, "match_none": none, "term": (*compiler).term, "terms": (*compiler).terms,
		"range": (*compiler).between, "match": (*compiler).match, "match_phrase": (*compiler).phrase, "match_phrase_prefix": (*compiler).phrasePrefix,
		"multi_match": (*compiler).multiMatch, "exists": (*compiler).exists, "prefix": (*compiler).prefix, "wildcard": (*compiler).wildcard,
		"regexp": (*compiler).regexp, "ids": (*compiler).ids, "constant_score": (*compiler).constant,
		"function_score": (*compiler).drawn, "simple_query_string": (*compiler).simpleQueryString, "query_string": (*compiler).queryString,
	}
}

func all(*compiler, map[string]any) (match, *trouble) {
	return func(*document) bool { return true }, nil
}

func none(*compiler, map[string]any) (match, *trouble) {
	return func(*document) bool { return false }, nil
}

// compile reads one query object; nothing at all matches everything.
func (c *compiler) compile(q any) (match, *trouble) {
	if q == nil {
		return all(nil, nil)
	}
	m, ok := q.(map[string]any)
	if !ok {
		return nil, parsing("[bool] malformed query, expected a [START_OBJECT]")
	}
	if len(m) != 1 {
		return nil, bad("illegal_argument_exception", "query malformed, expected one query name but found %d: %v", len(m), slices.Sorted(maps.Keys(m)))
	}
	for name, body := range m {
		f, ok := clauses()[name]
		if !ok {
			return nil, parsing("unknown query [%s]", name)
		}
		b, ok := body.(map[string]any)
		if !ok {
			return nil, parsing("[%s] query malformed, no start_object after query name", name)
		}
		return f(c, b)
	}
	return all(nil, nil)
}

// list compiles one query or several.
func (c *compiler) list(v any) ([]match, *trouble) {
	items, ok := v.([]any)
	if !ok {
		if v == nil {
			return nil, nil
		}
		items = []any{v}
	}
	out := make([]match, 0, len(items))
	for _, q := range items {
		m, t := c.compile(q)
		if t != nil {
			return nil, t
		}
		out = append(out, m)
	}
	return out, nil
}

// boolean combines: must and filter all, must_not none, should at least as many as asked (one when nothing else is required).
func (c *compiler) boolean(q map[string]any) (match, *trouble) {
	parts := map[string][]match{}
	for name, v := range q {
		switch name {
		case "must", "filter", "should", "must_not":
			m, t := c.list(v)
			if t != nil {
				return nil, t
			}
			parts[name] = m
		case "minimum_should_match", "boost", "_name", "adjust_pure_negative":
		default:
			return nil, bad("x_content_parse_exception", "[1:1] [bool] unknown field [%s]", name)
		}
	}
	need := append(parts["must"], parts["filter"]...)
	should, least := parts["should"], 0
	if len(need) == 0 && len(should) > 0 {
		least = 1
	}
	if n, ok := numberOf(q["minimum_should_match"]); ok {
		least = int(n)
	}
	return func(d *document) bool {
		for _, m := range need {
			if !m(d) {
				return false
			}
		}
		for _, m := range parts["must_not"] {
			if m(d) {
				return false
			}
		}
		return least == 0 || enough(should, d, least)
	}, nil
}

func enough(ms []match, d *document, least int) bool {
	for _, m := range ms {
		if m(d) {
			if least--; least <= 0 {
				return true
			}
		}
	}
	return false
}

func (c *compiler) constant(q map[string]any) (match, *trouble) { return c.compile(q["filter"]) }

// only gives the one field of a query and what stands under it.
func only(name string, q map[string]any) (string, any, *trouble) {
	field, body, n := "", any(nil), 0
	for k, v := range q {
		if k != "boost" && k != "_name" {
			field, body = k, v
			n++
		}
	}
	if n != 1 {
		return "", nil, parsing("[%s] query doesn't support multiple fields, or has none", name)
	}
	return field, body, nil
}

// option reads the value of a query that may be given plainly or under a name beside options.
func option(body any, name string) (any, map[string]any) {
	if m, ok := body.(map[string]any); ok {
		return m[name], m
	}
	return body, nil
}

// drawn answers function_score as far as logs need it: a random score per document, the same for the same seed, above a lowest one.
func (c *compiler) drawn(q map[string]any) (match, *trouble) {
	inner, t := c.compile(q["query"])
	if t != nil {
		return nil, t
	}
	random, ok := q["random_score"].(map[string]any)
	if !ok {
		return nil, parsing("[function_score] is understood with [random_score] only")
	}
	seed, _ := numberOf(random["seed"])
	least, _ := numberOf(q["min_score"])
	return func(d *document) bool { return inner(d) && score(uint64(seed), uint64(d.seq)) >= least }, nil
}

// score spreads seed and position evenly over [0, 1) (the finalizer of splitmix64).
func score(seed, seq uint64) float64 {
	x := seed*0x9e3779b97f4a7c15 + seq
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return float64((x^x>>31)>>11) / (1 << 53)
}
