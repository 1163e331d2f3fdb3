package score

import (
	"slices"
	"time"
)

// Contribution is what one block added to the evidence of both sides: ln E after it less ln E before. Those of a rollout's
// blocks add up to its ln E, exactly.
type Contribution struct {
	Block   int       // from 1
	End     time.Time // of the block
	LogE    float64   // for WORSE
	LogSafe float64   // for SAFE
}

// topKept is how many of the greatest are kept.
const topKept = 8

// trail keeps what the newest block added, and the greatest, in fixed memory.
type trail struct {
	newest Contribution
	top    [topKept]Contribution // greatest first; of equals the first
	held   int
}

func (t *trail) add(c Contribution) {
	t.newest = c
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

// Newest is what the newest block added; nothing where an arm was missing. It needs a judge that audits.
func (j *Judge) Newest() Contribution {
	if j.trail == nil || j.trail.newest.Block != j.blocks {
		return Contribution{Block: j.blocks, End: j.end}
	}
	return j.trail.newest
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
