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
	return Text(v), ok
}

// Text is a value that was found, as it reads.
func Text(v []byte) string {
	if bytes.IndexByte(v, '\\') < 0 || v[0] == '{' || v[0] == '[' {
		return string(v)
	}
	var s string
	if err := json.Unmarshal(append(append([]byte{'"'}, v...), '"'), &s); err != nil {
		return string(v)
	}
	return s
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
	for i, quote := from, from-1; ; {
		if quote < i {
			n := bytes.IndexByte(d.b[min(i, len(d.b)):], '"')
			if n < 0 {
				return nil, false
			}
			quote = i + n
		}
		slash := bytes.IndexByte(d.b[i:quote], '\\')
		if slash < 0 {
			d.i = quote + 1
			d.space()
			return d.b[from:quote], true
		}
		i += slash + 2 // past the escaped byte
	}
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
	for d.i < len(d.b) && !endsScalar(d.b[d.i]) {
		d.i++
	}
	v := d.b[from:d.i]
	d.space()
	return v, len(v) > 0
}

func endsScalar(c byte) bool {
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n'
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
