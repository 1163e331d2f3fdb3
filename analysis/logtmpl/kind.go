package logtmpl

import "bytes"

// anything is the placeholder of a place where values of several kinds were seen.
const anything = "<*>"

// placeholder names the kind of a variable by its look. It is for readers; templates are told apart without it.
func placeholder(v []byte) string {
	digits, hex, letters, dots, colons := look(v)
	switch {
	case len(v) == 0:
		return "<str>"
	case bytes.ContainsAny(v, " \t\"'{}()[]"):
		return list(v)
	case bytes.Contains(v, []byte("://")):
		return "<url>"
	case bytes.HasPrefix(v, []byte("0x")), bytes.HasPrefix(v, []byte("0X")):
		return "<hex>"
	case len(v) == 36 && v[8] == '-' && v[13] == '-' && v[18] == '-' && v[23] == '-':
		return "<uuid>"
	case dots >= 3 && letters == 0 && digits > dots && colons <= 1:
		return "<ip>"
	case v[0] == '/' || bytes.IndexByte(v, '\\') >= 0 || bytes.Count(v, []byte("/")) >= 2 && letters > 0:
		return "<path>"
	case letters == 0 && colons > 0 && digits >= 3, letters == 0 && bytes.Count(v, []byte("-")) == 2 && digits >= 6, isoTime(v):
		return "<time>"
	case letters == 0:
		return "<num>"
	case digits > 0 && quantity(v):
		return "<num>"
	case hex >= minHexRun && hex == len(v):
		return "<hex>"
	case digits == 0 || dots >= 2:
		return "<name>"
	}
	return "<id>"
}

// look counts the bytes of a variable by class; hex digits count among both hex and their own.
func look(v []byte) (digits, hex, letters, dots, colons int) {
	for _, c := range v {
		switch {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case classes[c]&isDigit != 0:
			digits++
			hex++
		case classes[c]&isLetter != 0:
			letters++
			if classes[c]&isNotHex == 0 {
				hex++
			}
		}
	}
	return digits, hex, letters, dots, colons
}

// list names what stands in a variable of several parts: a number with its unit, a date, or anything.
func list(v []byte) string {
	at := bytes.IndexByte(v, ' ')
	if v[0] == '/' {
		return "<path>"
	}
	if at < 1 || classes[v[0]]&isLetter != 0 && !calendar(v, 0, at) {
		return anything
	}
	if head, rest := v[:at], bytes.TrimSpace(v[at:]); unit(rest) && placeholder(head) == "<num>" {
		return "<num>"
	}
	_, _, _, _, colons := look(v)
	if colons >= 2 && len(v) <= 40 {
		return "<time>"
	}
	return anything
}

func isoTime(v []byte) bool {
	return len(v) >= 16 && v[4] == '-' && v[7] == '-' && (v[10] == 'T' || v[10] == ' ')
}

// quantity tells numbers with a unit at their end: 10ms, 4.5MB, 41C, 50%.
func quantity(v []byte) bool {
	n := len(v)
	for n > 0 && classes[v[n-1]]&isDigit == 0 {
		n--
	}
	if len(v)-n > 3 {
		return false
	}
	for i, c := range v[:n] {
		if classes[c]&isDigit == 0 && c != '.' && c != ',' && (i > 0 || c != '-' && c != '+') {
			return false
		}
	}
	return true
}
