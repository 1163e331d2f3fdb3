package elasticserver

import (
	"path"
	"slices"
	"strings"
	"sync"

	"rampart/sources/demo/world"
)

// index is one index, possibly the one behind a data stream; its mapping grows with what is stored.
type index struct {
	name   string
	stream string            // the data stream that it backs, if any
	kinds  map[string]string // field types
	order  []lineField       // of an index that holds the world's lines
	ecs    map[string]lineField
}

// lineIndex makes the index behind the data stream of the world's lines.
func (s *store) lineIndex(name, stream string) *index {
	x := s.index(name, stream)
	x.order, x.ecs = ecs(), map[string]lineField{}
	for _, f := range x.order {
		x.ecs[f.path] = f
		x.kinds[f.path] = f.kind
	}
	return x
}

// answers says whether an expression's part names the index, by its own name or its stream's.
func (x *index) answers(pattern string) bool {
	if pattern == "*" || pattern == "_all" || pattern == x.name {
		return true
	}
	name := x.name
	if x.stream != "" {
		name = x.stream
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// store is the ring of documents, in the order in which they were ingested.
type store struct {
	mu      sync.RWMutex
	ring    []document
	first   int64 // seq of the oldest document kept
	next    int64 // seq of the next one
	refresh int64 // ms
	indexes []*index
}

func newStore(capacity int, refresh int64) *store {
	return &store{ring: make([]document, capacity), refresh: refresh}
}

// index finds or makes an index.
func (s *store) index(name, stream string) *index {
	for _, x := range s.indexes {
		if x.name == name || x.stream == name {
			return x
		}
	}
	x := &index{name: name, stream: stream, kinds: map[string]string{}}
	s.indexes = append(s.indexes, x)
	slices.SortFunc(s.indexes, func(a, b *index) int { return strings.Compare(a.name, b.name) })
	return x
}

// add stores a document; it is found from the first refresh after the moment it came. The oldest one goes when the ring is full.
func (s *store) add(d document, came int64) int64 {
	d.seq = s.next
	d.visible = (came/s.refresh + 1) * s.refresh
	s.ring[s.next%int64(len(s.ring))] = d
	s.next++
	s.first = max(s.first, s.next-int64(len(s.ring)))
	return d.seq
}

// lines stores what the world wrote in a second.
func (s *store) lines(x *index, lines []world.Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range lines {
		s.add(document{at: l.At.UnixMilli(), index: x, line: l}, l.Ingested.UnixMilli())
	}
}

// view is what one search may see: the indexes it names, up to a moment and a position.
type view struct {
	indexes []*index
	asOf    int64 // ms
	upTo    int64 // seq, exclusive
}

// each calls f for every document of the view, oldest first, under the store's read lock. f must not keep the pointer beyond the lock of a search.
func (s *store) each(v *view, f func(*document)) {
	for seq := s.first; seq < min(s.next, v.upTo); seq++ {
		d := &s.ring[seq%int64(len(s.ring))]
		if d.visible <= v.asOf && slices.Contains(v.indexes, d.index) {
			f(d)
		}
	}
}

// resolve reads an index expression: names, patterns and exclusions, separated by commas. A name that is no pattern and does not exist is a 404.
func (s *store) resolve(expression string, lenient bool) ([]*index, *trouble) {
	if expression == "" {
		expression = "*"
	}
	var out []*index
	for part := range strings.SplitSeq(expression, ",") {
		if name, ok := strings.CutPrefix(part, "-"); ok && len(out) > 0 {
			out = slices.DeleteFunc(out, func(x *index) bool { return x.answers(name) })
			continue
		}
		found := false
		for _, x := range s.indexes {
			if x.answers(part) {
				found = true
				if !slices.Contains(out, x) {
					out = append(out, x)
				}
			}
		}
		if !found && !lenient && !strings.ContainsAny(part, "*?") && part != "_all" {
			return nil, noIndex(part)
		}
	}
	return out, nil
}

// kind gives a field's type in any of the indexes; empty when no document has brought it.
func kind(indexes []*index, field string) string {
	for _, x := range indexes {
		if k := x.kinds[field]; k != "" {
			return k
		}
	}
	return ""
}
