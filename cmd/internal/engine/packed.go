package engine

import (
	"encoding/binary"
	"slices"
	"time"

	"rampart/cmd/internal/engine/past"
	"rampart/sources"
)

// packed are one measure's blocks with their strata summed, oldest first: some 20 bytes each instead of some 300, in three
// arrays without a pointer. What was appended is never changed, so a copy of the struct stays as it is.
//
// Why not as blocks: a runner holds six hours of each measure of hundreds of services, and reads few of them at a time.
type packed struct {
	ends []int64  // Unix nanoseconds
	at   []uint32 // where each begins in the data
	data []byte   // of each block both arms: 0, or how many cells it has plus 1, requests, errors, cells
}

func (p *packed) len() int { return len(p.ends) }

// end is when the i-th block ended.
func (p *packed) end(i int) time.Time { return time.Unix(0, p.ends[i]).UTC() }

// last is when the newest block ended; zero without one.
func (p *packed) last() time.Time {
	if len(p.ends) == 0 {
		return time.Time{}
	}
	return p.end(len(p.ends) - 1)
}

// push appends a block. An arm that was not scraped has no counts.
func (p *packed) push(end time.Time, counts sources.ByArm[*sources.Counts]) {
	p.ends, p.at = append(p.ends, end.UnixNano()), append(p.at, uint32(len(p.data)))
	for _, a := range sources.Arms() {
		c := counts.Of(a)
		if c == nil {
			p.data = append(p.data, 0)
			continue
		}
		p.data = binary.AppendUvarint(p.data, uint64(len(c.Cells)+1))
		for _, n := range [...]int64{c.Requests, c.Errors} {
			p.data = binary.AppendUvarint(p.data, uint64(n))
		}
		for _, n := range c.Cells {
			p.data = binary.AppendUvarint(p.data, uint64(n))
		}
	}
}

// addTo adds an arm's counts of the i-th block to a sum, which is made with the first; false: it was not scraped.
func (p *packed) addTo(sum **sources.Counts, i int, a sources.Arm) bool {
	r := unpacking(p.data[p.at[i]:])
	if a == sources.Candidate {
		r.skip()
	}
	head := r.next()
	if head == 0 {
		return false
	}
	if *sum == nil {
		*sum = &sources.Counts{}
	}
	s, cells := *sum, int(head-1)
	s.Requests += r.next()
	s.Errors += r.next()
	if s.Cells == nil && cells > 0 {
		s.Cells = make([]int64, cells)
	}
	for k := range min(cells, len(s.Cells)) {
		s.Cells[k] += r.next()
	}
	return true
}

// of are an arm's counts of the i-th block; nil: it was not scraped.
func (p *packed) of(i int, a sources.Arm) *sources.Counts {
	var c *sources.Counts
	p.addTo(&c, i, a)
	return c
}

// scraped tells whether an arm was scraped in the i-th block.
func (p *packed) scraped(i int, a sources.Arm) bool {
	r := unpacking(p.data[p.at[i]:])
	if a == sources.Candidate {
		r.skip()
	}
	return r.next() != 0
}

// block is the i-th block.
func (p *packed) block(i int) sources.Block {
	counts := sources.ByArm[*sources.Counts]{Legacy: p.of(i, sources.Legacy), Candidate: p.of(i, sources.Candidate)}
	return sources.Block{End: p.end(i), Strata: []sources.Stratum{{Counts: counts}}}
}

// trim lets blocks of a step go that are older than charts go back.
func (p *packed) trim(step time.Duration) {
	if keep := int(kept / max(step, time.Second)); p.len() > keep+moreKept {
		*p = p.newest(keep, moreKept+1)
	}
}

// newest are the newest n blocks in arrays of their own, with room for some more.
func (p *packed) newest(n, more int) packed {
	from := len(p.ends) - n
	begin := p.at[from]
	out := packed{
		ends: append(make([]int64, 0, n+more), p.ends[from:]...),
		at:   append(make([]uint32, 0, n+more), p.at[from:]...),
		data: slices.Clip(slices.Clone(p.data[begin:])),
	}
	for i := range out.at {
		out.at[i] -= begin
	}
	return out
}

// recut gives all blocks the cells of other edges; see [past.Recut].
func (p *packed) recut(from, to []float64) packed {
	if slices.Equal(from, to) {
		return *p
	}
	var out packed
	for i := range p.ends {
		var c sources.ByArm[*sources.Counts]
		for _, a := range sources.Arms() {
			*c.Ptr(a) = past.RecutCounts(p.of(i, a), from, to)
		}
		out.push(p.end(i), c)
	}
	return out
}

// unpacking reads the numbers of blocks one by one.
type unpacking []byte

func (r *unpacking) next() int64 {
	v, n := binary.Uvarint(*r)
	*r = (*r)[n:]
	return int64(v)
}

// skip passes over an arm.
func (r *unpacking) skip() {
	if cells := r.next(); cells > 0 {
		for range cells + 1 {
			r.next()
		}
	}
}
