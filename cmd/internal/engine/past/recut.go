package past

import (
	"slices"

	"rampart/sources"
)

// Recut gives blocks the cells of other edges: a deployment with other buckets changes which edges all pods share. Cells
// are merged where every new edge was one before; where one was not, the counts are gone for these edges, and a gap is
// told rather than a guess.
func Recut(blocks []sources.Block, from, to []float64) []sources.Block {
	if slices.Equal(from, to) {
		return blocks
	}
	out := slices.Clone(blocks)
	for i := range out {
		out[i].Strata = slices.Clone(out[i].Strata)
		for j := range out[i].Strata {
			s := &out[i].Strata[j].Counts
			for _, a := range sources.Arms() {
				*s.Ptr(a) = RecutCounts(s.Of(a), from, to)
			}
		}
	}
	return out
}

// RecutCounts is the same for one arm's counts; nil: they are gone for these edges.
func RecutCounts(c *sources.Counts, from, to []float64) *sources.Counts {
	if c == nil || len(c.Cells) != len(from)+1 {
		return nil
	}
	out := &sources.Counts{Requests: c.Requests, Errors: c.Errors, Cells: make([]int64, len(to)+1)}
	cell := 0
	for i, n := range c.Cells {
		out.Cells[cell] += n
		if i < len(from) && cell < len(to) && from[i] == to[cell] {
			cell++
		}
	}
	if cell != len(to) {
		return nil
	}
	return out
}
