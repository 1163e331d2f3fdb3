package world

import (
	"math"
	"slices"
	"strconv"
)

// instrument is a part of a metrics page: it puts its samples out in a fixed order and forgets everything when its process starts anew.
type instrument interface {
	emit(yield func(Sample) bool) bool
	reset()
}

// number is a counter or a gauge.
type number struct {
	desc  *Desc
	value float64
}

func (n *number) emit(yield func(Sample) bool) bool { return yield(Sample{n.desc, n.value}) }

// follow moves a gauge towards v, so that it shows the mean of about the last 256 values.
func (n *number) follow(v float64) {
	if n.value == 0 {
		n.value = v
	}
	n.value += (v - n.value) / 256
}

func (n *number) reset() { n.value = 0 }

// histogram is a classic histogram; counts are kept per bucket and added up only when they are read.
type histogram struct {
	edges   []float64 // upper bounds without +Inf, rising
	counts  []float64 // one more than edges
	sum     float64
	lazy    bool // shows nothing before its first value
	buckets []*Desc
	sumOf   *Desc
	countOf *Desc
}

// newHistogram makes the series of one classic histogram, `le` spelled as the client libraries spell it.
func newHistogram(r *registry, name string, edges []float64, target []Label, own ...Label) *histogram {
	h := &histogram{
		edges: edges, counts: make([]float64, len(edges)+1),
		sumOf: r.desc(name+"_sum", target, own...), countOf: r.desc(name+"_count", target, own...),
	}
	for _, e := range append(slices.Clone(edges), math.Inf(1)) {
		le := Label{"le", strconv.FormatFloat(e, 'g', -1, 64)}
		h.buckets = append(h.buckets, r.desc(name+"_bucket", target, append(slices.Clone(own), le)...))
	}
	return h
}

// observe counts v in the first bucket whose upper bound is at or above it.
func (h *histogram) observe(v float64) {
	i := 0
	for i < len(h.edges) && v > h.edges[i] {
		i++
	}
	h.add(i, v)
}

// add counts v in a bucket that the caller knows.
func (h *histogram) add(bucket int, v float64) {
	h.counts[bucket]++
	h.sum += v
}

func (h *histogram) emit(yield func(Sample) bool) bool {
	if h.lazy && h.sum == 0 {
		return true
	}
	total := 0.0
	for i, d := range h.buckets {
		total += h.counts[i]
		if !yield(Sample{d, total}) {
			return false
		}
	}
	return yield(Sample{h.sumOf, h.sum}) && yield(Sample{h.countOf, total})
}

func (h *histogram) reset() {
	clear(h.counts)
	h.sum = 0
}

// Native is a native histogram of positive values: the bucket i holds those in (2^((i-1)/8), 2^(i/8)], which is schema 3.
type Native struct {
	Desc   *Desc
	First  int      // index of the first of the counts
	Counts []uint64 // per bucket, not added up
	Count  uint64
	Sum    float64
}

// NativeSchema is the resolution of every Native: eight buckets to a doubling.
const NativeSchema = 3

func (n *Native) observe(v float64) {
	i := int(math.Ceil(math.Log2(v) * (1 << NativeSchema)))
	if len(n.Counts) == 0 {
		n.First = i
	}
	for i < n.First {
		n.Counts = slices.Insert(n.Counts, 0, 0)
		n.First--
	}
	for i >= n.First+len(n.Counts) {
		n.Counts = append(n.Counts, 0)
	}
	n.Counts[i-n.First]++
	n.Count++
	n.Sum += v
}

func (n *Native) reset() { *n = Native{Desc: n.Desc} }
