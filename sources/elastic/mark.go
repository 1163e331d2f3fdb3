package elastic

import "slices"

// mark is how far an index was seen, in its sequence numbers: the least one among the lines that were new in this call,
// the one before, and the one before that. Numbers ascend within a shard in the order of writing, and the shards of an index
// fill evenly, so lines that are new in a known span lie above the least of two calls ago; that much distance also covers
// writes that overtook each other. What it misses all the same (a shard that had no line, a copy that lags) the census
// tells, and the span is read in full.
type mark struct {
	index           string
	low, mid, least int64
}

const (
	mostMarks  = 16
	worthwhile = 1_000 // known lines that a reading would bring again, below which a full reading is as cheap
	noneYet    = int64(1) << 59
)

// reached notes the sequence number of a new line.
func (st *state) reached(h *hit) {
	if !h.Numbered {
		return
	}
	for i := range st.marks {
		if m := &st.marks[i]; m.index == h.Index {
			m.least = min(m.least, h.SeqNo)
			return
		}
	}
	if len(st.marks) == mostMarks {
		st.marks = slices.Delete(st.marks, 0, 1)
	}
	st.marks = append(st.marks, mark{index: h.Index, low: -1, mid: -1, least: h.SeqNo})
}

// turnMarks begins a call.
func (st *state) turnMarks() {
	for i := range st.marks {
		m := &st.marks[i]
		m.low = m.mid
		if m.least < noneYet {
			m.mid, m.least = m.least, noneYet
		}
	}
}

// newer picks lines from the marks on, and all lines of indices without one.
func (st *state) newer() any {
	var clauses, known []any
	for _, m := range st.marks {
		known = append(known, m.index)
		clauses = append(clauses, all(dsl{"term": dsl{"_index": m.index}}, dsl{"range": dsl{"_seq_no": dsl{"gte": m.low}}}))
	}
	return either(append(clauses, dsl{"bool": dsl{"must_not": []any{dsl{"terms": dsl{"_index": known}}}}}))
}

// quickly says which spans can be read above the marks alone: those that were read before, where their count will prove the
// reading, when there are enough of them.
func (t *tail) quickly() func(*span) bool {
	known := 0
	able := func(p *span) bool { return p.every <= 1 && p.next == p.from && p.had.all() > 0 }
	for _, p := range t.st.spans {
		if p.pending() && p.every <= 1 && p.had.all() > 0 {
			known += len(p.seen)
		}
	}
	if known < worthwhile || len(t.st.marks) == 0 {
		return never
	}
	return able
}

// proven finishes the spans of a quick reading whose count is right, and returns the others, to be read in full.
func (t *tail) proven(b batch, whole bool) (rest []*span) {
	for _, p := range b.spans {
		if int64(len(p.seen)+len(p.added)) >= p.base.all() {
			p.finish(whole)
			continue
		}
		p.next = p.from
		rest = append(rest, p)
	}
	return rest
}
