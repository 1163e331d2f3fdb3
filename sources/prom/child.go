package prom

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"rampart/sources"
)

// child is one counter or one histogram of one process: the series that differ only by `le` and by who scraped them.
type child struct {
	arm           sources.Arm
	family        string // the metric it belongs to
	process       string // who exports it; empty when the labels do not tell
	stratum       string
	requests, bad bool
	scrapes       map[string]*scrapes // by replica
	spoilt        moments             // when it showed what is no count
}

// scrapes are a child's raw samples as one replica took them.
type scrapes struct {
	parts map[float64]points // by upper edge; a counter has one part at +Inf
}

// collector sorts raw series into children while they are read.
type collector struct {
	*reading
	replica  string // the label that tells replicas apart
	limit    int
	children map[string]*child
	tally    *tally
	series   int
	cutAt    []float64              // where native histograms are cut
	except   sources.ByArm[bool]    // arms that are not wanted
	spoilt   sources.ByArm[moments] // when an arm showed the metric with what is no count
	mute     []*child               // left out whole, and no number at some time: their process is not told of then
}

func newCollector(r *reading, c Config, t *tally) *collector {
	return &collector{reading: r, replica: c.Replica, limit: c.MaxSeries, children: map[string]*child{}, tally: t}
}

// add takes one series; too many of them are refused before memory is short.
func (c *collector) add(s *series) error {
	if c.series++; c.series > c.limit {
		return tooMany(c.limit)
	}
	w, ok := c.names[s.Labels[nameLabel]]
	if !ok {
		return nil
	}
	arm, err := c.arm(s.Labels, w)
	switch {
	case err != nil:
		return &sources.Error{Kind: sources.ErrInvalid, Cause: err, Fix: "arms must not overlap"}
	case arm == 0:
		c.tally.strangers++
	case c.except.Of(arm):
	case w.role == ofNative:
		c.addNative(s, w, arm)
	default:
		c.addFloats(s, w, arm)
	}
	return nil
}

// addFloats takes a counter, or one edge of a classic histogram.
func (c *collector) addFloats(s *series, w wanted, arm sources.Arm) {
	edge := math.Inf(1)
	if w.role == ofBuckets {
		le, err := strconv.ParseFloat(s.Labels["le"], 64)
		if err != nil || math.IsNaN(le) {
			c.tally.malformed++
			c.spoil(arm, s.Floats.at...)
			return
		}
		edge = le
	}
	kid, sc, key := c.scrapes(s.Labels, w, arm)
	c.tally.saw(arm, key, s.Labels["le"], s.Floats.at)
	sc.parts[edge] = sc.parts[edge].join(c.clean(s.Floats, kid))
}

// addNative takes a native histogram; a plain series that happens to bear its name is left out.
func (c *collector) addNative(s *series, w wanted, arm sources.Arm) {
	if len(s.Histograms.at) == 0 {
		return
	}
	kid, sc, key := c.scrapes(s.Labels, w, arm)
	c.tally.saw(arm, key, "", s.Histograms.at)
	sc.parts = s.Histograms.cutAt(c.cutAt, c.tally, func(at int64) { c.drop(kid, at) })
}

// scrapes finds where the samples of a series belong.
func (c *collector) scrapes(labels map[string]string, w wanted, arm sources.Arm) (kid *child, sc *scrapes, key string) {
	kid, key = c.child(labels, w, arm)
	rep := labels[c.replica]
	if kid.scrapes[rep] == nil {
		kid.scrapes[rep] = &scrapes{parts: map[float64]points{}}
	}
	return kid, kid.scrapes[rep], key
}

// child finds the child that a series belongs to.
func (c *collector) child(labels map[string]string, w wanted, arm sources.Arm) (*child, string) {
	key := labelKey(labels, c.replica, c.part(w))
	if kid := c.children[key]; kid != nil {
		return kid, key
	}
	kid := &child{
		arm: arm, family: labels[nameLabel], process: processKey(labels), stratum: stratumKey(labels, c.query.Target.Strata),
		scrapes: map[string]*scrapes{},
	}
	kid.requests, kid.bad = c.counts(labels, w)
	c.children[key] = kid
	return kid, key
}

// part is the label that tells the parts of one child apart.
func (c *collector) part(w wanted) string {
	if w.role == ofBuckets {
		return "le"
	}
	return ""
}

// labelKey is all labels but the named ones in one word.
func labelKey(labels map[string]string, but ...string) string {
	keys := slices.AppendSeq(make([]string, 0, len(labels)), maps.Keys(labels))
	slices.Sort(keys)
	var b strings.Builder
	for _, k := range keys {
		if !slices.Contains(but, k) {
			b.WriteString(k)
			b.WriteByte(0)
			b.WriteString(labels[k])
			b.WriteByte(0)
		}
	}
	return b.String()
}

func stratumKey(labels map[string]string, strata []string) string {
	values := make([]string, len(strata))
	for i, l := range strata {
		values[i] = sources.Visible(labels[l])
	}
	return strings.Join(values, " ")
}

// clean drops what no counter can hold and rounds what should have been whole. Values and not differences are
// rounded: then no request is counted twice or lost over the blocks.
func (c *collector) clean(p points, kid *child) points {
	out := points{at: p.at[:0], v: p.v[:0]}
	for i, v := range p.v {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 || v > 1<<53 {
			c.drop(kid, p.at[i])
			continue
		}
		whole := math.Round(v)
		if math.Abs(v-whole) > 1e-6*max(1, math.Abs(v)*1e-6) {
			c.tally.rounded++
		}
		out.at, out.v = append(out.at, p.at[i]), append(out.v, whole)
	}
	return out
}

// join merges two series of the same part, such as le="1" and le="1.0" across an upgrade of the server.
func (p points) join(q points) points {
	switch {
	case len(p.at) == 0:
		return q
	case len(q.at) == 0:
		return p
	}
	var out points
	for i, j := 0, 0; i < len(p.at) || j < len(q.at); {
		if j == len(q.at) || i < len(p.at) && p.at[i] <= q.at[j] {
			if j < len(q.at) && p.at[i] == q.at[j] {
				j++
			}
			out.at, out.v = append(out.at, p.at[i]), append(out.v, p.v[i])
			i++
			continue
		}
		out.at, out.v = append(out.at, q.at[j]), append(out.v, q.v[j])
		j++
	}
	return out
}
