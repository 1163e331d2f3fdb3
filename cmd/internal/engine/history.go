package engine

import (
	"time"

	"rampart/sources"
)

// kept is how far back blocks are held for charts.
const kept = 6 * time.Hour

// history is one measure's blocks, newest last, for charts: they go on through rollouts.
type history struct {
	step   time.Duration
	edges  []float64
	blocks []sources.Block // strata summed
	newest sources.ByArm[time.Time]
	series sources.ByArm[int]
	notes  []sources.Note
	query  string
	err    error
}

// add appends blocks that are newer than those held, which are cut anew where the edges have changed.
func (h *history) add(s sources.BlockSeries) {
	if len(h.edges) > 0 && len(s.Edges) > 0 {
		h.blocks = recut(h.blocks, h.edges, s.Edges)
	}
	h.step, h.edges, h.notes, h.query, h.err = s.Step, s.Edges, s.Notes, s.Query, nil
	h.series = s.Series
	for _, a := range sources.Arms() {
		if t := s.Newest.Of(a); t.After(*h.newest.Ptr(a)) {
			*h.newest.Ptr(a) = t
		}
	}
	for _, b := range s.Blocks {
		if n := len(h.blocks); n > 0 && !b.End.After(h.blocks[n-1].End) {
			continue
		}
		h.push(b)
	}
}

func (h *history) push(b sources.Block) {
	sum := sources.Block{End: b.End, Strata: []sources.Stratum{{Counts: sources.ByArm[*sources.Counts]{Legacy: b.Sum(sources.Legacy), Candidate: b.Sum(sources.Candidate)}}}}
	h.blocks = append(h.blocks, sum)
	if drop := len(h.blocks) - int(kept/max(h.step, time.Second)); drop > 256 {
		h.blocks = append([]sources.Block(nil), h.blocks[drop:]...)
	}
}

// within adds up an arm over the last span; nil when it was not scraped there.
func (h *history) within(a sources.Arm, end time.Time, span time.Duration) *sources.Counts {
	var sum *sources.Counts
	for i := len(h.blocks) - 1; i >= 0; i-- {
		b := h.blocks[i]
		if b.End.After(end) {
			continue
		}
		if !b.End.After(end.Add(-span)) {
			break
		}
		if c := b.Strata[0].Counts.Of(a); c != nil {
			if sum == nil {
				sum = &sources.Counts{}
			}
			sum.Add(*c)
		}
	}
	return sum
}
