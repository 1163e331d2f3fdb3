package stat

import (
	"math"
	"math/bits"
	"slices"
	"sync"
)

const (
	digitBits = 9
	digits    = 1 << digitBits
	// window is how many leading bits the fast passes order: enough to tell a
	// million spread-out values apart but for a few neighbours. Four passes of 9
	// bits beat three of 11 here, whose 2048 open pages miss the first-level TLB.
	window = 4 * digitBits
	// smallSort is where comparison sorting is faster than counting digits.
	smallSort = 1 << 10
	signBit   = 1 << 63
)

// keysOf turns the finite values of x into integers of the same order. Adding
// zero makes the two zeros one key, for they are equal values.
func keysOf(x []float64) (keys []uint64, dropped int) {
	keys = make([]uint64, 0, len(x))
	for _, v := range x {
		if isFinite(v) {
			keys = append(keys, keyOf(v))
		}
	}
	return keys, len(x) - len(keys)
}

func keyOf(v float64) uint64 {
	b := math.Float64bits(v + 0)
	return b ^ (uint64(int64(b)>>63) | signBit)
}

func valueOf(k uint64) float64 {
	return math.Float64frombits(k ^ (uint64(int64(^k)>>63) | signBit))
}

// sortedKeys is keysOf in ascending order.
func sortedKeys(x []float64) (keys []uint64, dropped int) {
	keys, dropped = keysOf(x)
	return sortKeys(keys), dropped
}

// sortKeys sorts by the 36 leading bits that differ and lets an insertion pass
// settle the neighbours. Data made of near-equal values plus an outlier defeat
// that; the pass notices and all digits are counted instead. The slice returned
// is either a or a fresh one of the same length.
func sortKeys(a []uint64) []uint64 {
	if len(a) < smallSort {
		slices.Sort(a)
		return a
	}
	all, some := ^uint64(0), uint64(0)
	for _, k := range a {
		all &= k
		some |= k
	}
	top := bits.Len64(all ^ some)
	spare := make([]uint64, len(a))
	low := max(0, top-window)
	a, spare = sortDigits(a, spare, low, top)
	if low > 0 && !settle(a) {
		a, _ = sortDigits(a, spare, 0, top)
	}
	return a
}

// sortDigits is a least-significant-digit radix sort on the bits [low, top).
func sortDigits(a, spare []uint64, low, top int) (sorted, other []uint64) {
	for shift := low; shift < top; shift += digitBits {
		scatter(a, spare, uint(shift))
		a, spare = spare, a
	}
	return a, spare
}

func scatter(from, to []uint64, shift uint) {
	var at [digits]uint32
	for _, k := range from {
		at[k>>shift&(digits-1)]++
	}
	sum := uint32(0)
	for i, n := range at {
		at[i] = sum
		sum += n
	}
	for _, k := range from {
		d := k >> shift & (digits - 1)
		to[at[d]] = k
		at[d]++
	}
}

// settle sorts an almost sorted slice by insertion; it gives up, and says so,
// when the moves exceed a small multiple of the length.
func settle(a []uint64) bool {
	budget := 4 * len(a)
	for i := 1; i < len(a); i++ {
		k, j := a[i], i
		for ; j > 0 && a[j-1] > k; j-- {
			a[j] = a[j-1]
		}
		a[j] = k
		if budget -= i - j; budget < 0 {
			return false
		}
	}
	return true
}

// both runs two functions, side by side when the work is worth a goroutine.
func both(parallel bool, f, g func()) {
	if !parallel {
		f()
		g()
		return
	}
	var wg sync.WaitGroup
	wg.Go(g)
	f()
	wg.Wait()
}
