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

// Lost names, by the Unix nanoseconds of their ends, the blocks of which an arm was counted and has nothing left after they
// were cut; nil: there are none. Both are the same blocks, as Recut takes and returns them.
func Lost(read, cut []sources.Block) map[int64]sources.ByArm[bool] {
	var out map[int64]sources.ByArm[bool]
	if len(cut) > 0 && &read[0] == &cut[0] {
		return nil // the edges are the same: nothing was cut
	}
	for i := range cut {
		var lost sources.ByArm[bool]
		for _, a := range sources.Arms() {
			*lost.Ptr(a) = read[i].Sum(a) != nil && cut[i].Sum(a) == nil
		}
		if lost.Legacy || lost.Candidate {
			if out == nil {
				out = map[int64]sources.ByArm[bool]{}
			}
			out[cut[i].End.UnixNano()] = lost
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
