package elastic

import (
	"bytes"
	"strconv"
	"time"

	"rampart/sources/rawjson"
)

// hit is one document as a search brings it. Its bytes are those of the answer.
type hit struct {
	Index    string
	ID       string
	SeqNo    int64
	Numbered bool   // SeqNo is known
	Sort     []byte // what it was sorted by, an array
	Source   []byte // the document
	Fields   []byte // fields as the mapping reads them, an object of arrays
}

// read takes up the hit that begins at i and returns where it ends, as a checker does.
func (h *hit) read(c *rawjson.Checker, b []byte, i int) (int, error) {
	if b[i] != '{' {
		return i, rawjson.ErrSyntax
	}
	index := h.Index
	*h = hit{}
	i = space(b, i+1)
	for first := true; ; first = false {
		switch {
		case i >= len(b):
			return i, rawjson.ErrShort
		case b[i] == '}':
			return i + 1, nil
		case !first && b[i] != ',':
			return i, rawjson.ErrSyntax
		case !first:
			i = space(b, i+1)
		}
		key, v, err := member(c, b, i)
		if err != nil {
			return v.to, err
		}
		if err := h.member(b[key.from:key.to], b[v.from:v.to:v.to], index); err != nil {
			return v.to, err
		}
		i = space(b, v.to)
	}
}

// piece is b[from:to].
type piece struct{ from, to int }

// member finds the key at i, without its quotes, and its value.
func member(c *rawjson.Checker, b []byte, i int) (key, v piece, err error) {
	if v.from, err = rawjson.KeyEnd(b, i); err != nil {
		return key, v, err
	}
	key = piece{i + 1, quoted(b, i) - 1}
	v.from = space(b, v.from)
	v.to, err = c.Value(b, v.from)
	return key, v, err
}

// member takes up one member. Hits of one index follow each other, so most need no new string for it.
func (h *hit) member(key, v []byte, index string) (err error) {
	var s []byte
	switch string(key) {
	case "_index":
		if s, err = written(v); string(s) != index {
			index = string(s)
		}
		h.Index = index
	case "_id":
		s, err = written(v)
		h.ID = string(s)
	case "_seq_no":
		h.SeqNo, h.Numbered, err = whole(v)
	case "sort":
		h.Sort = v
	case "_source":
		h.Source = v
	case "fields":
		h.Fields = v
	}
	return err
}

// written reads a string, or null.
func written(v []byte) ([]byte, error) {
	switch {
	case v[0] == '"' && bytes.IndexByte(v, '\\') < 0:
		return v[1 : len(v)-1], nil
	case v[0] == '"':
		s, _ := unquote(v, len(v))
		return []byte(s), nil
	case v[0] == 'n':
		return nil, nil
	}
	return nil, rawjson.ErrSyntax
}

// whole reads a whole number, or null.
func whole(v []byte) (n int64, known bool, err error) {
	if v[0] == 'n' {
		return 0, false, nil
	}
	if n, err = strconv.ParseInt(string(v), 10, 64); err != nil {
		return 0, false, rawjson.ErrSyntax
	}
	return n, true, nil
}

// field returns what the mapping reads in a field, an array, or nothing.
func (h *hit) field(name string) (found []byte) {
	if len(h.Fields) == 0 {
		return nil
	}
	eachMember(h.Fields, func(key, v []byte) bool {
		if string(key) == name {
			found = v
		}
		return found == nil
	})
	return found
}

// sortTime reads the sort value, in milliseconds since 1970; a field of nanoseconds sorts in nanoseconds.
func sortTime(h *hit) (int64, bool) {
	v := element(h.Sort)
	n, err := strconv.ParseInt(string(bytes.Trim(v, `"`)), 10, 64)
	if err != nil || n == -1<<63 || n == 1<<63-1 {
		return 0, false
	}
	if n > 1<<53 || n < -1<<53 {
		n /= int64(time.Millisecond)
	}
	return n, true
}

// element is the first element of an array.
func element(list []byte) (first []byte) {
	eachElement(list, func(v []byte) bool { first = v; return false })
	return first
}
