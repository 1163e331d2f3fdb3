package file

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// findTraefik finds http.services.NAME.weighted.services whose names are the arms'.
func findTraefik(b []byte, c Config) (split, error) {
	tree, err := parser.ParseBytes(b, 0)
	if err != nil {
		return split{}, errors.New("not YAML; other formats of Traefik's are not read")
	}
	var found []split
	for _, doc := range tree.Docs {
		all := fields(at(doc.Body, "http", "services"))
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if c.Block != "" && c.Block != name {
				continue
			}
			spots, ours, err := services(b, at(all[name], "weighted", "services"), c)
			switch {
			case !ours:
				continue
			case err != nil:
				return split{}, fmt.Errorf("service %s: %w", name, err)
			}
			s, err := weighted(b, spots)
			if err != nil {
				return split{}, fmt.Errorf("service %s: %w", name, err)
			}
			found = append(found, s)
		}
	}
	return one(found, "weighted services", c)
}

// services reads a list of {name, weight}. ours is false when it names none of our arms.
func services(b []byte, list ast.Node, c Config) (spots []spot, ours bool, err error) {
	seq, ok := list.(*ast.SequenceNode)
	if !ok {
		return nil, false, nil
	}
	for _, item := range seq.Values {
		name, weight := scalarOf(at(item, "name")), at(item, "weight")
		arm := c.arm(name)
		if arm == 0 {
			err = fmt.Errorf("%q is in neither arm", name)
			continue
		}
		ours = true
		s, bad := number(b, weight)
		if bad != nil {
			err = fmt.Errorf("%s: %w", name, bad)
		}
		s.arm = arm
		spots = append(spots, s)
	}
	if err == nil && (!slices.ContainsFunc(spots, func(s spot) bool { return s.arm == 1 }) || !slices.ContainsFunc(spots, func(s spot) bool { return s.arm == 2 })) {
		err = errors.New("both arms must stand there, with weight: 0 for none")
	}
	return spots, ours, err
}

// number is where a weight stands. It is looked at once more, because a parser's idea of a place may be off.
func number(b []byte, n ast.Node) (spot, error) {
	if n == nil {
		return spot{}, errors.New("no weight given; Traefik takes 1 then")
	}
	t := n.GetToken()
	from, ok := place(b, t.Position)
	w, err := strconv.Atoi(t.Value)
	if !ok || err != nil || from+len(t.Value) > len(b) || string(b[from:from+len(t.Value)]) != t.Value {
		return spot{}, fmt.Errorf("the weight %q is no plain number", t.Value)
	}
	return spot{from: from, to: from + len(t.Value), weight: w}, nil
}

// place turns a line and a column, counted in characters from 1, into an offset.
func place(b []byte, p *token.Position) (int, bool) {
	line, from := 1, 0
	for i, c := range b {
		if line == p.Line {
			break
		}
		if c == '\n' {
			line, from = line+1, i+1
		}
	}
	if line != p.Line {
		return 0, false
	}
	column := 1
	for i := range string(b[from:]) {
		if column == p.Column {
			return from + i, true
		}
		column++
	}
	return 0, false
}

// at follows keys; nil when one is not there.
func at(n ast.Node, keys ...string) ast.Node {
	for _, k := range keys {
		n = fields(n)[k]
	}
	return n
}

// fields are the keys and values of a mapping.
func fields(n ast.Node) map[string]ast.Node {
	out := map[string]ast.Node{}
	switch m := n.(type) {
	case *ast.MappingNode:
		for _, v := range m.Values {
			out[scalarOf(v.Key)] = v.Value
		}
	case *ast.MappingValueNode:
		out[scalarOf(m.Key)] = m.Value
	}
	return out
}

// scalarOf is a name or a key, without quotes.
func scalarOf(n ast.Node) string {
	switch s := n.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		return s.Value
	default:
		return s.String()
	}
}
