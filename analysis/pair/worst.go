package pair

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// worst keeps the pairs that differ most: those that disagree first, then by the size of the score's difference, then by
// how much slower or faster the candidate was. Pairs that agree in all and differ in nothing are not kept.
type worst struct {
	most  int
	pairs mildest
}

// mildest has the pair on top that goes first.
type mildest []Pair

func (m mildest) Len() int           { return len(m) }
func (m mildest) Less(i, j int) bool { return milder(m[i], m[j]) < 0 }
func (m mildest) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }

// Push is for package heap.
func (m *mildest) Push(x any) { *m = append(*m, x.(Pair)) }

// Pop is for package heap.
func (m *mildest) Pop() any {
	old := *m
	p := old[len(old)-1]
	old[len(old)-1] = Pair{}
	*m = old[:len(old)-1]
	return p
}

// milder orders pairs, the mildest first. Pairs that differ alike are ordered by id, the last id first.
func milder(a, b Pair) int {
	return cmp.Or(
		cmp.Compare(disagrees(a), disagrees(b)), cmp.Compare(amount(a.Score), amount(b.Score)),
		cmp.Compare(amount(a.Latency), amount(b.Latency)), cmp.Compare(b.ID, a.ID),
	)
}

func disagrees(p Pair) int {
	if p.Judged && !p.Agree {
		return 1
	}
	return 0
}

func amount(d float64) float64 {
	if math.IsNaN(d) {
		return 0
	}
	return math.Abs(d)
}

func (w *worst) add(p Pair) {
	if disagrees(p) == 0 && amount(p.Score) == 0 && amount(p.Latency) == 0 {
		return
	}
	if len(w.pairs) < w.most {
		heap.Push(&w.pairs, p)
		return
	}
	if w.most > 0 && milder(w.pairs[0], p) < 0 {
		w.pairs[0] = p
		heap.Fix(&w.pairs, 0)
	}
}

// ranked are the kept pairs, the worst first.
func (w *worst) ranked() []Pair {
	out := slices.Clone(w.pairs)
	slices.SortFunc(out, func(a, b Pair) int { return milder(b, a) })
	return out
}
