package logtmpl

import (
	"encoding/binary"
	"math/bits"
)

// The constants are those of wyhash (Wang Yi), odd and with as many ones as zeros.
const (
	seed      = 0x9e3779b97f4a7c15
	mulA      = 0xa0761d6478bd642f
	mulB      = 0xe7037ed1a0b428db
	varSalt   = 0x589965cc75374cc3
	gapSalt   = 0x8ebc6af09c88c6e3
	placeSalt = 0x1d8e4e27c47d124f
)

// mix folds b into a: the wide product of both, its halves laid over each other.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^mulA, b^mulB)
	return hi ^ lo
}

// hashWord folds the word b[from:to] into h, eight bytes at a time; gap is laid over its first part. Words hold no NUL
// byte, so a short part needs no length beside it.
func hashWord(h, gap uint64, b []byte, from, to int) uint64 {
	for to-from > 8 {
		h = mix(h, binary.LittleEndian.Uint64(b[from:])^gap)
		gap = 0
		from += 8
	}
	free := (64 - 8*uint(to-from)) & 63
	if from+8 <= len(b) {
		return mix(h, binary.LittleEndian.Uint64(b[from:])<<free^gap)
	}
	if to >= 8 {
		return mix(h, binary.LittleEndian.Uint64(b[to-8:])>>free<<free^gap)
	}
	var x uint64
	for i := to - 1; i >= from; i-- {
		x = x<<8 | uint64(b[i])
	}
	return mix(h, x<<free^gap)
}
