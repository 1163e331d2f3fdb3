package engine

import (
	"time"

	"rampart/sources"
)

// kept is how far back blocks are held for charts, and moreKept how many more there may be before the old are let go.
const (
	kept     = 6 * time.Hour
	moreKept = 256
)

// history is one measure's blocks for charts: they go on through rollouts.
type history struct {
	step   time.Duration
	edges  []float64
	blocks packed
	newest sources.ByArm[time.Time]
	series sources.ByArm[int]
	notes  []sources.Note
	query  string
	err    error
}

// add appends blocks that are newer than those held, which are cut anew where the edges have changed.
func (h *history) add(s sources.BlockSeries) {
	if len(h.edges) > 0 && len(s.Edges) > 0 {
		h.blocks = h.blocks.recut(h.edges, s.Edges)
	}
	h.step, h.edges, h.notes, h.query, h.err = s.Step, s.Edges, s.Notes, s.Query, nil
	h.series = s.Series
	for _, a := range sources.Arms() {
		if t := s.Newest.Of(a); t.After(*h.newest.Ptr(a)) {
			*h.newest.Ptr(a) = t
		}
	}
	for _, b := range s.Blocks {
		if h.blocks.len() == 0 || b.End.After(h.blocks.last()) {
			h.push(b)
		}
	}
}

func (h *history) push(b sources.Block) {
	h.blocks.push(b.End, sources.ByArm[*sources.Counts]{Legacy: b.Sum(sources.Legacy), Candidate: b.Sum(sources.Candidate)})
	h.blocks.trim(h.step)
}

// within adds up an arm over the last span; nil when it was not scraped there.
func (h *history) within(a sources.Arm, end time.Time, span time.Duration) *sources.Counts {
	var sum *sources.Counts
	until, after := end.UnixNano(), end.Add(-span).UnixNano()
	for i := h.blocks.len() - 1; i >= 0 && h.blocks.ends[i] > after; i-- {
		if h.blocks.ends[i] <= until {
			h.blocks.addTo(&sum, i, a)
		}
	}
	return sum
}

// sumOf adds up an arm over some blocks; nil when it was scraped in none of them.
func (h *history) sumOf(a sources.Arm, from, to int) *sources.Counts {
	var sum *sources.Counts
	for i := from; i < to; i++ {
		h.blocks.addTo(&sum, i, a)
	}
	return sum
}
