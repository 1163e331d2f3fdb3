package prom

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"rampart/sources"
)

// celled are children whose scrapes have been put side by side over common edges.
type celled struct {
	edges  []float64 // finite; nil for counters
	tracks map[*child][]track
}

// cells brings the collected children over common edges. Where an arm has no classic histogram, the native one of the
// same name is asked for.
func (s *Source) cells(ctx context.Context, c *collector, w sources.Window) (celled, error) {
	out := celled{tracks: map[*child][]track{}}
	if c.query.Histogram == "" {
		for _, kid := range c.children {
			out.add(kid, []float64{math.Inf(1)}, c.tally)
		}
		return out, nil
	}
	c.dropHeadless()
	if err := s.addNative(ctx, c, w); err != nil {
		return out, err
	}
	edges, err := c.commonEdges()
	if err != nil {
		return out, err
	}
	out.edges = edges
	all := append(slices.Clone(edges), math.Inf(1))
	for _, kid := range c.children {
		if kid.keep(all); len(kid.scrapes) == 0 {
			c.tally.lacking++
			c.silence(kid)
			continue
		}
		out.add(kid, all, c.tally)
	}
	return out, nil
}

// dropHeadless leaves out histograms without le="+Inf": how many values they hold is not known.
func (c *collector) dropHeadless() {
	for key, kid := range c.children {
		for rep, sc := range kid.scrapes {
			if len(sc.parts[math.Inf(1)].at) == 0 {
				c.tally.malformed++
				for _, p := range sc.parts {
					c.spoil(kid.arm, p.at...)
				}
				delete(kid.scrapes, rep)
			}
		}
		if len(kid.scrapes) == 0 {
			delete(c.children, key)
			c.silence(kid)
		}
	}
}

// add aligns a child's scrapes, replica by replica.
func (o *celled) add(kid *child, edges []float64, t *tally) {
	for i, rep := range slices.Sorted(maps.Keys(kid.scrapes)) {
		parts := make([]points, len(edges))
		for c, e := range edges {
			parts[c] = kid.scrapes[rep].parts[e]
		}
		tr, torn := align(parts)
		t.torn += torn
		if i > 0 {
			t.replicas++
		}
		o.tracks[kid] = append(o.tracks[kid], tr)
	}
}

// keep leaves out replicas that have not shown all these edges.
func (c *child) keep(edges []float64) {
	maps.DeleteFunc(c.scrapes, func(_ string, sc *scrapes) bool {
		return slices.ContainsFunc(edges, func(e float64) bool { return len(sc.parts[e].at) == 0 })
	})
}

// always are the finite edges that a child has in each of its scrapes, be it as no number now and then.
func (c *child) always() map[float64]bool {
	out := map[float64]bool{}
	first := true
	for _, sc := range c.scrapes {
		whole := sc.parts[math.Inf(1)]
		for e, p := range sc.parts {
			if !math.IsInf(e, 1) && c.shows(p, whole.at) && (first || out[e]) {
				out[e] = true
			} else {
				delete(out, e)
			}
		}
		first = false
	}
	return out
}

// shows tells whether an edge was there whenever the histogram was.
func (c *child) shows(p points, whole []int64) bool {
	if len(c.spoilt) == 0 {
		return len(p.at) == len(whole)
	}
	return !slices.ContainsFunc(whole, func(at int64) bool {
		_, ok := slices.BinarySearch(p.at, at)
		return !ok && !c.spoilt.within(at-1, at)
	})
}

// commonEdges are the edges that every child of both arms has, and the asked ones that both arms have somewhere: for
// these, children without them are left out rather than the edge that is judged.
func (c *collector) commonEdges() ([]float64, error) {
	if len(c.children) == 0 {
		return nil, nil
	}
	everywhere := map[float64]int{}
	var inArm sources.ByArm[map[float64]bool] // nil for an arm without children
	seen := map[float64]bool{}
	for _, kid := range c.children {
		arm := inArm.Ptr(kid.arm)
		if *arm == nil {
			*arm = map[float64]bool{}
		}
		for e := range kid.always() {
			everywhere[e]++
			(*arm)[e] = true
		}
		kid.edges(seen)
	}
	var edges []float64
	for _, e := range slices.Sorted(maps.Keys(seen)) {
		inBoth := (inArm.Legacy == nil || inArm.Legacy[e]) && (inArm.Candidate == nil || inArm.Candidate[e])
		if everywhere[e] == len(c.children) || inBoth && slices.Contains(c.query.Edges, e) {
			edges = append(edges, e)
			continue
		}
		c.tally.merged[e] = struct{}{}
	}
	if len(edges) == 0 && len(seen) > 0 {
		return nil, noCommonEdge(slices.Sorted(maps.Keys(seen)))
	}
	return edges, nil
}

// edges adds all finite edges that a child ever had.
func (c *child) edges(to map[float64]bool) {
	for _, sc := range c.scrapes {
		for e := range sc.parts {
			if !math.IsInf(e, 1) {
				to[e] = true
			}
		}
	}
}

func noCommonEdge(seen []float64) error {
	return &sources.Error{
		Kind: sources.ErrInvalid, Cause: fmt.Errorf("the histograms have no edge in common: %s", floats(seen)),
		Fix: "give both arms the same buckets",
	}
}

// sharedEdges are the edges that all pieces have.
func sharedEdges(parts []piece, t *tally) ([]float64, error) {
	var edges []float64
	first := true
	for _, p := range parts {
		switch {
		case p.edges == nil:
		case first:
			edges, first = slices.Clone(p.edges), false
		default:
			kept := edges[:0:0]
			for _, e := range edges {
				if slices.Contains(p.edges, e) {
					kept = append(kept, e)
				}
			}
			edges = kept
		}
	}
	for _, p := range parts {
		for _, e := range p.edges {
			if !slices.Contains(edges, e) {
				t.merged[e] = struct{}{}
			}
		}
	}
	if !first && len(edges) == 0 {
		return nil, errors.New("the histograms of the window have no edge in common")
	}
	return edges, nil
}

// coarsen merges cells so that they end at the coarser edges only; these are among the fine ones.
func coarsen(blocks []sources.Block, fine, coarse []float64) {
	if slices.Equal(fine, coarse) {
		return
	}
	for _, b := range blocks {
		for _, st := range b.Strata {
			for _, arm := range sources.Arms() {
				if c := st.Counts.Of(arm); c != nil && c.Cells != nil {
					c.Cells = coarser(c.Cells, fine, coarse)
				}
			}
		}
	}
}

func coarser(cells []int64, fine, coarse []float64) []int64 {
	out := make([]int64, len(coarse)+1)
	to := 0
	for i, n := range cells {
		out[to] += n
		if i < len(fine) && to < len(coarse) && fine[i] == coarse[to] {
			to++
		}
	}
	return out
}
