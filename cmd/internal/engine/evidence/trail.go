package evidence

import (
	"sync"

	"rampart/analysis/dossier"
	"rampart/analysis/score"
	"rampart/analysis/seq"
	"rampart/sources"
)

// trail are blocks of a measure whose confidence sequences are solved when somebody looks at them: where it began, and what
// each block added. A long past that is read at once has hundreds of such blocks, of services that no screen shows, and to
// solve them is half of what opening these costs. It is solved with the operations that would have solved it block by block,
// to the last bit. It is safe for many goroutines.
type trail struct {
	alpha float64

	mu     sync.Mutex
	here   *seq.Interval // as of the first so many blocks
	added  []seq.Block   // those that follow
	solved []limits      // of here, and of each block that followed
}

// limits are a ratio's confidence sequence.
type limits struct {
	lo, hi  float64
	bounded bool
}

// follow notes a block and returns its place.
func (t *trail) follow(b seq.Block) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.added = append(t.added, b)
	return len(t.added) - 1
}

// at solves the interval as of a block.
func (t *trail) at(i int) limits {
	t.mu.Lock()
	defer t.mu.Unlock()
	for n := len(t.solved); n <= i; n++ {
		t.here.Take(t.added[n])
		var l limits
		l.lo, l.hi, l.bounded = t.here.Ratio(t.alpha)
		t.solved = append(t.solved, l)
	}
	return t.solved[i]
}

// ratio is a measure's ratio as of the block that was just judged, to be solved later where nobody needs it now: the newest
// that was asked for is shown in the table of every frame.
func (ev *Case) ratio(b *dossier.Block, i int, m *score.Measure) ratio {
	name := m.Spec.Name
	open := ev.trails[name]
	one, plain := plainBlock(b, i, m)
	if !b.End.Before(ev.until) || !plain {
		delete(ev.trails, name)
		return solved(m, ev.judge.Alpha())
	}
	if open == nil {
		if v := m.Sequence(); v != nil {
			ev.trails[name] = &trail{alpha: ev.judge.Alpha(), here: v.Clone()}
		}
		return solved(m, ev.judge.Alpha())
	}
	r := ratio{solved: true, later: open, place: open.follow(one)}
	if r.v, r.known = m.Ratio(); r.known {
		r.n = int64(m.Sum().CandidateN)
	}
	return r
}

// plainBlock is what a block added to a measure's interval; false: it is split, or was not counted.
func plainBlock(b *dossier.Block, i int, m *score.Measure) (seq.Block, bool) {
	c := tallies(&b.Legacy, &b.Candidate, i, m)
	if len(b.Strata) > 0 && b.Split(i) || c.Legacy == nil || c.Candidate == nil {
		return seq.Block{}, false
	}
	of := func(a sources.Arm) (x, n float64) { return float64(c.Of(a).Bad), float64(c.Of(a).Requests) }
	var out seq.Block
	out.LegacyX, out.LegacyN = of(sources.Legacy)
	out.CandidateX, out.CandidateN = of(sources.Candidate)
	return out, true
}
