package logview

import (
	"cmp"
	"slices"
	"time"

	"rampart/analysis/frame"
)

// mostLines bounds the lines that a console has; the engine holds the others.
const mostLines = 4000

// held are the lines that a console has: one stretch of the log without a hole.
type held struct {
	lines []frame.LogLine // oldest first
	page  frame.LogsPage  // the newest answer, for its counts
	older bool            // there may be older ones
	newer bool            // there are newer ones that do not join on
	fresh int             // lines newer than those that were seen before following stopped
	gen   uint64          // counts changes, for what is worked out from the lines
	hits  int
	hitOf hitKey

	hitAll bool // all lines were searched for hits
}

// hitKey names what hits were counted for.
type hitKey struct {
	text string
	gen  uint64
}

// replace takes a page in place of what was there.
func (h *held) replace(page []frame.LogLine) {
	h.lines, h.fresh = page, 0
	h.gen++
}

// joins tells whether a page that begins later than the lines end would leave a hole.
func (h *held) joins(page []frame.LogLine) bool {
	if len(h.lines) == 0 || len(page) == 0 || !page[0].At.After(h.lines[len(h.lines)-1].At) {
		return true
	}
	return !h.page.More
}

// add puts lines among those that are there, late ones where they belong, and tells how many are newer than all of them.
func (h *held) add(page []frame.LogLine) (added, newer int) {
	known := make(map[string]bool, len(h.lines))
	var last time.Time
	for _, x := range h.lines {
		known[x.ID] = true
		last = x.At
	}
	for _, x := range page {
		if known[x.ID] {
			continue
		}
		h.lines = append(h.lines, x)
		if added++; x.At.After(last) {
			newer++
		}
	}
	if added > 0 {
		slices.SortStableFunc(h.lines, func(a, b frame.LogLine) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		h.gen++
	}
	return added, newer
}

// trim drops what is over the bound, from the end that the reader is further away from.
func (h *held) trim(at int) {
	over := len(h.lines) - mostLines
	switch {
	case over <= 0:
		return
	case at < len(h.lines)/2:
		h.lines, h.newer = slices.Clip(h.lines[:mostLines]), true
	default:
		h.lines, h.older = slices.Clone(h.lines[over:]), true
	}
	h.gen++
}

// index finds a line by its id.
func (h *held) index(id string) int {
	if id == "" {
		return -1
	}
	return slices.IndexFunc(h.lines, func(x frame.LogLine) bool { return x.ID == id })
}

// nearest is the line that is nearest to a time.
func (h *held) nearest(t time.Time) int {
	best := 0
	for i, x := range h.lines {
		if x.At.Sub(t).Abs() < h.lines[best].At.Sub(t).Abs() {
			best = i
		}
	}
	return best
}

// mostSearched bounds the bytes that are searched only to say how many lines match.
const mostSearched = 4 << 20

// count is how many of the lines match, the newest first where there is too much to search, and whether that is all. It is
// worked out once for the same lines.
func (h *held) count(s search) (hits int, all bool) {
	key := hitKey{s.text, h.gen}
	if h.hitOf == key {
		return h.hits, h.hitAll
	}
	h.hitOf, h.hits, h.hitAll = key, 0, true
	searched := 0
	for _, x := range slices.Backward(h.lines) {
		if searched += x.Message.Len(); searched > mostSearched {
			h.hitAll = false
			break
		}
		if s.fits(x) {
			h.hits++
		}
	}
	return h.hits, h.hitAll
}
