package prom

// cuts are one child's increases over the blocks of a grid.
type cuts struct {
	// span tells over how many blocks a block's increase reaches: 1 as a rule, more after missing scrapes; 0 when the
	// child was not scraped in the block, -1 when it was but there was nothing to count from.
	span  []int16
	inc   []float64 // width values for each block
	width int
}

func (c *cuts) row(block int) []float64 { return c.inc[block*c.width : (block+1)*c.width] }

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
			out.span[b] = -1
			continue
		}
		if out.span[b] <= 0 {
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
		zero, known := s.zero(kid, t.at[i], b)
		return now, nil, zero, known
	}
	since = t.at[i-1]
	if d, crossed := t.seams[i]; crossed {
		return d, nil, since, true
	}
	if before = t.row(i - 1); !less(now, before) && !s.restarted(kid.process, since, t.at[i]) {
		return now, before, since, true
	}
	s.tally.reset(kid.process)
	if zero, known := s.zero(kid, t.at[i], b); known {
		since = max(since, zero)
	}
	return now, nil, since, true
}
