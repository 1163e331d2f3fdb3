package elastic

import (
	"math/bits"
	"slices"
	"time"
)

// span is a stretch of time whose lines are counted and read together. Times are milliseconds since 1970.
type span struct {
	from, to int64    // from <= t < to
	next     int64    // where reading goes on; to when it was read to its end
	every    int      // one in how many of the rest is drawn
	want     tally    // what the last census counted
	base     tally    // what was counted when the reading under way began
	had      tally    // what is known to be read
	told     int64    // lines said to be skipped
	tries    int      // readings that brought fewer lines than were counted
	seen     []uint64 // what was handed over, sorted

	added []uint64 // what this call handed over
}

// tally counts the lines that are shown whole and the rest.
type tally struct{ whole, rest int64 }

func (t tally) all() int64 { return t.whole + t.rest }

// pending tells whether the span holds lines that were not read.
func (p *span) pending() bool {
	switch {
	case p.next < p.to:
		return p.want.all() > 0
	case p.every <= 1:
		return p.want.all() > p.had.all()
	}
	return p.want.whole > p.had.whole || p.want.rest > p.had.rest
}

// draw chooses how many of the rest are shown, once the census is known: a power of two, so that draws lie within each
// other, and never finer than before, because what was left out then was left out for good.
func (p *span) draw(perSecond float64) {
	p.every = max(p.every, 1)
	budget := perSecond * float64(p.to-p.from) / 1000
	if over := float64(p.want.rest) / max(budget, 1); over > 1 {
		need := 1 << bits.Len(uint(min(over, 1<<20)))
		if over == float64(need/2) {
			need /= 2
		}
		p.every = max(p.every, need)
	}
}

// expected is how many hits a reading will bring.
func (p *span) expected() int {
	return int(p.want.whole + p.want.rest/int64(max(p.every, 1)))
}

// knows tells whether a line was handed over before this call.
func (p *span) knows(h uint64) bool {
	_, ok := slices.BinarySearch(p.seen, h)
	return ok
}

// most times that a span is read again because fewer lines came than were counted.
const mostTries = 3

// begin starts a reading, unless one is under way.
func (p *span) begin() {
	if p.next == p.to {
		p.next = p.from
	}
	if p.next == p.from {
		p.base = p.want
	}
}

// finish notes that the span was read to its end. A reading that left shards out is believed only where the count proves
// it. It tells whether lines that were counted could not be read, now for good.
func (p *span) finish(whole bool) (missing int64) {
	p.next = p.to
	n := int64(len(p.seen) + len(p.added))
	if p.every > 1 {
		if p.had = p.base; !whole {
			p.had = tally{}
		}
		return 0
	}
	p.had = tally{whole: n}
	if n >= p.base.all() || !whole {
		return 0
	}
	if p.tries++; p.tries < mostTries {
		return 0
	}
	p.had, p.tries = p.base, 0
	return p.base.all() - n
}

// skip returns how many lines were left out since it was asked last.
func (p *span) skip() int64 {
	if p.every <= 1 || p.next < p.to || p.had != p.want {
		return 0
	}
	left := p.want.all() - int64(len(p.seen)+len(p.added)) - p.told
	if left <= 0 {
		return 0
	}
	p.told += left
	return left
}

// settle takes over what this call handed over.
func (p *span) settle() {
	if len(p.added) > 0 {
		p.seen = append(slices.Clone(p.seen), p.added...)
		slices.Sort(p.seen)
		p.added = nil
	}
}

// close drops spans into which lines can hardly come any more, but none before they were counted once more, and none while
// shards are silent: their lines are still to come. Beyond the wanted overlap spans are kept while memory is cheap, because
// looking after them costs little.
func (t *tail) close() {
	st := t.st
	defer t.forget()
	if !t.counted {
		return
	}
	hi, _ := t.upper()
	must, may := down(hi-st.overlap(t.s.cfg.IngestLag), second), down(hi-mostOpen, second)
	if silent := st.asked - st.sound; silent > 0 && silent < 3*mostOpen {
		must, may = min(must, st.sound-mostOpen), min(may, st.sound-mostOpen)
	}
	held, counted := st.held(), int64(0)
	for _, p := range st.spans {
		counted += p.want.all()
	}
	n := 0
	for ; n < len(st.spans); n++ {
		p := st.spans[n]
		cheap := held <= defaultHeld && counted <= defaultHeld
		if held <= defaultMost && (p.pending() && p.to > may-3*mostOpen || p.to > must || p.to > may && cheap) {
			break
		}
		if p.pending() {
			t.missing += max(0, p.want.all()-int64(len(p.seen)))
		}
		if p.to > must {
			t.tight = time.Duration(hi-p.to) * time.Millisecond
		}
		st.shut(p)
		held -= len(p.seen)
		counted -= p.want.all()
		st.floor = max(st.floor, p.to)
	}
	st.spans = slices.Delete(st.spans, 0, n)
	low := min(st.edge, may)
	if len(st.spans) > 0 {
		low = min(low, st.spans[0].from)
	}
	st.floor = max(st.floor, low)
}

// forget drops lines of the future whose time has come: their span knows them.
func (t *tail) forget() {
	kept := t.st.ahead[:0]
	for _, e := range t.st.ahead {
		if e.at >= t.st.edge {
			kept = append(kept, e)
		}
	}
	t.st.ahead = kept
}
