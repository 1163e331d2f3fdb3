package runner

import (
	"sync"
	"time"

	"rampart/analysis/dossier"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// mostTallied bounds the blocks that a tally keeps: a day of 15 s scrapes.
const mostTallied = 5760

// Tally keeps what was counted in each block of the rollout, as it was judged. It is filled by the engine's record and
// read by the driver.
type Tally struct {
	mu     sync.Mutex
	header dossier.Header
	blocks []tallied // oldest first
}

// tallied is one block: for each measure of the header what both arms counted.
type tallied struct {
	end  time.Time
	arms []sources.ByArm[ramp.Sums]
}

// Add takes a block as it was judged; a block of another rollout begins anew.
func (t *Tally) Add(h dossier.Header, b *dossier.Block) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h.ID != t.header.ID {
		t.blocks = nil
	}
	t.header = h
	one := tallied{end: b.End}
	for i, m := range h.Measures {
		one.arms = append(one.arms, sources.ByArm[ramp.Sums]{Legacy: sums(m, b.Legacy, i), Candidate: sums(m, b.Candidate, i)})
	}
	if t.blocks = append(t.blocks, one); len(t.blocks) > mostTallied {
		t.blocks = t.blocks[len(t.blocks)-mostTallied:]
	}
}

// sums turns counts into what rules look at. A histogram knows no mean: each request is taken to have lasted as long as
// the middle of its cell, and as the last edge beyond it, which is good enough for a threshold and is no evidence.
func sums(m dossier.Measure, a dossier.Arm, i int) ramp.Sums {
	if !a.Scraped || i >= len(a.Counts) || !a.Counts[i].Known {
		return ramp.Sums{}
	}
	c := a.Counts[i]
	s := ramp.Sums{Requests: c.Requests, Bad: c.Errors}
	for cell, n := range c.Cells {
		low := 0.0
		if cell > 0 {
			low = m.Edges[cell-1]
		}
		high := low
		if cell < len(m.Edges) {
			high = m.Edges[cell]
		}
		s.Seconds += float64(n) * (low + high) / 2
	}
	if len(m.Edges) == 1 {
		s.Bad = c.Cells[1]
	}
	return s
}

// Since counts the requests of each arm in blocks that ended after an instant, by the rollout's first measure.
func (t *Tally) Since(at time.Time) sources.ByArm[int64] {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out sources.ByArm[int64]
	for _, b := range t.blocks {
		if b.end.After(at) && len(b.arms) > 0 {
			out.Legacy += b.arms[0].Legacy.Requests
			out.Candidate += b.arms[0].Candidate.Requests
		}
	}
	return out
}

// Recent sums each rule's newest requests, arm by arm, by whole blocks: with fewer than the rule looks at, all there are. What
// ended before an instant does not count: until a new candidate has had its first request, these are its predecessor's.
func (t *Tally) Recent(rules []ramp.Rule, since time.Time) []sources.ByArm[ramp.Sums] {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]sources.ByArm[ramp.Sums], len(rules))
	for i, r := range rules {
		for at, m := range t.header.Measures {
			if m.Name == r.Measure {
				out[i].Legacy = t.last(at, r.Over, since, sources.Legacy)
				out[i].Candidate = t.last(at, r.Over, since, sources.Candidate)
			}
		}
	}
	return out
}

func (t *Tally) last(measure int, over int64, since time.Time, arm sources.Arm) ramp.Sums {
	var s ramp.Sums
	for i := len(t.blocks) - 1; i >= 0 && s.Requests < over; i-- {
		b := t.blocks[i]
		if b.end.Before(since) {
			break
		}
		if measure < len(b.arms) {
			one := b.arms[measure].Of(arm)
			s.Requests, s.Bad, s.Seconds = s.Requests+one.Requests, s.Bad+one.Bad, s.Seconds+one.Seconds
		}
	}
	return s
}
