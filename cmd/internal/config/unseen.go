package config

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"rampart/sources"
)

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
