package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rampart/cmd/internal/report"
)

// shape is as much of JSON Schema as ours say.
type shape struct {
	Ref        string            `json:"$ref"`
	Defs       map[string]*shape `json:"$defs"`
	Type       string            `json:"type"`
	Properties map[string]*shape `json:"properties"`
	Required   []string          `json:"required"`
	Items      *shape            `json:"items"`
	Enum       []any             `json:"enum"`
	Const      any               `json:"const"`
	OneOf      []*shape          `json:"oneOf"`
	Other      json.RawMessage   `json:"additionalProperties"`
}

// UnmarshalJSON also takes true, which is a schema that anything fits.
func (s *shape) UnmarshalJSON(b []byte) error {
	if string(b) == "true" {
		return nil
	}
	type plain shape
	return json.Unmarshal(b, (*plain)(s))
}

func shapeOf(t interface{ Fatal(...any) }, name string) *shape {
	b, err := report.Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &shape{}
	if err := json.Unmarshal(b, s); err != nil {
		t.Fatal(err)
	}
	return s
}

// faults are what is wrong with a document by its schema. A key that the schema does not name is wrong too: ours are made
// of the types that are printed.
func (root *shape) faults(s *shape, at string, v any) []string {
	if s.Ref != "" {
		name := strings.TrimPrefix(s.Ref, "#/$defs/")
		if s = root.Defs[name]; s == nil || name != url.PathEscape(name) { // another validator reads a pointer in a URI
			return []string{at + ": the reference " + name + " leads nowhere"}
		}
	}
	if len(s.OneOf) > 0 {
		if !slices.ContainsFunc(s.OneOf, func(one *shape) bool { return len(root.faults(one, at, v)) == 0 }) {
			return []string{fmt.Sprintf("%s: %v is none of %d", at, v, len(s.OneOf))}
		}
		return nil
	}
	if s.Const != nil && s.Const != v || len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		return []string{fmt.Sprintf("%s: %v, want %v %v", at, v, s.Const, s.Enum)}
	}
	if kind := kindOf(v); s.Type != "" && kind != s.Type && (kind != "integer" || s.Type != "number") {
		return []string{fmt.Sprintf("%s: a %s, want a %s", at, kind, s.Type)}
	}
	return root.inside(s, at, v)
}

// inside are the faults of what an object or a list holds.
func (root *shape) inside(s *shape, at string, v any) (out []string) {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			if s.Items != nil {
				out = append(out, root.faults(s.Items, fmt.Sprintf("%s[%d]", at, i), e)...)
			}
		}
	case map[string]any:
		for _, k := range s.Required {
			if _, ok := v[k]; !ok {
				out = append(out, at+": lacks "+k)
			}
		}
		for k, e := range v {
			p, known := s.Properties[k]
			switch {
			case known:
				out = append(out, root.faults(p, at+"."+k, e)...)
			case s.Type == "object" && s.Other == nil:
				out = append(out, at+": "+k+" is not in the schema")
			}
		}
	}
	return out
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// valid checks every document of a file by its schema: valid check stdout.
func valid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: valid check|ramp|rollback|doctor|audit FILE")
	}
	s := shapeOf(fatal{ts}, args[0])
	dec, n := json.NewDecoder(strings.NewReader(ts.ReadFile(args[1]))), 0
	for ; ; n++ {
		var v any
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			ts.Fatalf("%s: %v", args[1], err)
		}
		if wrong := s.faults(s, args[0], v); len(wrong) > 0 {
			ts.Fatalf("document %d is not what its schema says:\n%s", n+1, strings.Join(wrong, "\n"))
		}
	}
	if n == 0 {
		ts.Fatalf("%s holds no document", args[1])
	}
}

// fatal ends a script.
type fatal struct{ ts *testscript.TestScript }

// Fatal ends it.
func (f fatal) Fatal(args ...any) { f.ts.Fatalf("%s", fmt.Sprint(args...)) }

func TestSchema_RefusesWhatIsNotPrintedSo(t *testing.T) {
	s := shapeOf(t, "doctor")
	for text, want := range map[string]string{
		`{"version":1,"config":"c","context":"x","service":"s","findings":[{"about":"a","level":"ok","text":"t"}],"bad":0}`: "",
		`{"version":2,"config":"c","context":"x","service":"s","findings":[],"bad":0}`:                                      "version: 2",
		`{"version":1,"config":"c","context":"x","service":"s","findings":[]}`:                                              "lacks bad",
		`{"version":1,"config":"c","context":"x","service":"s","findings":[],"bad":"0"}`:                                    "a string, want a integer",
		`{"version":1,"config":"c","context":"x","service":"s","findings":[{"about":"a","level":"x","text":""}],"bad":0}`:   "level: x",
		`{"version":1,"config":"c","context":"x","service":"s","findings":[],"bad":0,"new":1}`:                              "new is not in the schema",
	} {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.faults(s, "doctor", v), "; "); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for _, name := range report.Schemas() {
		if s := shapeOf(t, name); len(s.Properties) == 0 || len(s.Required) == 0 || name != "audit" && s.Properties["version"].Const != float64(report.Version) {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
