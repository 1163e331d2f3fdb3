package file

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// node is a JSON value with its place.
type node struct {
	from, to int
	text     string // of a string or a number
	fields   map[string]*node
	items    []*node
}

func isJSON(b []byte) bool { return json.Valid(b) }

// findCaddyJSON looks through the whole config for handlers reverse_proxy.
func findCaddyJSON(b []byte, c Config) (split, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	root, err := value(b, dec)
	if err != nil {
		return split{}, fmt.Errorf("not JSON: %w", err)
	}
	var found []split
	err = root.walk(func(n *node) error {
		p := n.proxy()
		if p == nil {
			return nil
		}
		s, ours, err := p.split(b, c)
		if ours && err == nil {
			found = append(found, s)
		}
		if !ours {
			return nil
		}
		return err
	})
	if err != nil {
		return split{}, err
	}
	return one(found, policy, c)
}

// value reads the next value and remembers where it stands.
func value(b []byte, dec *json.Decoder) (*node, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	n := &node{to: int(dec.InputOffset())}
	switch t := tok.(type) {
	case json.Delim:
		n.fields = map[string]*node{}
		for dec.More() {
			key := ""
			if t == '{' {
				k, err := dec.Token()
				if err != nil {
					return nil, err
				}
				key, _ = k.(string)
			}
			v, err := value(b, dec)
			if err != nil {
				return nil, err
			}
			if t == '{' {
				n.fields[key] = v
			} else {
				n.items = append(n.items, v)
			}
		}
		_, err = dec.Token()
		return n, err
	case json.Number:
		n.text = t.String()
	case string:
		n.text = t
	}
	n.from = max(0, n.to-len(n.text))
	return n, nil
}

func (n *node) walk(f func(*node) error) error {
	if err := f(n); err != nil {
		return err
	}
	inner := slices.Clone(n.items)
	for _, key := range slices.Sorted(maps.Keys(n.fields)) {
		inner = append(inner, n.fields[key])
	}
	for _, v := range inner {
		if err := v.walk(f); err != nil {
			return err
		}
	}
	return nil
}

// field follows keys; an empty node when one is not there.
func (n *node) field(keys ...string) *node {
	for _, k := range keys {
		next, ok := n.fields[k]
		if !ok {
			return &node{}
		}
		n = next
	}
	return n
}

// proxy is a handler of Caddy's that divides by weights, or nil.
func (n *node) proxy() *proxy {
	by := n.field("load_balancing", "selection_policy")
	if n.field("handler").text != "reverse_proxy" || by.field("policy").text != policy {
		return nil
	}
	p := &proxy{}
	for _, u := range n.field("upstreams").items {
		p.names = append(p.names, u.field("dial").text)
	}
	for _, w := range by.field("weights").items {
		p.weights = append(p.weights, word{text: w.text, from: w.from, to: w.to})
	}
	return p
}
