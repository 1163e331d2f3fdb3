package elasticserver

import (
	"math"
	"slices"
	"strings"
	"time"
)

// sourceFilter says which part of a body is wanted.
type sourceFilter struct {
	off      bool
	includes []string
	excludes []string
}

// sourceOf reads _source: a switch, a pattern, patterns, or both kinds of patterns.
func sourceOf(v any) sourceFilter {
	switch v := v.(type) {
	case bool:
		return sourceFilter{off: !v}
	case string, []any:
		return sourceFilter{includes: texts(v)}
	case map[string]any:
		return sourceFilter{includes: append(texts(v["includes"]), texts(v["include"])...), excludes: append(texts(v["excludes"]), texts(v["exclude"])...)}
	}
	return sourceFilter{}
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Split(v, ",")
	case []any:
		out := make([]string, len(v))
		for i, x := range v {
			out[i] = textOf(x)
		}
		return out
	}
	return nil
}

// apply keeps the wanted part; the body itself is never changed.
func (f *sourceFilter) apply(body map[string]any) map[string]any {
	if len(f.includes) == 0 && len(f.excludes) == 0 {
		return body
	}
	return f.prune(body, "")
}

func (f *sourceFilter) prune(m map[string]any, at string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		path := at + k
		if inner, ok := v.(map[string]any); ok && !f.named(f.excludes, path) {
			if kept := f.prune(inner, path+"."); len(kept) > 0 {
				out[k] = kept
			}
			continue
		}
		if (len(f.includes) == 0 || f.named(f.includes, path)) && !f.named(f.excludes, path) {
			out[k] = v
		}
	}
	return out
}

// named says whether a pattern names the path or an object around it.
func (f *sourceFilter) named(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return glob(p, path) || strings.HasPrefix(path, p+".") })
}

// fieldsOf answers `fields` and `docvalue_fields`: flat paths, each with a list of values.
func (s *search) fieldsOf(d *document) map[string]any {
	out := map[string]any{}
	for _, v := range s.fields {
		name, opts := option(v, "field")
		form := textOf(opts["format"])
		pattern := textOf(name)
		for _, x := range s.view.indexes {
			for path := range x.kinds {
				if !glob(pattern, path) {
					continue
				}
				if vs := d.field(path); len(vs) > 0 {
					out[path] = plain(vs, form)
				}
			}
		}
	}
	return out
}

// plain gives values as they are sent: whole numbers without a fraction, dates in ISO or as milliseconds.
func plain(vs []any, form string) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		switch v := v.(type) {
		case time.Time:
			out[i] = stamp(v)
			if form == "epoch_millis" {
				out[i] = textOf(float64(v.UnixMilli()))
			}
		case float64:
			out[i] = v
			if v == math.Trunc(v) {
				out[i] = int64(v)
			}
		default:
			out[i] = v
		}
	}
	return out
}
