package sources

// Histogram is a distribution in cells. Counts has one entry more than Edges: cell i holds the values v with
// Edges[i-1] < v <= Edges[i], the last cell those above the last edge (Prometheus's `le` semantics).
type Histogram struct {
	// Edges are the upper edges, strictly ascending, in the measure's unit (seconds for latency); +Inf is not one.
	Edges []float64
	// Counts are the values of each cell, not cumulated.
	Counts []int64
	// Sum is the sum of all values as the source gives it; NaN when the source has none.
	Sum float64
	// Notes are the doubts of the reading, such as edges that had to be merged.
	Notes []Note
}

// N is how many values the histogram holds.
func (h Histogram) N() int64 {
	var n int64
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// Above counts the values above an edge. It reports false when the edge is not one of the histogram's.
func (h Histogram) Above(edge float64) (int64, bool) {
	if len(h.Counts) != len(h.Edges)+1 {
		return 0, false
	}
	for i, e := range h.Edges {
		if e != edge {
			continue
		}
		var n int64
		for _, c := range h.Counts[i+1:] {
			n += c
		}
		return n, true
	}
	return 0, false
}
