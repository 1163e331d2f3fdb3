package elasticserver

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// mostBuckets is search.max_buckets.
const mostBuckets = 65536

// steps is a grid of buckets over numbers; dates are milliseconds.
type steps struct {
	field  string
	floor  func(float64) float64
	next   func(float64) float64
	least  int
	bounds [2]float64 // extended; NaN for none
	hard   [2]float64
	date   bool
	keyed  bool
}

// dateHistogram groups by time: a fixed interval, or one of the calendar's.
func dateHistogram(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	if t != nil {
		return nil, t
	}
	g := &steps{field: field, date: true, bounds: nowhere(), hard: nowhere()}
	fixed, _ := body["fixed_interval"].(string)
	calendar, _ := body["calendar_interval"].(string)
	units := map[string]byte{
		"1s": 's', "second": 's', "1m": 'm', "minute": 'm', "1h": 'h', "hour": 'h', "1d": 'd', "day": 'd', "1w": 'w', "week": 'w', "1M": 'M', "month": 'M', "1y": 'y', "year": 'y',
	}
	unit, known := units[calendar]
	span, ok := spanOf(fixed)
	switch {
	case fixed != "" && ok:
		offset, _ := body["offset"].(string)
		width, off := float64(span.Milliseconds()), offsetOf(offset)
		g.floor = func(v float64) float64 { return math.Floor((v-off)/width)*width + off }
		g.next = func(v float64) float64 { return v + width }
	case calendar != "" && known:
		g.floor = func(v float64) float64 {
			at, _ := floor(time.UnixMilli(int64(v)).UTC(), unit)
			return float64(at.UnixMilli())
		}
		g.next = func(v float64) float64 {
			at, _ := shift(time.UnixMilli(int64(v)).UTC(), 1, unit)
			return float64(at.UnixMilli())
		}
	case fixed == "" && calendar == "":
		return nil, onShard(bad("illegal_argument_exception", "Invalid interval specified, must be non-null and non-empty"))
	default:
		return nil, bad("x_content_parse_exception", "[1:1] [date_histogram] failed to parse field [fixed_interval] with value [%s%s]", fixed, calendar)
	}
	return g.read(c, body, sub)
}

// offsetOf reads how far the grid is moved, "+15s" or "-1m", in milliseconds.
func offsetOf(text string) float64 {
	back := strings.HasPrefix(text, "-")
	d, _ := spanOf(strings.TrimLeft(text, "+-"))
	if back {
		d = -d
	}
	return float64(d.Milliseconds())
}

// numberHistogram groups numbers by an interval.
func numberHistogram(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	if t != nil {
		return nil, t
	}
	width, ok := numberOf(body["interval"])
	if !ok || width <= 0 {
		return nil, bad("illegal_argument_exception", "[interval] must be >0 for histogram aggregation")
	}
	g := &steps{field: field, bounds: nowhere(), hard: nowhere()}
	g.floor = func(v float64) float64 { return math.Floor(v/width) * width }
	g.next = func(v float64) float64 { return v + width }
	return g.read(c, body, sub)
}

func nowhere() [2]float64 { return [2]float64{math.NaN(), math.NaN()} }

// read takes the options that both histograms share.
func (g *steps) read(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	if n, ok := numberOf(body["min_doc_count"]); ok {
		g.least = int(n)
	}
	g.keyed, _ = body["keyed"].(bool)
	for name, to := range map[string]*[2]float64{"extended_bounds": &g.bounds, "hard_bounds": &g.hard} {
		m, _ := body[name].(map[string]any)
		for i, end := range []string{"min", "max"} {
			if m[end] == nil {
				continue
			}
			v, ok := m[end].(float64)
			if g.date {
				at, t := moment(m[end], c.now, false)
				if t != nil {
					return nil, t
				}
				v, ok = float64(at), true
			}
			if ok {
				to[i] = v
			}
		}
	}
	if g.bounds[0] < g.hard[0] || g.bounds[1] > g.hard[1] {
		return nil, onShard(bad("illegal_argument_exception", "Extended bounds have to be inside hard bounds"))
	}
	hard := [2]float64{g.floor(g.hard[0]), g.floor(g.hard[1])} // they hold for the buckets' keys, the upper one exclusively
	keys := func(d *document) []any {
		var out []any
		for _, v := range d.field(g.field) {
			if f, ok := figure(v); ok {
				if k := g.floor(f); !(k < hard[0]) && !(k >= hard[1]) {
					out = append(out, k)
				}
			}
		}
		return out
	}
	return func() collector {
		return &keyed{sub, map[any]*bucket{}, keys, func(m map[any]*bucket) map[string]any { return g.finish(m, sub) }}
	}, nil
}

