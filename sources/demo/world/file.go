package world

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Parse reads a world file over the defaults, strictly: what it does not know is an error. Errors name the file, and the line where there is one.
func Parse(name string, data []byte) (Spec, error) {
	s := Default()
	if err := yaml.UnmarshalWithOptions(data, &s, yaml.Strict()); err != nil {
		if e, ok := errors.AsType[yaml.Error](err); ok && e.GetToken() != nil {
			return s, fmt.Errorf("world file %s:%d: %s", name, e.GetToken().Position.Line, e.GetMessage())
		}
		return s, fmt.Errorf("world file %s: %w", name, err)
	}
	if err := s.Validate(); err != nil {
		if f, ok := errors.AsType[*Flaw](err); ok {
			if line := lineOf(data, f.Path); line > 0 {
				return s, fmt.Errorf("world file %s:%d: %w", name, line, err)
			}
		}
		return s, fmt.Errorf("world file %s: %w", name, err)
	}
	return s, nil
}

// lineOf finds where a path stands in the file; 0 when it is not there, as a default value is not.
func lineOf(data []byte, path string) int {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return 0
	}
	p, err := yaml.PathString(path)
	if err != nil {
		return 0
	}
	var node ast.Node
	if node, err = p.FilterFile(file); err != nil || node == nil {
		return 0
	}
	return node.GetToken().Position.Line
}
