package logring

import "encoding/binary"

// Bound gives the ring another number of bytes, within those of [Config.Bytes]. Where it is less than what is held, the
// lines that came first go, as they do for newer ones; their memory is given back. Lines that were handed out go on showing
// the bytes before.
func (r *Ring) Bound(bytes int) {
	bytes = min(max(bytes, r.least()), mostBytes)
	forIndex := bytes / 4
	grows := bytes > r.bytes
	r.bytes = bytes
	r.arena.most, r.index.most = bytes-forIndex, forIndex/blockBytes-1
	for r.index.lines > 0 && (r.arena.used() > r.arena.most || len(r.index.blocks) > r.index.most) {
		r.evict()
	}
	if len(r.arena.bytes) > r.arena.most || grows && r.arena.round() {
		r.straighten()
	}
}

// Bytes is how many the ring may take.
func (r *Ring) Bytes() int { return r.bytes }

// least is the smallest bound in which any line of the ring fits.
func (r *Ring) least() int { return max(8*r.maxLine, leastBytes/4) }

// straighten lays the records out one after the other in a new array that has no more room than they need.
func (r *Ring) straighten() {
	a := &r.arena
	next := make([]byte, 0, a.used())
	for at, left := a.tail, a.records; left > 0; left-- {
		at = a.begins(at)
		h := a.bytes[at:]
		n := headerBytes + int(binary.LittleEndian.Uint32(h))
		if c, ok := r.index.after(before(posOf(h))); ok && r.index.at(c).pos == posOf(h) {
			r.index.at(c).from = uint32(len(next) + headerBytes)
		}
		next = append(next, h[:n]...)
		at += n
	}
	a.bytes, a.tail, a.head = next, 0, len(next)
	r.index.spare = nil
}

// before is the position right before another.
func before(p Pos) Pos { return Pos{At: p.At, Seq: p.Seq - 1} }

// used is how many bytes the records take, with what is left free before the end where they go round.
func (a *arena) used() int {
	switch {
	case a.records == 0:
		return 0
	case a.head > a.tail:
		return a.head - a.tail
	}
	return len(a.bytes) - a.tail + a.head
}

// round tells whether the newest records stand before the oldest.
func (a *arena) round() bool { return a.records > 0 && a.head <= a.tail }

// begins is where the record begins that is looked for at a place.
func (a *arena) begins(at int) int {
	if at+4 > len(a.bytes) || binary.LittleEndian.Uint32(a.bytes[at:]) == wrapMark {
		return 0
	}
	return at
}

// posOf reads the position in a record's header.
func posOf(h []byte) Pos {
	return Pos{At: int64(binary.LittleEndian.Uint64(h[4:])), Seq: binary.LittleEndian.Uint64(h[12:])}
}