// finish lists the buckets in order, empty ones between them included where nothing is required of a bucket.
func (g *steps) finish(m map[any]*bucket, sub []aggregation) map[string]any {
	at := make([]float64, 0, len(m))
	for k := range maps.Keys(m) {
		at = append(at, k.(float64))
	}
	slices.Sort(at)
	if g.least == 0 {
		at = g.fill(at)
	}
	list, byName := []any{}, map[string]any{}
	for _, k := range at {
		b := m[k]
		if b == nil {
			b = newBucket(sub)
		}
		if b.n < g.least {
			continue
		}
		out := b.result()
		name(out, k, g.date)
		list = append(list, out)
		byName[textOf(k)] = out
	}
	if g.keyed {
		return map[string]any{"buckets": byName}
	}
	return map[string]any{"buckets": list}
}

// fill gives every step from the first bucket or bound to the last, as many as the server allows.
func (g *steps) fill(at []float64) []float64 {
	lo, hi := math.NaN(), math.NaN()
	if len(at) > 0 {
		lo, hi = at[0], at[len(at)-1]
	}
	if b := g.floor(g.bounds[0]); !math.IsNaN(b) && !(lo <= b) {
		lo = b
	}
	if b := g.floor(g.bounds[1]); !math.IsNaN(b) && !(hi >= b) {
		hi = b
	}
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return at
	}
	var out []float64
	for v := lo; v <= hi && len(out) < mostBuckets; v = g.next(v) {
		out = append(out, v)
	}
	return out
}

// span is one range of an aggregation; an open end is NaN.
type span struct {
	key      string
	from, to float64
}

// ranges puts documents under the spans that their values lie in, from included, to not; dates may be written as date math.
func ranges(c *compiler, body map[string]any, sub []aggregation) (func() collector, *trouble) {
	field, t := c.fieldOf(body)
	if t != nil {
		return nil, t
	}
	list, _ := body["ranges"].([]any)
	if len(list) == 0 {
		return nil, bad("illegal_argument_exception", "No [ranges] specified for the [x] aggregation")
	}
	date := kind(c.indexes, field) == "date"
	var spans []span
	for _, item := range list {
		m, _ := item.(map[string]any)
		s := span{from: math.NaN(), to: math.NaN()}
		s.key, _ = m["key"].(string)
		for name, to := range map[string]*float64{"from": &s.from, "to": &s.to} {
			if m[name] == nil {
				continue
			}
			if *to, t = c.edge(m[name], date); t != nil {
				return nil, t
			}
		}
		spans = append(spans, s)
	}
	return func() collector {
		r := &inSpans{field: field, date: date, spans: spans}
		for range spans {
			r.buckets = append(r.buckets, newBucket(sub))
		}
		return r
	}, nil
}

// edge reads the end of a range.
func (c *compiler) edge(v any, date bool) (float64, *trouble) {
	if date {
		at, t := moment(v, c.now, false)
		return float64(at), t
	}
	f, ok := numberOf(v)
	if !ok {
		return 0, bad("x_content_parse_exception", "[1:1] [range] failed to parse field [ranges]")
	}
	return f, nil
}

// inSpans is the collector of ranges.
type inSpans struct {
	field   string
	date    bool
	spans   []span
	buckets []*bucket
}

func (r *inSpans) add(d *document) {
	for i, s := range r.spans {
		for _, v := range d.field(r.field) {
			if f, ok := figure(v); ok && !(f < s.from) && !(f >= s.to) {
				r.buckets[i].add(d)
				break
			}
		}
	}
}

func (r *inSpans) result() map[string]any {
	list := make([]any, len(r.spans))
	for i, s := range r.spans {
		out := r.buckets[i].result()
		text := map[string]string{"from": "*", "to": "*"}
		for name, v := range map[string]float64{"from": s.from, "to": s.to} {
			if math.IsNaN(v) {
				continue
			}
			out[name], text[name] = v, decimal(v)
			if r.date {
				text[name] = stamp(time.UnixMilli(int64(v)))
				out[name+"_as_string"] = text[name]
			}
		}
		if out["key"] = s.key; s.key == "" {
			out["key"] = text["from"] + "-" + text["to"]
		}
		list[i] = out
	}
	return map[string]any{"buckets": list}
}
