package prom

import (
	"context"
	"slices"
	"time"

	"rampart/sources"
)

// Checked is what a measure's query found, for `config check` and `doctor`.
type Checked struct {
	Measure string
	Query   string                       // the expanded query
	Series  sources.ByArm[int]           // how many series matched
	Newest  sources.ByArm[time.Time]     // the newest scrape of each arm; zero: none
	Scraped sources.ByArm[time.Duration] // how often each arm is scraped; zero: not known
	Edges   []float64                    // the common edges of a histogram
	Limits  []Limit                      // the query's edges against those
	Notes   []sources.Note
	Err     error
}

// Limit tells whether a judged edge is one of the histogram's.
type Limit struct {
	Edge     float64
	Found    bool
	Below    float64 // the next edge below, when HasBelow
	Above    float64
	HasBelow bool
	HasAbove bool
}

// checkedBlocks is how much history a check reads: enough to see how often targets are scraped.
const checkedBlocks = 8

// Check asks what a query would find up to an instant. It reads a few blocks, so it is cheap whatever the history.
func (s *Source) Check(ctx context.Context, q sources.BlockQuery, at time.Time) Checked {
	w := sources.Window{From: at.Add(-checkedBlocks * q.Step), To: at}
	g := &grounds{source: s, known: map[string]func() (ground, error){}}
	bs, t := s.blocks(ctx, q, w, g)
	out := Checked{
		Measure: q.Measure, Query: bs.Query, Series: bs.Series, Newest: bs.Newest, Edges: bs.Edges, Notes: bs.Notes, Err: bs.Err,
		Scraped: sources.ByArm[time.Duration]{Legacy: t.every(sources.Legacy), Candidate: t.every(sources.Candidate)},
	}
	if q.Histogram == "" || out.Err != nil {
		return out
	}
	for _, e := range q.Edges {
		out.Limits = append(out.Limits, limit(out.Edges, e))
	}
	return out
}

// limit finds an edge or its neighbours among ascending edges.
func limit(edges []float64, edge float64) Limit {
	i, found := slices.BinarySearch(edges, edge)
	out := Limit{Edge: edge, Found: found}
	if i > 0 {
		out.Below, out.HasBelow = edges[i-1], true
	}
	if found {
		i++
	}
	if i < len(edges) {
		out.Above, out.HasAbove = edges[i], true
	}
	return out
}

// In says where the edge lies among those that both arms have, in the words of a unit.
func (l Limit) In(unit func(float64) string) string {
	said := unit(l.Edge) + " is not an edge that both arms have; "
	switch {
	case l.Found:
		return unit(l.Edge) + " is an edge that both arms have"
	case l.HasBelow && l.HasAbove:
		return said + "its neighbours are " + unit(l.Below) + " and " + unit(l.Above)
	case l.HasBelow:
		return said + "the last edge is " + unit(l.Below)
	case l.HasAbove:
		return said + "the first edge is " + unit(l.Above)
	}
	return said + "there is none"
}
