package elasticserver

import (
	"maps"
	"slices"
	"time"
)

// aggregation is one named aggregation, read and checked; start makes the collector of a bucket.
type aggregation struct {
	name  string
	start func() collector
}

// collector takes the documents of a bucket and gives the aggregation's answer.
type collector interface {
	add(*document)
	result() map[string]any
}

// maker reads the body of one type; sub are the aggregations inside it.
type maker func(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble)

// makers lists the types that are understood.
func makers() map[string]maker {
	m := map[string]maker{
		"terms": termsAgg, "date_histogram": dateHistogram, "range": ranges, "date_range": ranges, "histogram": numberHistogram, "filters": filtersAgg, "filter": filterAgg, "missing": missingAgg,
		"sampler": through, "random_sampler": randomSampler, "diversified_sampler": through, "global": through,
		"percentiles": percentilesAgg, "cardinality": cardinality, "value_count": valueCount, "stats": statsAgg, "top_hits": topHits,
	}
	for _, name := range []string{"min", "max", "avg", "sum"} {
		m[name] = oneFigure(name)
	}
	return m
}

// aggregations reads a whole level, in the order of the names.
func (c *compiler) aggregations(v any) ([]aggregation, *trouble) {
	m, _ := v.(map[string]any)
	var out []aggregation
	for _, name := range slices.Sorted(maps.Keys(m)) {
		def, ok := m[name].(map[string]any)
		if !ok {
			return nil, parsing("Expected [START_OBJECT] under [%s]", name)
		}
		inner := def["aggs"]
		if inner == nil {
			inner = def["aggregations"]
		}
		sub, t := c.aggregations(inner)
		if t != nil {
			return nil, t
		}
		a := aggregation{name: name}
		for kind, body := range def {
			if kind == "aggs" || kind == "aggregations" || kind == "meta" {
				continue
			}
			reads, known := makers()[kind]
			if !known {
				return nil, parsing("Unknown aggregation type [%s]", kind)
			}
			b, _ := body.(map[string]any)
			if a.start, t = reads(c, b, sub); t != nil {
				return nil, t
			}
		}
		if a.start == nil {
			return nil, parsing("Missing definition for aggregation [%s]", name)
		}
		out = append(out, a)
	}
	return out, nil
}

// bucket counts documents and hands them to the aggregations inside.
type bucket struct {
	n      int
	sub    []aggregation
	inside []collector
}

func newBucket(sub []aggregation) *bucket {
	b := &bucket{sub: sub, inside: make([]collector, len(sub))}
	for i := range sub {
		b.inside[i] = sub[i].start()
	}
	return b
}

func (b *bucket) add(d *document) {
	b.n++
	for _, c := range b.inside {
		c.add(d)
	}
}

func (b *bucket) result() map[string]any {
	out := b.answers()
	out["doc_count"] = b.n
	return out
}

// answers are those of the aggregations inside, by name.
func (b *bucket) answers() map[string]any {
	out := map[string]any{}
	for i, c := range b.inside {
		out[b.sub[i].name] = c.result()
	}
	return out
}

// fieldOf reads the field that a type works on; a text field cannot be aggregated.
func (c *compiler) fieldOf(body map[string]any) (string, *trouble) {
	field, ok := body["field"].(string)
	if !ok {
		return "", bad("illegal_argument_exception", "Required one of fields [field, script], but none were specified.")
	}
	if analyzed(kind(c.indexes, field)) {
		return "", c.sortable(field, false)
	}
	return field, nil
}

// figure gives a value as a number; dates are milliseconds.
func figure(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case time.Time:
		return float64(v.UnixMilli()), true
	}
	return 0, false
}

// through passes everything: the samplers of a store this small need not sample.
func through(_ *compiler, _ map[string]any, sub []aggregation) (func() collector, *trouble) {
	return func() collector { return newBucket(sub) }, nil
}

// randomSampler takes every document, and says so as the real one does.
func randomSampler(_ *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	p, ok := numberOf(body["probability"])
	if !ok || p <= 0 || p > 1 {
		return nil, bad("illegal_argument_exception", "[probability] must be between 0.0 and 0.5 or exactly 1.0, was [%v]", body["probability"])
	}
	return func() collector { return sampled{newBucket(sub), p} }, nil
}

type sampled struct {
	*bucket
	probability float64
}

func (s sampled) result() map[string]any {
	out := s.bucket.result()
	out["probability"], out["seed"] = s.probability, 0
	return out
}

// filtered is a bucket with a condition.
type filtered struct {
	*bucket
	match match
}

func (f filtered) add(d *document) {
	if f.match(d) {
		f.bucket.add(d)
	}
}

func filterAgg(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	m, t := c.compile(any(body))
	return func() collector { return filtered{newBucket(sub), m} }, t
}

func missingAgg(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	m := func(d *document) bool { return len(d.field(field)) == 0 }
	return func() collector { return filtered{newBucket(sub), m} }, t
}
