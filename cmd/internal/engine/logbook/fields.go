package logbook

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"rampart/analysis/frame"
	"rampart/sources"
)

// How much of one document is opened.
const (
	mostFields = 2000
	mostDepth  = 32
)

// fields flattens a document into dotted names in their order, values masked. What is no JSON has none.
func (l *Book) fields(doc []byte) []frame.Field {
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	var root any
	if err := dec.Decode(&root); err != nil {
		return nil
	}
	var out []frame.Field
	l.flatten("", root, 0, &out)
	return out
}

func (l *Book) flatten(name string, v any, depth int, out *[]frame.Field) {
	if len(*out) >= mostFields {
		return
	}
	object, ok := v.(map[string]any)
	if !ok || depth >= mostDepth {
		*out = append(*out, frame.Field{Name: sources.NewText(name), Value: l.redact.Mask(sources.NewText(valueText(v)), nil)})
		return
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		child := key
		if name != "" {
			child = name + "." + key
		}
		l.flatten(child, object[key], depth+1, out)
	}
}

// valueText is a value as text: a string as it is, anything else as JSON.
func valueText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
