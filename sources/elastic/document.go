package elastic

import "rampart/sources/rawjson"

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

func space(raw []byte, i int) int { return rawjson.Space(raw, i) }

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
	for i = rawjson.PlainEnd(raw, i+1); i < len(raw); i = rawjson.PlainEnd(raw, i+1) {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

// maxPaths is how many a lookup can find at once.
const maxPaths = 4

// lookup finds the values of dotted paths in one pass, whether they are written as nested objects, as dotted names, or as
// any mixture of both: Elasticsearch takes them for the same. Of several occurrences the first counts; a path of "" is
// none. What follows the last value that was missing is not read.
func lookup(raw []byte, paths [maxPaths]string) (found [maxPaths][]byte) {
	s := search{raw: raw}
	for _, p := range paths {
		if p != "" {
			s.open++
		}
	}
	s.object(space(raw, 0), &paths)
	return s.found
}

// search is a lookup under way.
type search struct {
	raw   []byte
	found [maxPaths][]byte
	open  int // paths without a value
}

// object looks for paths in the object that begins at i and returns its end; the end of all when nothing more is wanted.
func (s *search) object(i int, paths *[maxPaths]string) int {
	raw := s.raw
	if i >= len(raw) || raw[i] != '{' {
		return len(raw)
	}
	for i = space(raw, i+1); i < len(raw) && raw[i] == '"'; {
		k := i
		i = quoted(raw, i)
		key := raw[k+1 : max(k+1, i-1)]
		i = space(raw, i)
		if i >= len(raw) || raw[i] != ':' {
			return len(raw)
		}
		v := space(raw, i+1)
		if i = s.member(key, v, paths); i <= v || s.open == 0 {
			return len(raw)
		}
		if i = space(raw, i); i < len(raw) && raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
	return min(i+1, len(raw))
}

// member looks at the value at v of a key and returns its end.
func (s *search) member(key []byte, v int, paths *[maxPaths]string) int {
	var rest [maxPaths]string
	mine, nested := false, false
	for i, p := range paths {
		switch {
		case p == "" || s.found[i] != nil:
		case p == string(key):
			mine = true
		case len(p) > len(key)+1 && p[len(key)] == '.' && p[:len(key)] == string(key):
			rest[i], nested = p[len(key)+1:], true
		}
	}
	if nested && !mine && v < len(s.raw) && s.raw[v] == '{' {
		return s.object(v, &rest) // the usual case: read once
	}
	end := value(s.raw, v)
	if mine && end > v {
		s.take(key, s.raw[v:end], paths)
	}
	if nested {
		within := search{raw: object(s.raw[v:end]), found: s.found, open: s.open}
		within.object(0, &rest)
		s.found, s.open = within.found, within.open
	}
	return end
}

// take notes a value for the paths that are the key.
func (s *search) take(key, v []byte, paths *[maxPaths]string) {
	for i, p := range paths {
		if p == string(key) && p != "" && s.found[i] == nil {
			s.found[i] = v
			s.open--
		}
	}
}

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
