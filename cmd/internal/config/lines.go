package config

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// lineIndex maps each key's path to its line, so that a mistake found after decoding still names its place.
func lineIndex(node ast.Node, path string) map[string]int {
	out := map[string]int{}
	fillLines(out, node, path)
	return out
}

func fillLines(out map[string]int, node ast.Node, path string) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			fillLines(out, v, path)
		}
	case *ast.MappingValueNode:
		at := join(path, strings.Trim(n.Key.String(), `"'`))
		out[at] = n.Key.GetToken().Position.Line
		fillLines(out, n.Value, at)
	case *ast.SequenceNode:
		for i, v := range n.Values {
			at := fmt.Sprintf("%s[%d]", path, i)
			out[at] = v.GetToken().Position.Line
			fillLines(out, v, at)
		}
	case *ast.AnchorNode:
		fillLines(out, n.Value, path)
	}
}

// line returns the line of a path, or of the nearest of its parents that stands in the file.
func (c *Config) line(path string) int {
	for path != "" {
		if l, ok := c.lines[path]; ok {
			return l
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return 0
		}
		path = path[:i]
	}
	return 0
}
