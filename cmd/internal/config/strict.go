package config

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"rampart/ui/nearest"
)

// unknownKeys walks a syntax tree beside the type that it will be decoded into and reports every key that the type
// does not have, with its line and the nearest name that it has, and every value that its own type refuses: decoding
// alone would stop at the first and not know its place.
func unknownKeys(node ast.Node, t reflect.Type, path string) []Mistake {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if decodesItself(t) {
		return badValue(node, t, path)
	}
	if m := wrongShape(node, t, path); m != nil {
		return []Mistake{*m}
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		var out []Mistake
		for _, v := range n.Values {
			out = append(out, unknownKey(v, t, path)...)
		}
		return out
	case *ast.MappingValueNode:
		return unknownKey(n, t, path)
	case *ast.SequenceNode:
		var out []Mistake
		for i, v := range n.Values {
			out = append(out, unknownKeys(v, t.Elem(), fmt.Sprintf("%s[%d]", path, i))...)
		}
		return out
	case *ast.AnchorNode:
		return unknownKeys(n.Value, t, path)
	}
	return nil
}

// badValue lets a type that decodes itself try a value. Aliases are left to the decoder, which sees the whole.
func badValue(node ast.Node, t reflect.Type, path string) []Mistake {
	if node.GetToken() == nil || len(ast.Filter(ast.AliasType, node)) > 0 {
		return nil
	}
	_, word := node.(ast.ScalarNode)
	var err error
	switch v := reflect.New(t).Interface().(type) {
	case yaml.BytesUnmarshaler:
		err = v.UnmarshalYAML([]byte(node.String()))
	case encoding.TextUnmarshaler:
		if !word {
			m := mistakeAt(node, path, "want one word")
			return []Mistake{m}
		}
		err = v.UnmarshalText([]byte(scalar([]byte(node.String()))))
	}
	if err == nil {
		return nil
	}
	m := syntaxMistake(err)
	m.Line, m.Path = node.GetToken().Position.Line, path
	return []Mistake{m}
}

func unknownKey(v *ast.MappingValueNode, t reflect.Type, path string) []Mistake {
	key := strings.Trim(v.Key.String(), `"'`)
	at := join(path, key)
	if v.Key.IsMergeKey() {
		return nil
	}
	switch t.Kind() {
	case reflect.Map:
		return unknownKeys(v.Value, t.Elem(), at)
	case reflect.Struct:
		fields := yamlFields(t)
		if ft, ok := fields[key]; ok {
			return unknownKeys(v.Value, ft, at)
		}
		m := Mistake{Line: v.Key.GetToken().Position.Line, Path: at, Text: "unknown key"}
		if near := nearest.Word(key, sortedKeys(fields)); near != "" {
			m.Fix = "did you mean " + near + "?"
		} else if homes := homesOf(key); len(homes) > 0 {
			m.Fix = "it stands under " + strings.Join(homes, " or ")
		} else {
			m.Fix = "known here: " + strings.Join(sortedKeys(fields), ", ")
		}
		return []Mistake{m}
	}
	return nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// yamlFields maps the keys of a struct to their types, inlined structs included.
func yamlFields(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for f := range t.Fields() {
		name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case strings.Contains(opts, "inline"):
			for k, v := range yamlFields(f.Type) {
				out[k] = v
			}
		case name != "" && name != "-":
			out[name] = f.Type
		}
	}
	return out
}

var (
	byteUnmarshaler = reflect.TypeFor[yaml.BytesUnmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(byteUnmarshaler) || p.Implements(textUnmarshaler)
}

func sortedKeys[T any](m map[string]T) []string {
	return slices.Sorted(maps.Keys(m))
}
