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
		l := limit(out.Edges, e)
		out.Limits = append(out.Limits, l)
		if !l.Found {
			out.Notes = append(out.Notes, sources.Note{Kind: sources.NoteConfig, Text: sources.Textf("%s is not an edge that both arms have; %s", floats([]float64{e}), l.neighbours())})
		}
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

// neighbours names the edges that could be judged instead.
func (l Limit) neighbours() string {
	switch {
	case l.HasBelow && l.HasAbove:
		return "its neighbours are " + floats([]float64{l.Below}) + " and " + floats([]float64{l.Above})
	case l.HasBelow:
		return "the last edge is " + floats([]float64{l.Below})
	case l.HasAbove:
		return "the first edge is " + floats([]float64{l.Above})
	}
	return "there is none"
}
