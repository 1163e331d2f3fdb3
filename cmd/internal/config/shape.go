package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"rampart/sources"
)

// wrongShape is a value of another kind than its key takes, told with its place and what is wanted: the decoder names Go
// types and cuts 1.5 to 1 without a word. Nothing, anchors and aliases are the decoder's.
func wrongShape(node ast.Node, t reflect.Type, path string) *Mistake {
	want := ""
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		if t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
			want = wanted(t)
		}
	case *ast.SequenceNode:
		if t.Kind() != reflect.Slice {
			want = wanted(t)
		}
	case ast.ScalarNode:
		if _, nothing := node.(*ast.NullNode); !nothing && !fits(node, t) {
			want = wanted(t)
		}
	}
	if want == "" || node.GetToken() == nil {
		return nil
	}
	m := mistakeAt(node, path, "want "+want)
	return &m
}

// fits tells whether a scalar can be read as a type.
func fits(node ast.Node, t reflect.Type) bool {
	text := scalar([]byte(node.String()))
	var err error
	switch t.Kind() {
	case reflect.Bool:
		_, err = strconv.ParseBool(text)
	case reflect.Int, reflect.Int64:
		_, err = strconv.ParseInt(text, 0, 64)
	case reflect.Float64:
		switch node.(type) {
		case *ast.InfinityNode, *ast.NanNode: // what they mean is told by their limit
		default:
			_, err = strconv.ParseFloat(text, 64)
		}
	case reflect.Struct, reflect.Map, reflect.Slice:
		return false
	}
	return err == nil
}

// wanted names what a type is written as.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list, such as [a, b]"
	case reflect.Struct, reflect.Map:
		return "keys with values, such as {key: value}"
	}
	return "one value"
}

func mistakeAt(node ast.Node, path, text string) Mistake {
	return Mistake{Line: node.GetToken().Position.Line, Path: path, Text: text}
}

// unseen finds what nobody can see in a file and what would command a terminal that shows it: control characters and
// marks that turn the direction of writing, in names and in values. A value may have lines and tabs.
func unseen(node ast.Node, path string) []Mistake {
	switch n := node.(type) {
	case *ast.MappingNode:
		var out []Mistake
		for _, v := range n.Values {
			out = append(out, unseen(v, path)...)
		}
		return out
	case *ast.MappingValueNode:
		name := n.Key.GetToken().Value
		at := join(path, name)
		out := unseen(n.Value, at)
		switch {
		case name == "":
			out = append(out, mistakeAt(n.Key, at, "a name is empty"))
		case sources.Visible(name) != name:
			out = append(out, mistakeAt(n.Key, at, "a name holds what cannot be seen: "+sources.Visible(name)))
		}
		return out
	case *ast.SequenceNode:
		var out []Mistake
		for i, v := range n.Values {
			out = append(out, unseen(v, fmt.Sprintf("%s[%d]", path, i))...)
		}
		return out
	case *ast.AnchorNode:
		return unseen(n.Value, path)
	case *ast.TagNode:
		return unseen(n.Value, path)
	case *ast.StringNode:
		return commands(n, n.Value, path)
	case *ast.LiteralNode:
		return commands(n, n.Value.Value, path)
	}
	return nil
}

// commands tells a value that holds a character which commands instead of being shown. The value itself is not told: it may
// be a secret.
func commands(node ast.Node, text, path string) []Mistake {
	i := strings.IndexFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) || unicode.Is(unicode.Bidi_Control, r)
	})
	if i < 0 {
		return nil
	}
	first := []rune(text[i:])[:1]
	return []Mistake{mistakeAt(node, path, "it holds "+sources.Visible(string(first))+", which no text here has")}
}
