package prom

import (
	"maps"
	"slices"
)

// track is a child's samples in order of time, all parts of a scrape side by side: v[i*width:(i+1)*width].
type track struct {
	at    []int64
	v     []float64
	width int
	// seams are the increases where another replica goes on, by the number of its first sample: its own earlier
	// sample says more of a reset there than the other replica's last one.
	seams map[int][]float64
}

func (t *track) row(i int) []float64 { return t.v[i*t.width : (i+1)*t.width] }

// align puts the parts of every scrape side by side. A scrape that lacks a part is left out and counted.
func align(parts []points) (t track, torn int) {
	t.width = len(parts)
	if len(parts) == 0 {
		return t, 0
	}
	if equalTimes(parts) {
		t.at = parts[0].at
		t.v = make([]float64, len(t.at)*t.width)
		for c, p := range parts {
			for i, v := range p.v {
				t.v[i*t.width+c] = v
			}
		}
		return t, 0
	}
	torn = t.weave(parts)
	return t, torn
}

// weave aligns parts that were not all scraped at the same times.
func (t *track) weave(parts []points) (torn int) {
	times := map[int64]int{}
	for _, p := range parts {
		for _, at := range p.at {
			times[at]++
		}
	}
	next := make([]int, len(parts))
	for _, at := range slices.Sorted(maps.Keys(times)) {
		whole := times[at] == len(parts)
		if !whole {
			torn++
		} else {
			t.at = append(t.at, at)
		}
		for c, p := range parts {
			if next[c] < len(p.at) && p.at[next[c]] == at {
				if whole {
					t.v = append(t.v, p.v[next[c]])
				}
				next[c]++
			}
		}
	}
	return torn
}

func equalTimes(parts []points) bool {
	for _, p := range parts[1:] {
		if !slices.Equal(p.at, parts[0].at) {
			return false
		}
	}
	return true
}

// chosenOver is how many blocks decide which replica is read.
const chosenOver = 4

// merge makes one track of what several replicas scraped. In each block the replica that has samples in it and the
// most of them in the last blocks is read, ties by order; where it changes, the increase runs from the last sample
// that was counted, so that nothing is counted twice.
func merge(replicas []track, g grid, restarted func(after, until int64) bool) track {
	if len(replicas) == 1 {
		return replicas[0]
	}
	out := track{width: replicas[0].width, seams: map[int][]float64{}}
	last := -1 // the replica of the last sample
	for _, b := range filledBlocks(replicas, g) {
		r := choose(replicas, g, b)
		t := &replicas[r]
		lo, hi := t.span(g, b, 1)
		if n := len(out.at); last >= 0 && last != r && out.at[n-1] > g.oldest(b) {
			out.seams[n] = seam(out.row(n-1), out.at[n-1], t, lo, g.oldest(b), restarted)
		}
		out.at = append(out.at, t.at[lo:hi]...)
		out.v = append(out.v, t.v[lo*t.width:hi*t.width]...)
		last = r
	}
	return out
}

// filledBlocks are the numbers of the blocks in which any replica has a sample.
func filledBlocks(replicas []track, g grid) []int {
	filled := map[int]bool{}
	for _, t := range replicas {
		for _, at := range t.at {
			filled[g.block(at)] = true
		}
	}
	return slices.Sorted(maps.Keys(filled))
}

// span finds the samples of the last n blocks up to and with block b.
func (t *track) span(g grid, b, n int) (lo, hi int) {
	end := g.from + int64(b+1)*g.step
	lo, _ = slices.BinarySearch(t.at, end-int64(n)*g.step+1)
	hi, _ = slices.BinarySearch(t.at, end+1)
	return lo, hi
}

func choose(replicas []track, g grid, b int) int {
	best, most := -1, 0
	for r := range replicas {
		if lo, hi := replicas[r].span(g, b, 1); lo == hi {
			continue
		}
		lo, hi := replicas[r].span(g, b, chosenOver)
		if hi-lo > most {
			best, most = r, hi-lo
		}
	}
	return best
}

// seam is the increase from the last counted sample of one replica to the first of the next. The replicas' clocks may
// differ, so a smaller value alone is no reset: the next replica's own earlier sample must be larger as well, or the
// process must have started again in between. Where the next replica is new itself, a smaller value says nothing: nil.
func seam(counted []float64, at int64, t *track, first int, oldest int64, restarted func(after, until int64) bool) []float64 {
	now := t.row(first)
	out := make([]float64, len(now))
	fresh := restarted(at, t.at[first])
	switch {
	case first > 0 && t.at[first-1] > oldest:
		fresh = less(now, t.row(first-1)) && less(now, counted)
	case !fresh && less(now, counted):
		return nil
	}
	for c := range now {
		if fresh {
			out[c] = now[c]
			continue
		}
		out[c] = max(0, now[c]-counted[c])
	}
	return out
}

// less tells whether any part went down.
func less(now, before []float64) bool {
	for c := range now {
		if now[c] < before[c] {
			return true
		}
	}
	return false
}

// cuts are one child's increases over the blocks of a grid.
type cuts struct {
	// span tells over how many blocks a block's increase reaches: 1 as a rule, more after missing scrapes; 0 when the
	// child was not scraped in the block, baseless when it was but there was nothing to count from, and hidden when that
	// is because it was no number before.
	span  []int16
	inc   []float64 // width values for each block
	width int
}

func (c *cuts) row(block int) []float64 { return c.inc[block*c.width : (block+1)*c.width] }

// What a child's span is in a block in which it was scraped and nothing can be counted.
const (
	baseless = -1
	hidden   = -2
)

// longest is the longest span that is told apart; all longer ones are alike.
const longest = 63

// cut turns the samples of a child into increases over whole blocks.
func (s *scene) cut(kid *child, t *track) cuts {
	out := cuts{span: make([]int16, s.n), inc: make([]float64, s.n*t.width), width: t.width}
	for i, at := range t.at {
		b := s.block(at)
		if b < 0 || b >= s.n {
			continue
		}
		now, before, since, ok := s.rise(kid, t, i, b)
		if !ok {
			s.tally.bases++
			out.span[b] = baseless
			if kid.spoilt.within(s.oldest(b), at) {
				out.span[b] = hidden
			}
			continue
		}
		if out.span[b] == 0 || out.span[b] == baseless {
			out.span[b] = int16(min(max(1, b-s.block(since)), longest+1))
		}
		row := out.row(b)
		for c := range now {
			row[c] += now[c]
			if before != nil {
				row[c] -= before[c]
			}
		}
	}
	return out
}

// rise says what one sample adds, now less before, and since when: from the sample before it when that is not too
// old; from zero, with no before, after a restart or for a new series of a known process.
func (s *scene) rise(kid *child, t *track, i, b int) (now, before []float64, since int64, ok bool) {
	now = t.row(i)
	if i == 0 || t.at[i-1] <= s.oldest(b) {
		zero, known := s.zero(kid, 0, t.at[i], b)
		return now, nil, zero, known
	}
	since = t.at[i-1]
	if d, crossed := t.seams[i]; crossed {
		return d, nil, since, d != nil
	}
	if before = t.row(i - 1); !less(now, before) && !s.restarted(kid.process, since, t.at[i]) {
		return now, before, since, true
	}
	s.tally.reset(kid.process)
	if zero, known := s.zero(kid, since, t.at[i], b); known {
		since = max(since, zero)
	}
	return now, nil, since, true
}
