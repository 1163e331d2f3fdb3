package elastic

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	"rampart/sources"
)

// state is where a tail stands: all that a cursor holds. Times are milliseconds since 1970 on the cluster's clock.
type state struct {
	query  uint64                  // what it is a tail of
	start  int64                   // nothing before it is wanted
	floor  int64                   // what lies before is closed
	edge   int64                   // all before was counted at least once
	high   int64                   // the latest time handed over
	asked  int64                   // when the last census was taken
	sound  int64                   // when the last census of all shards was taken
	late   [2]int64                // the greatest lateness seen, in this turn and the one before
	gap    [2]int64                // the longest time between two censuses, in this turn and the one before
	turn   int64                   // when this turn began
	lag    sources.ByArm[[3]int64] // how old each arm's newest line was, at the last readings that brought one
	odd    tally                   // lines without a time, and lines whose time is in seconds
	pastAt int64                   // when the closed minutes were counted
	past   []bin                   // the closed minutes, ascending
	oddAt  int64                   // when they were counted
	marks  []mark                  // how far each index was seen
	ahead  []entry                 // lines handed over whose time had not come
	spans  []*span                 // ascending, those with lines only
}

// entry is a line handed over before its time.
type entry struct {
	at   int64
	hash uint64
}

// held is how many lines are remembered.
func (st *state) held() int {
	n := len(st.ahead)
	for _, p := range st.spans {
		n += len(p.seen) + len(p.added)
	}
	return n
}

const (
	cursorMagic = "rampart elastic 1\n"
	mostSpans   = 1 << 16
)

var errCursor = errors.New("the cursor cannot be read")

// encode writes the state: numbers as varints, hashes as they are.
func (st *state) encode() []byte {
	b := make([]byte, 0, 128+8*st.held()+32*len(st.spans))
	b = append(b, cursorMagic...)
	b = binary.LittleEndian.AppendUint64(b, st.query)
	for _, n := range st.numbers() {
		b = binary.AppendVarint(b, *n)
	}
	b = binary.AppendUvarint(b, uint64(len(st.ahead)))
	for _, e := range st.ahead {
		b = binary.LittleEndian.AppendUint64(binary.AppendVarint(b, e.at-st.start), e.hash)
	}
	b = binary.AppendUvarint(b, uint64(len(st.marks)))
	for _, m := range st.marks {
		b = append(binary.AppendUvarint(b, uint64(len(m.index))), m.index...)
		b = binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(b, m.low), m.mid), m.least)
	}
	b = binary.AppendUvarint(b, uint64(len(st.past)))
	for _, p := range st.past {
		b = binary.AppendVarint(binary.AppendVarint(b, p.at), p.count)
	}
	b = binary.AppendUvarint(b, uint64(len(st.spans)))
	for _, p := range st.spans {
		for _, n := range []int64{p.from - st.start, p.to - p.from, p.next - p.from, int64(p.every), p.want.whole, p.want.rest, p.base.whole, p.base.rest, p.had.whole, p.had.rest, p.told, int64(p.tries)} {
			b = binary.AppendVarint(b, n)
		}
		b = binary.AppendUvarint(b, uint64(len(p.seen)))
		for _, h := range p.seen {
			b = binary.LittleEndian.AppendUint64(b, h)
		}
	}
	return b
}

// numbers are the plain numbers of a state in the order in which they are written.
func (st *state) numbers() []*int64 {
	out := []*int64{
		&st.start, &st.floor, &st.edge, &st.high, &st.asked, &st.sound, &st.late[0], &st.late[1], &st.gap[0], &st.gap[1], &st.turn,
		&st.odd.whole, &st.odd.rest, &st.oddAt, &st.pastAt,
	}
	for i := range st.lag.Legacy {
		out = append(out, &st.lag.Legacy[i], &st.lag.Candidate[i])
	}
	return out
}

// decode reads what encode wrote; anything else is an error, never a panic.
func decode(b []byte) (*state, error) {
	b, ok := bytes.CutPrefix(b, []byte(cursorMagic))
	if !ok {
		return nil, errCursor
	}
	r := &reader{b: b}
	st := &state{query: r.fixed()}
	for _, n := range st.numbers() {
		*n = r.signed()
	}
	for range r.count(defaultMost) {
		st.ahead = append(st.ahead, entry{at: st.start + r.signed(), hash: r.fixed()})
	}
	for range r.count(mostMarks) {
		st.marks = append(st.marks, mark{index: r.text(), low: r.signed(), mid: r.signed(), least: r.signed()})
	}
	for range r.count(mostSpans) {
		st.past = append(st.past, bin{at: r.signed(), count: r.signed()})
	}
	for range r.count(mostSpans) {
		p := &span{}
		st.spans = append(st.spans, p)
		p.from = st.start + r.signed()
		p.to = p.from + r.signed()
		p.next = p.from + r.signed()
		p.every, p.want.whole, p.want.rest, p.base.whole, p.base.rest, p.had.whole, p.had.rest = int(r.signed()), r.signed(), r.signed(), r.signed(), r.signed(), r.signed(), r.signed()
		p.told, p.tries = r.signed(), int(r.signed())
		if n := r.count(len(r.b) / 8); n > 0 {
			p.seen = make([]uint64, n)
			for i := range p.seen {
				p.seen[i] = r.fixed()
			}
		}
	}
	if r.bad || len(r.b) > 0 || !st.sane() {
		return nil, errCursor
	}
	return st, nil
}

// sane tells whether a state is one that encode could have written.
func (st *state) sane() bool {
	last := st.start - 1
	for _, p := range st.spans {
		if p.from < last || p.to <= p.from || p.next < p.from || p.next > p.to || p.every < 0 || !slices.IsSorted(p.seen) {
			return false
		}
		last = p.to
	}
	return st.floor >= st.start && st.edge >= st.floor
}

// reader takes numbers off bytes until there is something wrong with them.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) signed() int64 {
	v, n := binary.Varint(r.b)
	if r.bad = r.bad || n <= 0 || v > 1<<60 || v < -1<<60; r.bad {
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) count(most int) int {
	v, n := binary.Uvarint(r.b)
	if r.bad = r.bad || n <= 0 || v > uint64(most); r.bad {
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) fixed() uint64 {
	if r.bad = r.bad || len(r.b) < 8; r.bad {
		return 0
	}
	v := binary.LittleEndian.Uint64(r.b)
	r.b = r.b[8:]
	return v
}

func (r *reader) text() string {
	n := r.count(len(r.b))
	if r.bad = r.bad || n > len(r.b); r.bad {
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
