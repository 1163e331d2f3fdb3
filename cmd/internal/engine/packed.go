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
// A block whose histogram had other edges than those of now, and that cannot be cut to them, keeps its requests and errors
// without cells: it was scraped, and what its cells would say is not known.
//
// Why not as blocks: a runner holds six hours of each measure of hundreds of services, and reads few of them at a time.
type packed struct {
	ends []int64  // Unix nanoseconds
	at   []uint32 // where each begins in the data
	data []byte   // of each block both arms: a head (see below), requests, errors, cells
}

// The head of an arm's counts. From headCells on it says how many cells follow.
const (
	headUnscraped = iota // nothing follows
	headLost             // requests and errors follow; the cells are lost
	headCells
)

// scrape is what one scrape counted of an arm.
type scrape struct {
	*sources.Counts      // nil: the arm was not scraped
	lost            bool // its cells cannot be cut to the edges of now
}

// plain are scrapes whose cells have the edges of now, or that have none.
func plain(c sources.ByArm[*sources.Counts]) sources.ByArm[scrape] {
	return sources.ByArm[scrape]{Legacy: scrape{Counts: c.Legacy}, Candidate: scrape{Counts: c.Candidate}}
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
func (p *packed) push(end time.Time, counts sources.ByArm[scrape]) {
	p.ends, p.at = append(p.ends, end.UnixNano()), append(p.at, uint32(len(p.data)))
	for _, a := range sources.Arms() {
		c := counts.Of(a)
		if c.Counts == nil {
			p.data = append(p.data, headUnscraped)
			continue
		}
		cells := c.Cells
		if c.lost {
			p.data, cells = append(p.data, headLost), nil
		} else {
			p.data = binary.AppendUvarint(p.data, uint64(len(cells)+headCells))
		}
		for _, n := range [...]int64{c.Requests, c.Errors} {
			p.data = binary.AppendUvarint(p.data, uint64(n))
		}
		for _, n := range cells {
			p.data = binary.AppendUvarint(p.data, uint64(n))
		}
	}
}

// addTo adds an arm's counts of the i-th block to a sum. Cells of other edges cannot be added: such a block is left out as
// a whole, because requests without their cells would make every share of the sum too small, and the sum says so.
func (p *packed) addTo(s *sum, i int, a sources.Arm) {
	r := p.reader(i, a)
	head := r.next()
	if head == headUnscraped {
		return
	}
	one := sources.Counts{Requests: r.next(), Errors: r.next()}
	s.scraped, s.requests = s.scraped+1, s.requests+one.Requests
	cells := max(0, int(head)-headCells)
	switch {
	case head == headLost, s.Counts != nil && cells != len(s.Cells) && one.Requests > 0 && s.Requests > 0:
		s.lost++
		return
	case s.Counts == nil:
		s.Counts = &sources.Counts{}
	}
	s.Requests += one.Requests
	s.Errors += one.Errors
	if cells > 0 && cells != len(s.Cells) { // what is there had no request, or there is nothing yet
		s.Cells = make([]int64, cells)
	}
	for k := range cells {
		s.Cells[k] += r.next()
	}
}

// of is what was counted of an arm in the i-th block.
func (p *packed) of(i int, a sources.Arm) scrape {
	r := p.reader(i, a)
	head := r.next()
	if head == headUnscraped {
		return scrape{}
	}
	c := &sources.Counts{Requests: r.next(), Errors: r.next()}
	if head > headCells {
		c.Cells = make([]int64, head-headCells)
	}
	for k := range c.Cells {
		c.Cells[k] = r.next()
	}
	return scrape{Counts: c, lost: head == headLost}
}

// reader stands before an arm's counts of the i-th block.
func (p *packed) reader(i int, a sources.Arm) unpacking {
	r := unpacking(p.data[p.at[i]:])
	if a == sources.Candidate {
		r.skip()
	}
	return r
}

// block is the i-th block.
func (p *packed) block(i int) sources.Block {
	counts := sources.ByArm[*sources.Counts]{Legacy: p.of(i, sources.Legacy).Counts, Candidate: p.of(i, sources.Candidate).Counts}
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
		var c sources.ByArm[scrape]
		for _, a := range sources.Arms() {
			*c.Ptr(a) = p.of(i, a).recut(from, to)
		}
		out.push(p.end(i), c)
	}
	return out
}

// recut gives a scrape the cells of other edges, or says that they are lost.
func (s scrape) recut(from, to []float64) scrape {
	if s.Counts == nil || s.lost {
		return s
	}
	if c := past.RecutCounts(s.Counts, from, to); c != nil {
		return scrape{Counts: c}
	}
	return scrape{Counts: s.Counts, lost: true}
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
	head := r.next()
	if head == headUnscraped {
		return
	}
	for range 2 + max(0, head-headCells) {
		r.next()
	}
}
