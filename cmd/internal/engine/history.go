package engine

import (
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/engine/evidence"
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

// add appends blocks that are newer than those held, which are cut anew where the edges have changed. read are the same
// blocks as they were read, before they were cut to the edges of the answer.
func (h *history) add(s sources.BlockSeries, read []sources.Block) {
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
	for i, b := range s.Blocks {
		if h.blocks.len() == 0 || b.End.After(h.blocks.last()) {
			h.push(b, read[i])
		}
	}
}

func (h *history) push(b, read sources.Block) {
	var counts sources.ByArm[scrape]
	for _, a := range sources.Arms() {
		c := scrape{Counts: b.Sum(a)}
		if c.Counts == nil {
			c.Counts = read.Sum(a)
			c.lost = c.Counts != nil
		}
		*counts.Ptr(a) = c
	}
	h.blocks.push(b.End, counts)
	h.blocks.trim(h.step)
}

// sum is what an arm did over some blocks.
type sum struct {
	*sources.Counts       // of the blocks whose cells are known; nil: there are none
	requests        int64 // of all blocks in which it was scraped
	scraped, lost   int   // in how many it was, and in how many of these the cells are lost
}

// untold tells whether neither a block came nor the reason why none can.
func (h *history) untold() bool { return h.blocks.len() == 0 && h.err == nil }

// otherBuckets is why a block that was scraped has no share.
const otherBuckets = "its histogram had other buckets"

// share is the measure's value of a sum, or why there is none.
func (h *history) share(m analysis.Measure, s sum, at time.Time) analysis.Value {
	if s.Counts == nil && s.lost > 0 {
		return analysis.Missing(otherBuckets)
	}
	return evidence.Share(m, h.edges, s.Counts, at)
}

// within adds up an arm over the last span.
func (h *history) within(a sources.Arm, end time.Time, span time.Duration) (s sum) {
	until, after := end.UnixNano(), end.Add(-span).UnixNano()
	for i := h.blocks.len() - 1; i >= 0 && h.blocks.ends[i] > after; i-- {
		if h.blocks.ends[i] <= until {
			h.blocks.addTo(&s, i, a)
		}
	}
	return s
}

// sumOf adds up an arm over some blocks.
func (h *history) sumOf(a sources.Arm, from, to int) (s sum) {
	for i := from; i < to; i++ {
		h.blocks.addTo(&s, i, a)
	}
	return s
}
