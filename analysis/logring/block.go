package logring

import "slices"

// entry is the fixed part of a line: where its bytes stand in the arena, and what filters ask first.
type entry struct {
	pos      Pos
	template uint64
	id       uint64
	from     uint32 // in the arena
	text     uint32 // bytes
	doc      uint32 // bytes, right after the text
	arm      uint8
	level    uint8
	late     bool
	cut      bool
}

const (
	entryBytes = 48
	blockLines = 512
	blockBytes = blockLines * entryBytes
)

// block is a run of entries in order, entries[from:to] of a fixed array.
type block struct {
	from, to int
	entries  [blockLines]entry
}

func (b *block) held() []entry { return b.entries[b.from:b.to] }
func (b *block) full() bool    { return b.from == 0 && b.to == blockLines }
func (b *block) empty() bool   { return b.from == b.to }
func (b *block) first() Pos    { return b.entries[b.from].pos }
func (b *block) last() Pos     { return b.entries[b.to-1].pos }

// insert puts an entry at i of the held ones, moving the shorter side that has room. The block must not be full.
func (b *block) insert(i int, e entry) {
	if b.to == blockLines || b.from > 0 && i < (b.to-b.from)/2 {
		copy(b.entries[b.from-1:], b.entries[b.from:b.from+i])
		b.from--
	} else {
		copy(b.entries[b.from+i+1:], b.entries[b.from+i:b.to])
		b.to++
	}
	b.entries[b.from+i] = e
}

func (b *block) remove(i int) {
	if i == 0 {
		b.from++
		return
	}
	copy(b.entries[b.from+i:], b.entries[b.from+i+1:b.to])
	b.to--
}

// search returns the index among the held entries of the first that is not before p.
func (b *block) search(p Pos) int {
	i, _ := slices.BinarySearchFunc(b.held(), p, func(e entry, p Pos) int { return e.pos.Compare(p) })
	return i
}
