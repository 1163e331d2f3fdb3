package logring

import (
	"bytes"
	"strings"
)

// Paths are names of fields that are looked for together: one pass over a document finds them all. They never change.
type Paths struct {
	root  step
	names int
}

// step is a place on the way along the names: those that end here, by their number, and the words that may follow.
type step struct {
	ends []int
	next []branch
}

type branch struct {
	word string
	to   *step
}

// NewPaths takes names as Field does. The same name may stand twice.
func NewPaths(names ...string) *Paths {
	p := &Paths{names: len(names)}
	for i, name := range names {
		at := &p.root
		for word := range strings.SplitSeq(name, ".") {
			at = at.reach(word)
		}
		at.ends = append(at.ends, i)
	}
	return p
}

// reach returns the step behind a word, making it when there is none.
func (s *step) reach(word string) *step {
	for _, b := range s.next {
		if b.word == word {
			return b.to
		}
	}
	to := &step{}
	s.next = append(s.next, branch{word, to})
	return to
}

// along returns the step behind a key, whose dots part words as those of a name do; nil when no name goes there.
func (s *step) along(key []byte) *step {
	for more := true; more && s != nil; {
		var word []byte
		word, key, more = bytes.Cut(key, []byte{'.'})
		s = s.behind(word)
	}
	return s
}

func (s *step) behind(word []byte) *step {
	for _, b := range s.next {
		if b.word == string(word) {
			return b.to
		}
	}
	return nil
}

// Find appends the values of the names to dst, in their order: nil for what is not there, a text without its quotes and
// with its escapes (see [Text]), anything else as its JSON. The bytes are the document's.
func (p *Paths) Find(dst [][]byte, doc []byte) [][]byte {
	from := len(dst)
	for range p.names {
		dst = append(dst, nil)
	}
	s := seeker{decoder: decoder{b: doc}, found: dst[from:], open: p.names}
	s.space()
	s.object(&p.root)
	return dst
}

// seeker is one pass over a document; open counts the names without a value.
type seeker struct {
	decoder

	found [][]byte
	open  int
}

// object looks through the object that starts here, and tells whether it could be read. It reads no further than the last
// value that was missing.
func (s *seeker) object(at *step) bool {
	if !s.take('{') {
		return false
	}
	for s.open > 0 {
		key, ok := s.text()
		if !ok || !s.take(':') || !s.member(at.along(key)) {
			return false
		}
		if s.take('}') {
			return true
		}
		if s.open > 0 && !s.take(',') {
			return false
		}
	}
	return true
}

// member reads the value that stands here, to which at leads.
func (s *seeker) member(at *step) bool {
	from := s.i
	inside := at != nil && len(at.next) > 0 && from < len(s.b) && s.b[from] == '{'
	if inside && s.object(at) && len(at.ends) == 0 { // the usual case: read once
		return true
	}
	s.i = from
	v, ok := s.value()
	if !ok || at == nil {
		return ok
	}
	for _, n := range at.ends {
		if s.found[n] == nil {
			s.found[n] = v
			s.open--
		}
	}
	return true
}
