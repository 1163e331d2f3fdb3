package logbook

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rampart/analysis/logcat"
	"rampart/analysis/logtmpl"
	"rampart/sources"
)

// patternCells are the cells of a pattern's sparkline, three minutes each, and patternPast all of them together.
const (
	patternCells = 10
	patternCell  = 3 * time.Minute
	patternPast  = patternCells * patternCell
	mostPatterns = 40 // shown in a frame
	heldPatterns = 2048

	mostPatternsHeld = 2 * heldPatterns // with those whose templates were joined
)

// pattern is one template's lines of both arms, in cells of time.
type pattern struct {
	id     logtmpl.ID
	level  sources.Level
	kinds  logcat.Set // that its text does not exclude
	cells  map[int64]*sources.ByArm[int64]
	first  time.Time
	last   time.Time
	sample sources.ByArm[sources.Text]
}

// patterns counts lines by template. It holds the newest half hour.
type patterns struct {
	byID map[logtmpl.ID]*pattern
}

func newPatterns() *patterns { return &patterns{byID: map[logtmpl.ID]*pattern{}} }

// add counts a line of an arm. Its text is sorted into kinds when its template is met.
func (p *patterns) add(id logtmpl.ID, l sources.LogLine, shown sources.Text, c *logcat.Catalog) *pattern {
	t := p.byID[id]
	if t == nil {
		if len(p.byID) >= mostPatternsHeld {
			p.forget(l.At.Add(-patternPast), nil)
			p.thin()
		}
		t = &pattern{id: id, level: l.Level, kinds: c.Text(shown.Raw()), first: l.At, cells: map[int64]*sources.ByArm[int64]{}}
		p.byID[id] = t
	}
	t.level = max(t.level, l.Level)
	if l.At.Before(t.first) {
		t.first = l.At
	}
	if l.At.After(t.last) {
		t.last = l.At
	}
	*t.sample.Ptr(l.Arm) = shown
	cell := cellOf(l.At)
	if t.cells[cell] == nil {
		t.cells[cell] = &sources.ByArm[int64]{}
	}
	*t.cells[cell].Ptr(l.Arm)++
	return t
}

// thin drops the half that was not written for longest, when forgetting what is old was not enough.
func (p *patterns) thin() {
	if len(p.byID) < mostPatternsHeld {
		return
	}
	all := slices.SortedFunc(maps.Values(p.byID), func(a, b *pattern) int { return cmp.Or(a.last.Compare(b.last), cmp.Compare(a.id, b.id)) })
	for _, t := range all[:len(all)/2] {
		delete(p.byID, t.id)
	}
}

func cellOf(t time.Time) int64 { return t.Unix() / int64(patternCell/time.Second) }

// forget drops cells that ended before an instant, then patterns without a cell, but for those to keep.
func (p *patterns) forget(before time.Time, keep func(logtmpl.ID) bool) {
	old := cellOf(before)
	for id, t := range p.byID {
		for c := range t.cells {
			if c < old {
				delete(t.cells, c)
			}
		}
		if len(t.cells) == 0 && (keep == nil || !keep(id)) {
			delete(p.byID, id)
		}
	}
}

// merged joins patterns whose templates became one.
func (p *patterns) merged(miner *logtmpl.Miner) map[logtmpl.ID]*pattern {
	out := make(map[logtmpl.ID]*pattern, len(p.byID))
	for id, t := range p.byID {
		now := miner.Resolve(id)
		old := out[now]
		if old == nil {
			out[now] = t
			continue
		}
		out[now] = old.plus(t)
	}
	return out
}

// plus joins two patterns into a new one.
func (t *pattern) plus(o *pattern) *pattern {
	sum := &pattern{id: t.id, level: max(t.level, o.level), kinds: t.kinds, first: t.first, last: t.last, sample: t.sample, cells: map[int64]*sources.ByArm[int64]{}}
	if o.first.Before(sum.first) {
		sum.first = o.first
	}
	if o.last.After(sum.last) {
		sum.last, sum.sample = o.last, o.sample
	}
	for _, part := range []*pattern{t, o} {
		for c, n := range part.cells {
			if sum.cells[c] == nil {
				sum.cells[c] = &sources.ByArm[int64]{}
			}
			sum.cells[c].Legacy += n.Legacy
			sum.cells[c].Candidate += n.Candidate
		}
	}
	return sum
}

// count is a pattern's lines in the cells up to now.
func (t *pattern) count(now time.Time) (n sources.ByArm[int64]) {
	newest := cellOf(now)
	for c, cell := range t.cells {
		if c > newest-patternCells && c <= newest {
			n.Legacy += cell.Legacy
			n.Candidate += cell.Candidate
		}
	}
	return n
}
