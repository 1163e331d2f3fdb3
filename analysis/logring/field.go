package logring

import (
	"bytes"
	"encoding/json"
	"strings"
)

// deepest bounds how far field goes into a document.
const deepest = 64

// Field returns the value of a field in a JSON document: a string as it reads, anything else as its JSON. The name may lead
// through nested objects with dots, or be a key with dots itself. In broken JSON what stands before the break is found.
func Field(doc []byte, name string) (string, bool) {
	v, ok := field(doc, name)
	if !ok || bytes.IndexByte(v, '\\') < 0 || v[0] == '{' || v[0] == '[' {
		return string(v), ok
	}
	var s string
	if err := json.Unmarshal(append(append([]byte{'"'}, v...), '"'), &s); err != nil {
		return string(v), true
	}
	return s, true
}

// field returns the raw value of a field in a JSON document, strings without their quotes. The name may lead through nested
// objects with dots, or be a key with dots itself. It allocates nothing and takes broken JSON: then the field is not found.
func field(doc []byte, name string) ([]byte, bool) {
	d := decoder{b: doc}
	d.space()
	return d.find(name, deepest)
}

// decoder reads JSON from b[i:].
type decoder struct {
	b []byte
	i int
}

func (d *decoder) space() {
	for d.i < len(d.b) && (d.b[d.i] == ' ' || d.b[d.i] == '\t' || d.b[d.i] == '\n' || d.b[d.i] == '\r') {
		d.i++
	}
}

// take passes over c and the space after it.
func (d *decoder) take(c byte) bool {
	if d.i >= len(d.b) || d.b[d.i] != c {
		return false
	}
	d.i++
	d.space()
	return true
}

// find looks for a field in the object that starts here.
func (d *decoder) find(name string, depth int) ([]byte, bool) {
	if depth == 0 || !d.take('{') {
		return nil, false
	}
	for {
		key, ok := d.text()
		if !ok || !d.take(':') {
			return nil, false
		}
		if string(key) == name {
			return d.value()
		}
		if rest, ok := strings.CutPrefix(name, string(key)); ok && len(rest) > 1 && rest[0] == '.' && d.i < len(d.b) && d.b[d.i] == '{' {
			at := d.i
			if v, ok := d.find(rest[1:], depth-1); ok {
				return v, true
			}
			d.i = at
		}
		if _, ok := d.value(); !ok || !d.take(',') {
			return nil, false
		}
	}
}

// text reads a string and returns what is between its quotes, escapes as they are.
func (d *decoder) text() ([]byte, bool) {
	if d.i >= len(d.b) || d.b[d.i] != '"' {
		return nil, false
	}
	from := d.i + 1
	for i := from; i < len(d.b); i++ {
		n := bytes.IndexAny(d.b[i:], `"\`)
		if n < 0 {
			return nil, false
		}
		i += n
		if d.b[i] == '"' {
			d.i = i + 1
			d.space()
			return d.b[from:i], true
		}
		i++ // the escaped byte
	}
	return nil, false
}

// value reads any value and returns its bytes.
func (d *decoder) value() ([]byte, bool) {
	if d.i >= len(d.b) {
		return nil, false
	}
	switch d.b[d.i] {
	case '"':
		return d.text()
	case '{', '[':
		return d.group()
	}
	from := d.i
	n := bytes.IndexAny(d.b[from:], ",}] \t\r\n")
	if n < 0 {
		n = len(d.b) - from
	}
	d.i = from + n
	v := d.b[from:d.i]
	d.space()
	return v, n > 0
}

// group passes over an object or array, whatever is in it.
func (d *decoder) group() ([]byte, bool) {
	from, depth := d.i, 0
	for d.i < len(d.b) {
		switch d.b[d.i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			if _, ok := d.text(); !ok {
				return nil, false
			}
			continue
		}
		d.i++
		if depth == 0 {
			v := d.b[from:d.i]
			d.space()
			return v, true
		}
	}
	return nil, false
}
