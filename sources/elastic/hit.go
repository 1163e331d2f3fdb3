package elastic

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
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

// read takes up a hit from its JSON, which must be proven.
func (h *hit) read(raw []byte) (err error) {
	if raw[0] != '{' {
		return fmt.Errorf("%w: a hit that is no object", errNotJSON)
	}
	*h = hit{Index: h.Index}
	index := []byte(nil)
	eachMember(raw, func(key, v []byte) bool {
		switch string(key) {
		case "_index":
			index, err = written(v)
		case "_id":
			var id []byte
			id, err = written(v)
			h.ID = string(id)
		case "_seq_no":
			h.SeqNo, h.Numbered, err = whole(v)
		case "sort":
			h.Sort = v
		case "_source":
			h.Source = v
		case "fields":
			h.Fields = v
		}
		return err == nil
	})
	if string(index) != h.Index { // hits of one index follow each other: most need no new string
		h.Index = string(index)
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
	return nil, fmt.Errorf("%w: a name that is no text", errNotJSON)
}

// whole reads a whole number, or null.
func whole(v []byte) (n int64, known bool, err error) {
	if v[0] == 'n' {
		return 0, false, nil
	}
	if n, err = strconv.ParseInt(string(v), 10, 64); err != nil {
		return 0, false, fmt.Errorf("%w: a sequence number of %d bytes", errNotJSON, len(v))
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
