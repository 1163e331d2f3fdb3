package elastic

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

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
