package elastic

import (
	"context"
	"errors"
	"slices"

	"rampart/sources"
)

// Hits of one answer: as many as make about answerBytes, between the least and the most.
const (
	firstSize   = 500
	leastSize   = 16
	mostSize    = 5_000
	answerBytes = 4 << 20
	mostRanges  = 64
	pageBytes   = 16 << 20 // of lines on one page
)

var (
	errFull  = errors.New("the page is full")
	errAgain = errors.New("ask again in another way")
)

// batch is spans that are read together: those that lie next to each other as one range of time.
type batch struct {
	spans  []*span
	ranges []stretch
	quick  bool // above the marks alone
}

// stretch is a range of time, from <= t < to.
type stretch struct{ from, to int64 }

// batches are the spans that are to be read, each once, in the order of time. They are kept apart where they are read in
// different ways, and where an answer would be too long.
func (t *tail) batches(wanted, quickly func(*span) bool) []batch {
	size := t.s.know().size
	var out []batch
	expected, before := 0, -2
	for i, p := range t.st.spans {
		if !wanted(p) {
			continue
		}
		p.begin()
		t.draws = append(t.draws, p.every)
		n, quick := len(out)-1, quickly(p)
		if n < 0 || out[n].quick != quick || out[n].spans[0].every != p.every || len(out[n].ranges) >= mostRanges || !quick && expected+p.expected() > size {
			out, n, expected, before = append(out, batch{quick: quick}), n+1, 0, -2
		}
		b := &out[n]
		if before == i-1 {
			b.ranges[len(b.ranges)-1].to = p.to
		} else {
			b.ranges = append(b.ranges, stretch{p.next, p.to})
		}
		b.spans = append(b.spans, p)
		expected, before = expected+p.expected(), i
	}
	return out
}

func never(*span) bool { return false }

// readAll reads batches until the page is full.
func (t *tail) readAll(ctx context.Context, batches []batch) error {
	for _, b := range batches {
		if err := t.readBatch(ctx, b); err != nil || t.full {
			return err
		}
	}
	return nil
}

// readBatch reads the spans to their end. Each answer goes on from the time where the one before ended, that time
// included: what was handed over already is known by its identity.
func (t *tail) readBatch(ctx context.Context, b batch) error {
	from, whole := b.ranges[0].from, true
	for {
		size := t.size(b)
		res, last, err := t.readFrom(ctx, b, from, size)
		switch {
		case errors.Is(err, errFull):
			if !b.quick {
				t.pass(b, last, whole && res.partial() == nil)
			}
			return nil
		case err != nil:
			return err
		}
		whole = !t.silent(res) && whole
		switch {
		case !res.Cut && res.Hits < size && b.quick:
			again := t.proven(b, whole)
			return t.readAll(ctx, t.batches(func(p *span) bool { return slices.Contains(again, p) }, never))
		case !res.Cut && res.Hits < size:
			t.pass(b, forever, whole)
			return nil
		case last > from:
			from = last
		default:
			var sound bool
			if from, sound, err = t.readTie(ctx, b, from, res.Hits == 0); err != nil || t.full {
				return err
			}
			whole = whole && sound
		}
		if !b.quick { // what was read quickly is proven at its end only
			t.pass(b, from, whole)
		}
	}
}

// silent tells whether shards left an answer incomplete, and doubts the page then.
func (t *tail) silent(a answer) bool {
	err := a.partial()
	if err != nil {
		t.doubt = errors.Join(t.doubt, err)
	}
	return err != nil
}

// readFrom hands over one answer of a batch, and says how far in time it came.
func (t *tail) readFrom(ctx context.Context, b batch, from int64, size int) (res answer, last int64, err error) {
	last = from
	res, err = t.read(ctx, b, from, size, func(h *hit) error {
		ms, ok := sortTime(h)
		if !ok {
			return nil
		}
		last = ms
		return t.take(h, ms)
	})
	return res, last, err
}

// size is how many hits to ask for: what was learnt of their weight, and no more than the page can take beside known ones.
func (t *tail) size(b batch) int {
	n := t.limit - len(t.page.Lines) + 1
	for _, p := range b.spans {
		n += len(p.seen)
	}
	return min(max(n, leastSize), t.s.know().size)
}

// read asks for the hits of a batch from a time on.
func (t *tail) read(ctx context.Context, b batch, from int64, size int, each func(*hit) error) (answer, error) {
	res, err := t.s.together(ctx, "read lines", t.m, t.body(size, t.within(b, from), b.spans[0].every), min(size, b.fresh()), each)
	if errors.Is(err, errAgain) || t.cannotDraw(err, b) {
		res, err = t.s.together(ctx, "read lines", t.m, t.body(size, t.within(b, from), b.spans[0].every), min(size, b.fresh()), each)
	}
	if err == nil {
		t.s.weigh(res)
	}
	return res, err
}

// fresh is how many hits a reading is expected to bring: what was counted, also what is known.
func (b batch) fresh() int {
	n := 0
	for _, p := range b.spans {
		if b.quick {
			n -= len(p.seen)
		}
		n += p.expected()
	}
	return max(n, 0)
}

func (t *tail) body(size int, within any, every int) dsl {
	clauses := []any{within}
	if every > 1 && !t.s.know().noDraw {
		clauses = append(clauses, t.drawn(every))
	}
	body := dsl{"size": size, "track_total_hits": false, "seq_no_primary_term": every <= 1, "query": t.with(clauses...), "sort": []any{t.order()}}
	if t.s.know().askFields {
		body["fields"] = []any{dsl{"field": t.s.cfg.Arm.Field}, dsl{"field": t.s.cfg.Fields.Level}}
	}
	return body
}

// cannotDraw tells that the server does not know random_score; the sample is drawn here from then on.
func (t *tail) cannotDraw(err error, b batch) bool {
	if b.spans[0].every <= 1 || t.s.know().noDraw || !errors.Is(err, sources.ErrInvalid) {
		return false
	}
	t.s.note(func(l *learnt) { l.noDraw = true })
	return true
}

// within picks the times of a batch that are still to be read.
func (t *tail) within(b batch, from int64) any {
	var parts []any
	if b.quick {
		full := b
		full.quick = false
		return all(t.within(full, from), t.st.newer())
	}
	for _, r := range b.ranges {
		if r.to > from {
			parts = append(parts, t.between(max(r.from, from), r.to))
		}
	}
	return either(parts)
}

// weigh learns from an answer how many hits the next one should have.
func (s *Source) weigh(a answer) {
	if a.Hits < leastSize && !a.Cut {
		return
	}
	fit := int(answerBytes * int64(max(a.Hits, 1)) / max(a.Bytes, 1))
	s.note(func(l *learnt) { l.size = min(max(fit, leastSize), mostSize) })
}

// pass notes how far a batch was read.
func (t *tail) pass(b batch, upto int64, whole bool) {
	for _, p := range b.spans {
		switch {
		case p.to <= upto && p.next < p.to:
			if missing := p.finish(whole); missing > 0 {
				t.missing += missing
			}
		case p.next < upto && upto < p.to:
			if p.next = upto; !whole {
				p.base = tally{} // the pages to come cannot prove what this one left out
			}
		}
	}
}
