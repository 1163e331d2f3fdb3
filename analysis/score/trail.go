package score

import (
	"slices"
	"time"
)

// Contribution is what one block added to the evidence for WORSE: ln E after it less ln E before. They add up to ln E,
// exactly.
type Contribution struct {
	Block int       // from 1
	End   time.Time // of the block
	LogE  float64
}

const (
	// newestKept is how many contributions are kept: half an hour of scrapes.
	newestKept = 120
	// topKept is how many of the greatest are kept.
	topKept = 8
)

// trail keeps the newest contributions and the greatest, in fixed memory.
type trail struct {
	newest [newestKept]Contribution // a ring
	next   int
	top    [topKept]Contribution // greatest first; of equals the first
	held   int
}

func (t *trail) add(c Contribution) {
	t.newest[t.next%newestKept] = c
	t.next++
	if c.LogE <= 0 {
		return
	}
	at := t.held
	for at > 0 && t.top[at-1].LogE < c.LogE {
		at--
	}
	if at == topKept {
		return
	}
	t.held = min(t.held+1, topKept)
	copy(t.top[at+1:t.held], t.top[at:t.held-1])
	t.top[at] = c
}

// Newest are the contributions of the newest blocks judged, at most n and at most half an hour of them, oldest first. It
// needs a judge that audits.
func (j *Judge) Newest(n int) []Contribution {
	if j.trail == nil {
		return nil
	}
	n = max(0, min(n, j.trail.next, newestKept))
	out := make([]Contribution, 0, n)
	for i := j.trail.next - n; i < j.trail.next; i++ {
		out = append(out, j.trail.newest[i%newestKept])
	}
	return out
}

// Top are the blocks that added most to the evidence for WORSE, greatest first, at most eight; none that took evidence
// away. It needs a judge that audits.
func (j *Judge) Top() []Contribution {
	if j.trail == nil {
		return nil
	}
	return slices.Clone(j.trail.top[:j.trail.held])
}

// Edge is what is known at one edge of a histogram.
type Edge struct {
	Seconds float64
	LogHarm float64 // an e-process of its own
	Ratio   float64 // of the shares above the edge, when Known
	Known   bool
	N       int64 // requests of the candidate
}

// Edges says, for latency, at which edges the candidate is slower; nil for errors.
func (m *Measure) Edges() []Edge {
	var out []Edge
	for e, log := range m.EdgeLogHarm() {
		ratio, known := m.latency.Ratio(e)
		out = append(out, Edge{m.Spec.Edges[e], log, ratio, known, int64(m.latency.Sum(e).CandidateN)})
	}
	return out
}
