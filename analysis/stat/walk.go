package stat

import "math"

// parallelFrom is the joint size from which two goroutines pay for themselves.
const parallelFrom = 1 << 14

// pair is two samples as sorted keys.
type pair struct {
	x, y         []uint64
	dropX, dropY int
}

func newPair(x, y []float64) pair {
	var p pair
	both(len(x)+len(y) >= parallelFrom,
		func() { p.x, p.dropX = sortedKeys(x) },
		func() { p.y, p.dropY = sortedKeys(y) })
	return p
}

func (p pair) basis() Basis {
	var b Basis
	b.addSample(len(p.x), p.dropX)
	b.addSample(len(p.y), p.dropY)
	return b
}

// stretch is a part of both samples: x[i:iEnd] and y[j:jEnd].
type stretch struct{ i, iEnd, j, jEnd int }

// halves cuts both samples at one value, so that equal values stay together.
func (p pair) halves() (stretch, stretch) {
	m, n := len(p.x), len(p.y)
	long := p.x
	if n > m {
		long = p.y
	}
	if m+n < parallelFrom {
		return stretch{0, m, 0, n}, stretch{m, m, n, n}
	}
	cut := long[len(long)/2]
	i, j := lowerBound(p.x, cut), lowerBound(p.y, cut)
	return stretch{0, i, 0, j}, stretch{i, m, j, n}
}

// lowerBound is the number of keys below k.
func lowerBound(a []uint64, k uint64) int {
	lo, hi := 0, len(a)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); a[mid] < k {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// rankSums is what the rank tests need of a pair, in whole numbers.
type rankSums struct {
	twiceU int64   // 2 #(x > y) + #(x = y) over all pairs
	tied   int64   // values that repeat another
	cubes  float64 // sum of t^3 - t over groups of t equal values
}

// ranks walks both samples once in joint order.
func (p pair) ranks() rankSums {
	first, second := p.halves()
	var a, b rankSums
	both(len(p.x)+len(p.y) >= parallelFrom,
		func() { a = p.rankStretch(first) },
		func() { b = p.rankStretch(second) })
	return rankSums{a.twiceU + b.twiceU, a.tied + b.tied, a.cubes + b.cubes}
}

func (p pair) rankStretch(s stretch) rankSums {
	var r rankSums
	x, y := p.x[:s.iEnd], p.y[:s.jEnd]
	i, j, i0, j0 := s.i, s.j, s.i, s.j
	previous, below := uint64(0), int64(0)
	for i < len(x) || j < len(y) {
		a, b := next(x, i), next(y, j)
		if v := min(a, b); v != previous {
			if (i-i0)+(j-j0) > 1 {
				r.group(int64(i-i0), int64(j-j0))
			}
			previous, i0, j0 = v, i, j
		}
		if a <= b {
			below += int64(j)
			i++
		} else {
			j++
		}
	}
	r.group(int64(i-i0), int64(j-j0))
	r.twiceU += 2 * below
	return r
}

// group adds nx and ny values that are all equal. The walk takes the x of a group
// first and so has counted none of its pairs.
func (r *rankSums) group(nx, ny int64) {
	t := nx + ny
	if t < 2 {
		return
	}
	r.twiceU += nx * ny
	r.tied += t - 1
	r.cubes += float64(t) * (float64(t)*float64(t) - 1)
}

// next is the i-th key, or one above every finite value when there is none.
func next(a []uint64, i int) uint64 {
	if i < len(a) {
		return a[i]
	}
	return math.MaxUint64
}

// gapSums describes the gap between the two empirical CDFs. With m and n values
// the gap at any point is a whole number over m n.
type gapSums struct {
	top  int64   // largest |gap| m n
	at   uint64  // the first value where it is reached
	sign int     // +1 when the CDF of x is above there, else -1
	tied int64   // values that repeat another
	area float64 // integral of |gap|
}

// gaps walks both samples once in joint order.
func (p pair) gaps() gapSums {
	first, second := p.halves()
	var a, b gapSums
	both(len(p.x)+len(p.y) >= parallelFrom,
		func() { a = p.gapStretch(first) },
		func() { b = p.gapStretch(second) })
	area, tied := a.area+b.area, a.tied+b.tied
	if b.top > a.top {
		a = b
	}
	a.area, a.tied = area, tied
	return a
}

func (p pair) gapStretch(s stretch) gapSums {
	var g gapSums
	x, y := p.x[:s.iEnd], p.y[:s.jEnd]
	m, n := int64(len(p.x)), int64(len(p.y))
	i, j := s.i, s.j
	gap := int64(i)*n - int64(j)*m
	unit := 1 / (float64(m) * float64(n))
	previous := p.before(s)
	last, distinct := valueOf(previous), 0
	if s.i+s.j == 0 {
		distinct = 1
	}
	for i < len(x) || j < len(y) {
		a, b := next(x, i), next(y, j)
		if v := min(a, b); v != previous {
			now := valueOf(v)
			g.add(gap, previous)
			g.area += float64(max(gap, -gap)) * unit * (now - last)
			previous, last = v, now
			distinct++
		}
		if a <= b {
			i++
			gap += n
		} else {
			j++
			gap -= m
		}
	}
	g.add(gap, previous)
	g.tied = int64(s.iEnd-s.i+s.jEnd-s.j) - int64(distinct)
	return g
}

func (g *gapSums) add(gap int64, at uint64) {
	if h := max(gap, -gap); h > g.top {
		g.top, g.at, g.sign = h, at, 1
		if gap < 0 {
			g.sign = -1
		}
	}
}

// before is the last value ahead of the stretch: the gap that holds from there to
// the stretch's first value belongs to the stretch.
func (p pair) before(s stretch) uint64 {
	if s.i == 0 && s.j == 0 {
		return min(next(p.x, 0), next(p.y, 0))
	}
	v := uint64(0)
	if s.i > 0 {
		v = p.x[s.i-1]
	}
	if s.j > 0 {
		v = max(v, p.y[s.j-1])
	}
	return v
}
