package drift

import (
	"maps"
	"math"
	"slices"
)

const (
	// accuracy is the relative width to either side of a bucket's middle: a quantile is off by 1 % at most.
	accuracy = 0.01
	// growth is the ratio of neighbouring bucket edges, (1+a)/(1-a).
	growth = (1 + accuracy) / (1 - accuracy)
	// leastBucket and mostBucket bound the indexes: magnitudes from 1e-12 to 1e15. What lies beyond falls into the
	// outermost bucket, so a sketch has at most 2 x 3109 buckets whatever comes.
	leastBucket, mostBucket = -1381, 1727
)

// Sketch is the distribution of a numeric feature at a fixed relative resolution: bucket i holds magnitudes in
// (growth^(i-1), growth^i], positive and negative apart, zeros and missing values by themselves (DDSketch: Masson, Rim,
// Lee 2019, with bounds in place of collapsing). Merging adds counts, so it loses nothing and order does not matter.
// The zero value is empty and ready.
type Sketch struct {
	positive, negative map[int]float64
	zero, missing, sum float64
	least, most        Amount
}

// Add takes one value. NaN counts as missing, an infinity falls into the outermost bucket.
func (s *Sketch) Add(v float64) {
	switch {
	case math.IsNaN(v):
		s.missing++
		return
	case v == 0:
		s.zero++
	case v > 0:
		s.count(&s.positive, bucketOf(v), 1)
	default:
		s.count(&s.negative, bucketOf(-v), 1)
	}
	v = math.Max(-math.MaxFloat64, math.Min(math.MaxFloat64, v))
	s.sum += v
	s.extend(v, v)
}

// AddMissing counts requests without a value.
func (s *Sketch) AddMissing(n float64) {
	if n > 0 && finite(n) {
		s.missing += n
	}
}

func (s *Sketch) count(to *map[int]float64, bucket int, n float64) {
	if *to == nil {
		*to = map[int]float64{}
	}
	(*to)[bucket] += n
}

func (s *Sketch) extend(least, most float64) {
	if !s.least.Known || least < s.least.V {
		s.least = Of(least)
	}
	if !s.most.Known || most > s.most.V {
		s.most = Of(most)
	}
}

func bucketOf(magnitude float64) int {
	i := math.Ceil(math.Log(magnitude) / math.Log(growth))
	return int(math.Max(leastBucket, math.Min(mostBucket, i)))
}

// bucketEdge is the upper edge of a bucket of magnitudes.
func bucketEdge(i int) float64 { return math.Pow(growth, float64(i)) }

// Merge adds another sketch.
func (s *Sketch) Merge(o Sketch) {
	for i, n := range o.positive {
		s.count(&s.positive, i, n)
	}
	for i, n := range o.negative {
		s.count(&s.negative, i, n)
	}
	s.zero += o.zero
	s.missing += o.missing
	s.sum += o.sum
	if o.least.Known && o.most.Known {
		s.extend(o.least.V, o.most.V)
	}
}

// N is how many values there are, without the missing ones.
func (s Sketch) N() float64 {
	n := s.zero
	for _, b := range s.buckets() {
		if b.lo != b.hi {
			n += b.n
		}
	}
	return n
}

// bucket is a stretch of the line with the number of values in (lo, hi]; lo = hi = 0 are the zeros.
type bucket struct{ lo, hi, n float64 }

// middle is as far from both edges, measured by the edge: 2 growth^i / (growth+1) of DDSketch. Half-way between them would be
// 1.01 % above the lower one.
func (b bucket) middle() float64 {
	if b.lo == b.hi {
		return b.lo
	}
	return 2 * b.lo * b.hi / (b.lo + b.hi)
}

// buckets are the filled ones in ascending order.
func (s Sketch) buckets() []bucket {
	var all []bucket
	for _, i := range slices.Backward(slices.Sorted(maps.Keys(s.negative))) {
		all = append(all, bucket{-bucketEdge(i), -bucketEdge(i - 1), s.negative[i]})
	}
	if s.zero > 0 {
		all = append(all, bucket{0, 0, s.zero})
	}
	for _, i := range slices.Sorted(maps.Keys(s.positive)) {
		all = append(all, bucket{bucketEdge(i - 1), bucketEdge(i), s.positive[i]})
	}
	return all
}

// Quantile is within 1 % of the q-quantile of the values; not known when there are none.
func (s Sketch) Quantile(q float64) Amount {
	all, n := s.buckets(), s.N()
	if n == 0 || !(q >= 0 && q <= 1) {
		return Amount{}
	}
	below := 0.0
	for _, b := range all {
		if below += b.n; below >= q*n {
			return Of(math.Max(s.least.V, math.Min(s.most.V, b.middle())))
		}
	}
	return s.most
}

// Deciles are edges that cut the values into about ten equal cells.
func (s Sketch) Deciles() []float64 {
	var edges []float64
	for i := 1; i < 10; i++ {
		if q := s.Quantile(float64(i) / 10); q.Known {
			edges = append(edges, q.V)
		}
	}
	return slices.Compact(edges)
}

// Cells lays the values into the cells of a histogram. A bucket that an edge runs through is split as if its values were
// spread evenly, so a count may be off by the part of a bucket 2 % wide.
func (s Sketch) Cells(edges []float64) Cells {
	c := Cells{
		Edges: edges, Counts: make([]float64, len(edges)+1),
		Zero: Of(s.zero), Missing: Of(s.missing), Sum: Of(s.sum),
	}
	for _, b := range s.buckets() {
		lo := b.lo
		k, _ := slices.BinarySearch(edges, b.hi)
		if b.hi > b.lo {
			k, _ = slices.BinarySearch(edges, math.Nextafter(b.lo, b.hi))
			for ; k < len(edges) && edges[k] < b.hi; k++ {
				part := b.n * (edges[k] - lo) / (b.hi - b.lo)
				c.Counts[k] += part
				lo = edges[k]
			}
			c.Counts[k] += b.n * (b.hi - lo) / (b.hi - b.lo)
			continue
		}
		c.Counts[k] += b.n
	}
	return c
}
