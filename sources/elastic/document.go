package elastic

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// eachMember hands over the members of a JSON object with their raw values. It expects what a JSON decoder has accepted,
// and ends at anything else. It copies nothing, so that a document with thousands of fields costs one pass.
func eachMember(raw []byte, each func(key, value []byte) bool) {
	i := space(raw, 0)
	if i >= len(raw) || raw[i] != '{' {
		return
	}
	for i = space(raw, i+1); i < len(raw) && raw[i] == '"'; {
		k := i
		i = value(raw, i)
		key := raw[k+1 : max(k+1, i-1)]
		i = space(raw, i)
		if i >= len(raw) || raw[i] != ':' {
			return
		}
		v := space(raw, i+1)
		i = value(raw, v)
		if v >= i || !each(key, raw[v:i]) {
			return
		}
		if i = space(raw, i); i < len(raw) && raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
}

// eachElement hands over the elements of a JSON array.
func eachElement(raw []byte, each func(value []byte) bool) {
	i := space(raw, 0)
	if i >= len(raw) || raw[i] != '[' {
		return
	}
	for i = space(raw, i+1); i < len(raw) && raw[i] != ']'; {
		v := i
		i = value(raw, v)
		if v >= i || !each(raw[v:i]) {
			return
		}
		if i = space(raw, i); i < len(raw) && raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
}

func space(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// value returns the end of the value that begins at i. It counts brackets instead of recursing: depth costs nothing.
func value(raw []byte, i int) int {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '"':
			if i = quoted(raw, i); depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ':', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return i
}

// quoted returns the end of the string that begins at i.
func quoted(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

// lookup finds the values of dotted paths in one pass, whether they are written as nested objects, as dotted names, or as
// any mixture of both: Elasticsearch takes them for the same. Of several occurrences the first counts.
func lookup(raw []byte, paths []string, found [][]byte) {
	eachMember(raw, func(key, v []byte) bool {
		var rest [maxPaths]string
		nested := false
		for i, p := range paths {
			switch {
			case p == "" || found[i] != nil:
			case p == string(key):
				found[i] = v
			case len(p) > len(key)+1 && p[len(key)] == '.' && p[:len(key)] == string(key):
				rest[i], nested = p[len(key)+1:], true
			}
		}
		if nested {
			lookup(object(v), rest[:len(paths)], found)
		}
		return true
	})
}

const maxPaths = 12

// object returns an object, or the first object of an array, or nothing.
func object(v []byte) []byte {
	if len(v) > 0 && v[0] == '[' {
		var first []byte
		eachElement(v, func(e []byte) bool { first = e; return false })
		v = first
	}
	if len(v) == 0 || v[0] != '{' {
		return nil
	}
	return v
}

// text makes readable bytes of a value: a string without its quotes, the elements of an array one a line, and anything
// else as its JSON. It keeps at most most bytes and tells whether there were more.
func text(v []byte, most int) (string, bool) {
	if len(v) == 0 || v[0] != '[' {
		return plain(v, most)
	}
	var b strings.Builder
	cut := false
	eachElement(v, func(e []byte) bool {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		var s string
		s, cut = plain(e, max(0, most-b.Len()))
		b.WriteString(s)
		return !cut
	})
	return b.String(), cut
}

// plain does not look into arrays within arrays: their depth would cost a pass each.
func plain(v []byte, most int) (string, bool) {
	switch {
	case len(v) == 0, bytes.Equal(v, []byte("null")):
		return "", false
	case v[0] == '"':
		return unquote(v, most)
	}
	return string(v[:min(len(v), most)]), len(v) > most
}

// unquote reads a JSON string and leaves bytes that are no UTF-8 as they are: sources.Text shows them. Half a surrogate
// pair becomes the replacement character.
func unquote(v []byte, most int) (string, bool) {
	v = bytes.TrimSuffix(v[1:], []byte{'"'})
	if !bytes.ContainsRune(v, '\\') {
		return string(v[:min(len(v), most)]), len(v) > most
	}
	out := make([]byte, 0, min(len(v), most+utf8.UTFMax))
	for i := 0; i < len(v); {
		if len(out) >= most {
			return string(out), true
		}
		if v[i] != '\\' || i+1 >= len(v) {
			out = append(out, v[i])
			i++
			continue
		}
		var n int
		out, n = unescape(out, v[i:])
		i += n
	}
	return string(out), false
}

// unescape reads one escape and returns how long it was.
func unescape(out, v []byte) ([]byte, int) {
	const plain, means = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if i := strings.IndexByte(plain, v[1]); i >= 0 {
		return append(out, means[i]), 2
	}
	r, ok := hex4(v)
	if !ok {
		return append(out, v[0]), 1
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hex4(v[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return utf8.AppendRune(out, pair), 12
			}
		}
	}
	return utf8.AppendRune(out, r), 6
}

func hex4(v []byte) (rune, bool) {
	if len(v) < 6 || v[0] != '\\' || v[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(v[2:6]), 16, 32)
	return rune(n), err == nil
}
