package prom

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"

	"rampart/sources"
)

// nativePoints are the raw samples of a native histogram.
type nativePoints struct {
	at    []int64
	whole []nativeSample
}

// nativeSample is a native histogram as the API writes it: cumulated over time, not over buckets.
type nativeSample struct {
	Count   number         `json:"count"`
	Sum     number         `json:"sum"`
	Buckets []nativeBucket `json:"buckets"`
}

// nativeBucket holds the values between two bounds; which of them is inside matters to no continuous measure.
type nativeBucket struct{ left, right, n float64 }

// number is a float that the API writes as a string.
type number float64

// UnmarshalJSON reads "1.5".
func (n *number) UnmarshalJSON(b []byte) error {
	f, err := unquoted(b)
	*n = number(f)
	return err
}

func unquoted(b []byte) (float64, error) {
	if len(b) < 2 || b[0] != '"' {
		return 0, foreign("a number that is no string")
	}
	f, err := strconv.ParseFloat(string(b[1:len(b)-1]), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, foreign("a value that is no number")
	}
	return f, nil
}

// UnmarshalJSON reads [rule,"left","right","count"].
func (b *nativeBucket) UnmarshalJSON(raw []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) != 4 {
		return foreign("a histogram bucket that has not four parts")
	}
	for i, to := range []*float64{&b.left, &b.right, &b.n} {
		f, err := unquoted(parts[i+1])
		if err != nil {
			return err
		}
		*to = f
	}
	return nil
}

// UnmarshalJSON reads [[seconds,{...}],...].
func (p *nativePoints) UnmarshalJSON(b []byte) error {
	p.at, p.whole = p.at[:0], p.whole[:0]
	return pairs(b, func(at int64, value []byte) error {
		var s nativeSample
		if err := json.Unmarshal(value, &s); err != nil {
			return err
		}
		if n := len(p.at); n > 0 && p.at[n-1] >= at {
			return foreign("samples that do not ascend")
		}
		p.at, p.whole = append(p.at, at), append(p.whole, s)
		return nil
	})
}

// below estimates how many values lie at or below an edge. It is exact where the edge is a bucket's bound, as powers
// of two are at every resolution; within a bucket the values are taken to lie evenly on the bucket's own scale, as
// Prometheus does (documentation of histogram_quantile: exponential interpolation).
func (s nativeSample) below(edge float64) (n float64, exact bool) {
	exact = true
	for _, b := range s.Buckets {
		switch {
		case b.right <= edge:
			n += b.n
		case b.left < edge && b.n > 0:
			exact = false
			n += b.n * share(b.left, b.right, edge)
		}
	}
	return n, exact
}

func share(left, right, edge float64) float64 {
	var f float64
	switch {
	case left > 0:
		f = math.Log(edge/left) / math.Log(right/left)
	case right < 0:
		f = 1 - math.Log(edge/right)/math.Log(left/right)
	default:
		f = (edge - left) / (right - left)
	}
	if math.IsNaN(f) {
		return 0
	}
	return min(max(f, 0), 1)
}

// cutAt turns native samples into counters at edges, as a classic histogram would have them. A part never goes down while
// the whole goes up: that is a change of resolution and no restart.
func (p nativePoints) cutAt(edges []float64, t *tally, drop func(at int64)) map[float64]points {
	out := map[float64]points{}
	all := append(slices.Clone(edges), math.Inf(1))
	before := make([]float64, len(all))
	for i, s := range p.whole {
		count := math.Round(float64(s.Count))
		if math.IsNaN(count) || count < 0 || count > 1<<53 {
			drop(p.at[i])
			continue
		}
		again := count < before[len(before)-1]
		for c, e := range all {
			n, exact := s.below(e)
			if !exact {
				t.between++
			}
			if c == len(all)-1 {
				n = count
			}
			if n = min(math.Round(n), count); !again {
				n = max(n, before[c])
			}
			before[c] = n
			q := out[e]
			q.at, q.v = append(q.at, p.at[i]), append(q.v, n)
			out[e] = q
		}
	}
	return out
}

// Without any edge asked for, native histograms are cut at powers of two: bounds at every resolution.
const (
	lowestPower  = -10
	highestPower = 14
)

func powers() []float64 {
	var out []float64
	for e := lowestPower; e <= highestPower; e++ {
		out = append(out, math.Ldexp(1, e))
	}
	return out
}

// addNative takes the native histogram for those arms that have no classic one.
func (s *Source) addNative(ctx context.Context, c *collector, w sources.Window) error {
	var has sources.ByArm[bool]
	for _, kid := range c.children {
		*has.Ptr(kid.arm) = true
	}
	if has.Legacy && has.Candidate {
		return nil
	}
	edges := c.query.Edges
	switch {
	case has.Legacy || has.Candidate:
		common, err := c.commonEdges()
		if err != nil {
			return err
		}
		edges = common
	case len(edges) == 0:
		edges = powers()
	}
	n := newCollector(c.native(), s.cfg, c.tally)
	n.cutAt = edges
	n.except = has
	if err := s.collect(ctx, n, w); err != nil {
		return err
	}
	for key, kid := range n.children {
		if kid.keep([]float64{math.Inf(1)}); len(kid.scrapes) == 0 {
			c.silence(kid)
			continue
		}
		c.children[key] = kid
	}
	for _, arm := range sources.Arms() {
		c.spoil(arm, n.spoilt.Of(arm)...)
	}
	return nil
}
