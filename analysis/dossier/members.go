package dossier

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// members calls visit for each member of a JSON object, in order; a member twice is an error.
func members(at string, raw []byte, visit func(name string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return bad(strings.TrimSuffix(at, "."), "want an object")
	}
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return malformed(raw, err)
		}
		name, _ := t.(string)
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return malformed(raw, err)
		}
		if seen[name] {
			return bad(at+name, "stands twice")
		}
		seen[name] = true
		if err := visit(name, value); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return malformed(raw, err)
	}
	return nil
}

// malformed says what is wrong with a line that is no JSON, and in which field.
func malformed(line []byte, err error) error {
	cause := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		cause = "the line is torn: its JSON does not end"
	}
	return &FieldError{Field: brokenField(line), Cause: cause}
}

// brokenField walks the tokens up to the first fault and names where it is.
func brokenField(line []byte) string {
	dec := json.NewDecoder(bytes.NewReader(line))
	type level struct {
		name   string
		object bool
		key    bool // a name is next
	}
	var stack []level
	for {
		t, err := dec.Token()
		if err != nil {
			var names []string
			for _, l := range stack {
				if l.name != "" {
					names = append(names, l.name)
				}
			}
			return strings.Join(names, ".")
		}
		top := len(stack) - 1
		switch {
		case t == json.Delim('{') || t == json.Delim('['):
			stack = append(stack, level{object: t == json.Delim('{'), key: t == json.Delim('{')})
			continue
		case t == json.Delim('}') || t == json.Delim(']'):
			stack = stack[:top]
			top--
		case top >= 0 && stack[top].key:
			stack[top].name, _ = t.(string)
			stack[top].key = false
			continue
		}
		if top >= 0 && stack[top].object {
			stack[top].name, stack[top].key = "", true
		}
	}
}

// wholeLine tells whether a line is exactly one JSON value.
func wholeLine(line []byte) error {
	if json.Valid(line) {
		return nil
	}
	var v any
	err := json.Unmarshal(line, &v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && strings.Contains(syntax.Error(), "unexpected end") {
		err = io.ErrUnexpectedEOF
	}
	return malformed(line, err)
}
