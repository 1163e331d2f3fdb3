package logring

import "encoding/binary"

// Spare lets go of lines that were among the first n that were ever appended, while those that are held take more than least
// bytes, and gives back the memory that they took. Lines that were handed out go on showing the bytes before.
func (r *Ring) Spare(n uint64, least int) {
	a := &r.arena
	for a.records > 0 && a.used() > least && posOf(a.bytes[a.begins(a.tail):]).Seq <= n {
		r.evict()
	}
	if len(a.bytes) > max(firstBytes, 2*a.used()) {
		r.straighten()
	}
}

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

// loose tells whether much of an arena that has not grown to its size stands empty before the oldest record.
func (a *arena) loose() bool {
	return len(a.bytes) < a.most && a.records > 0 && a.head > a.tail && a.tail > len(a.bytes)/3
}

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
