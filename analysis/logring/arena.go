package logring

import "encoding/binary"

// arena is a circle of bytes. Records stand in the order of arrival, each in one piece behind a header with its position;
// tail is the oldest, head where the next one goes. Where a record does not fit before the end, a mark sends readers to the
// start. It grows to its size as it is filled: a runner of hundreds of services whose logs are hardly read would else hold
// gigabytes of nothing. It doubles, and is made whole from a third on: both sizes are held while one is copied to the other.
type arena struct {
	bytes      []byte
	most       int // how many bytes there may be
	tail, head int
	records    int
}

const (
	headerBytes = 20
	wrapMark    = ^uint32(0)
	firstBytes  = 16 << 10
)

// grow makes room for a record of n bytes behind the newest one, while the arena may still grow. Lines that were handed
// out go on showing the bytes before.
func (a *arena) grow(n int) bool {
	if len(a.bytes) == a.most {
		return false
	}
	if a.records == 0 {
		a.head, a.tail = 0, 0
	}
	size := max(firstBytes, 2*len(a.bytes), a.head+headerBytes+n)
	if size > a.most/3 {
		size = a.most
	}
	bytes := make([]byte, size)
	copy(bytes, a.bytes[:a.head])
	a.bytes = bytes
	return true
}

// fits tells whether a record of n bytes can be written now without passing the oldest one.
func (a *arena) fits(n int) bool {
	n += headerBytes
	switch {
	case a.records == 0:
		return n <= len(a.bytes)
	case len(a.bytes) < a.most: // it grows before it goes round
		return n <= len(a.bytes)-a.head
	case a.head > a.tail:
		return n <= len(a.bytes)-a.head || n < a.tail
	default:
		return n < a.tail-a.head
	}
}

// put writes a record of parts and returns where its bytes start. It must fit.
func (a *arena) put(p Pos, parts ...[]byte) int {
	if a.records == 0 {
		a.head, a.tail = 0, 0
	}
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	if a.head+headerBytes+n > len(a.bytes) {
		if a.head+4 <= len(a.bytes) {
			binary.LittleEndian.PutUint32(a.bytes[a.head:], wrapMark)
		}
		a.head = 0
	}
	h := a.bytes[a.head:]
	binary.LittleEndian.PutUint32(h, uint32(n))
	binary.LittleEndian.PutUint64(h[4:], uint64(p.At))
	binary.LittleEndian.PutUint64(h[12:], p.Seq)
	from := a.head + headerBytes
	a.head = from
	for _, part := range parts {
		a.head += copy(a.bytes[a.head:], part)
	}
	a.records++
	return from
}

// pop drops the oldest record and returns its position.
func (a *arena) pop() Pos {
	a.tail = a.begins(a.tail)
	h := a.bytes[a.tail:]
	p := posOf(h)
	a.tail += headerBytes + int(binary.LittleEndian.Uint32(h))
	a.records--
	return p
}
