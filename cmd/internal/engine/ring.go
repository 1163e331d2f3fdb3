package engine

import (
	"slices"

	"rampart/sources"
)

// heldLine is a line with its template.
type heldLine struct {
	sources.LogLine
	pattern uint64
}

// ring holds the newest lines in order of their own time, within a bound of bytes.
type ring struct {
	most, size int
	lines      []heldLine
	gen        uint64
}

func newRing(bytes int) *ring { return &ring{most: bytes} }

func (r *ring) len() int { return len(r.lines) }

// add puts a line at its place in time; late ones go between those that came before. The oldest give way.
func (r *ring) add(l heldLine) {
	i := len(r.lines)
	for i > 0 && r.lines[i-1].At.After(l.At) {
		i--
	}
	r.lines = slices.Insert(r.lines, i, l)
	r.size += cost(l)
	r.gen++
	drop := 0
	for r.size > r.most && drop < len(r.lines)-1 {
		r.size -= cost(r.lines[drop])
		drop++
	}
	if drop > 0 {
		r.lines = slices.Delete(r.lines, 0, drop)
	}
}

// cost is what a line takes: its bytes and its entry.
func cost(l heldLine) int {
	return l.Message.Len() + len(l.Source) + len(l.ID) + len(l.Index) + 160
}
