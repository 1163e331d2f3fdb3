package elasticserver

import (
	"strconv"
	"strings"
	"time"

	"rampart/sources/demo/world"
)

// document is one stored line: either one of the world's, whose fields are computed when somebody asks, or one that came by _bulk.
type document struct {
	seq     int64 // position in the store, for ever
	at      int64 // @timestamp, ms
	visible int64 // ms from which a search finds it
	index   *index
	line    world.Line
	id      string           // of a bulk document
	source  map[string]any   // of a bulk document
	values  map[string][]any // of a bulk document, by flat path
}

// docID gives the document's _id.
func (d *document) docID() string {
	if d.source != nil {
		return d.id
	}
	return d.line.ID()
}

// field gives the values at a path: strings, float64, bool, or time.Time for dates; nothing when the field is missing.
func (d *document) field(path string) []any {
	if path == "_id" {
		return []any{d.docID()}
	}
	if path == "_index" {
		return []any{d.index.name}
	}
	if d.source != nil {
		return d.values[path]
	}
	f, ok := d.index.ecs[path]
	if !ok {
		return nil
	}
	if v := f.get(&d.line); v != nil {
		return []any{v}
	}
	return nil
}

// body gives the document as it was sent.
func (d *document) body() map[string]any {
	if d.source != nil {
		return d.source
	}
	out := map[string]any{}
	for _, f := range d.index.order {
		v := f.get(&d.line)
		if v == nil {
			continue
		}
		if t, ok := v.(time.Time); ok {
			v = stamp(t)
		}
		put(out, f.path, v)
	}
	return out
}

// put sets a value at a dotted path, making the objects on the way.
func put(m map[string]any, path string, v any) {
	for {
		head, rest, deeper := strings.Cut(path, ".")
		if !deeper {
			m[head] = v
			return
		}
		next, ok := m[head].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[head] = next
		}
		m, path = next, rest
	}
}

// stamp writes a time as Beats do.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// lineField is one field of the world's lines in ECS.
type lineField struct {
	path, kind string
	get        func(*world.Line) any
}

// some gives nil for an empty text: the field is then missing.
func some(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// request wraps a field that only lines about a request have.
func request(get func(*world.Line) any) func(*world.Line) any {
	return func(l *world.Line) any {
		if l.Code == 0 {
			return nil
		}
		return get(l)
	}
}

// ecs lists the fields of a line, in the order of its body.
func ecs() []lineField {
	always := func(v string) func(*world.Line) any { return func(*world.Line) any { return v } }
	return []lineField{
		{"@timestamp", "date", func(l *world.Line) any { return l.At.Truncate(time.Millisecond) }},
		{"ecs.version", "keyword", always("8.11.0")},
		{"log.level", "keyword", func(l *world.Line) any { return string(l.Level()) }},
		{"log.logger", "keyword", always("ranker.serve")},
		{"message", "match_only_text", func(l *world.Line) any { return l.Message() }},
		{"service.name", "keyword", always("ranker")},
		{"service.version", "keyword", func(l *world.Line) any { return l.Model.Version }},
		{"service.environment", "keyword", always("prod")},
		{"labels.track", "keyword", func(l *world.Line) any { return l.Pod.Track.String() }},
		{"labels.app", "keyword", always("ranker")},
		{"kubernetes.namespace", "keyword", always("prod")},
		{"kubernetes.pod.name", "keyword", func(l *world.Line) any { return l.Pod.Name }},
		{"host.name", "keyword", func(l *world.Line) any { return l.Pod.Name }},
		{"trace.id", "keyword", func(l *world.Line) any {
			if l.Code == 0 && l.Of == 0 {
				return nil
			}
			return l.TraceID()
		}},
		{"error.type", "keyword", func(l *world.Line) any { return some(l.Cause.ErrorType()) }},
		{"error.message", "match_only_text", func(l *world.Line) any {
			if l.Cause.ErrorType() == "" {
				return nil
			}
			return l.Message()
		}},
		{"error.stack_trace", "wildcard", func(l *world.Line) any { return some(l.Stack()) }},
		{"url.path", "keyword", request(func(l *world.Line) any { return l.Route.Path() })},
		{"http.request.method", "keyword", request(always("POST"))},
		{"http.response.status_code", "long", request(func(l *world.Line) any { return float64(l.Code) })},
		{"event.dataset", "keyword", always("ranker.app")},
		{"event.duration", "long", request(func(l *world.Line) any { return float64(l.Took) })},
		{"event.outcome", "keyword", request(func(l *world.Line) any {
			if l.Code >= 500 {
				return "failure"
			}
			return "success"
		})},
		{"event.ingested", "date", func(l *world.Line) any { return l.Ingested.Truncate(time.Millisecond) }},
		{"user.id", "keyword", request(func(l *world.Line) any { return strconv.Itoa(int(l.User)) })},
		{"prediction.score", "float", func(l *world.Line) any {
			if l.Code != 200 {
				return nil
			}
			return l.Score
		}},
		{"prediction.item", "keyword", func(l *world.Line) any {
			if l.Code != 200 {
				return nil
			}
			return "item-" + strconv.Itoa(l.Item())
		}},
		{"prediction.model", "keyword", request(func(l *world.Line) any { return l.Model.Name })},
		{"outcome.click", "boolean", func(l *world.Line) any {
			if l.Of == 0 {
				return nil
			}
			return l.Clicked
		}},
		{"data_stream.type", "constant_keyword", always("logs")},
		{"data_stream.dataset", "constant_keyword", always("ranker")},
		{"data_stream.namespace", "constant_keyword", always("prod")},
	}
}
