package logring

import (
	"slices"
	"sort"
)

// index keeps entries in order in at most most blocks, none of them empty.
type index struct {
	blocks []*block
	spare  *block
	most   int
	lines  int
}

// room tells whether any entry can be inserted: a full block may have to be split.
func (x *index) room() bool { return len(x.blocks) < x.most }

func (x *index) fresh() *block {
	if b := x.spare; b != nil {
		x.spare = nil
		b.from, b.to = 0, 0
		return b
	}
	return new(block)
}

func (x *index) insert(e entry) {
	x.lines++
	n := len(x.blocks)
	if n == 0 || x.blocks[n-1].last().Compare(e.pos) < 0 && x.blocks[n-1].to == blockLines {
		b := x.fresh()
		b.insert(0, e)
		x.blocks = append(x.blocks, b)
		return
	}
	i := max(x.blockOf(e.pos), 0)
	b := x.blocks[i]
	if b.full() {
		x.split(i)
		if next := x.blocks[i+1]; next.first().Compare(e.pos) < 0 {
			b = next
		}
	}
	b.insert(b.search(e.pos), e)
}

// split moves the newer half of a block to a new one behind it.
func (x *index) split(i int) {
	old, b := x.blocks[i], x.fresh()
	half := (old.from + old.to) / 2
	b.to = copy(b.entries[:], old.entries[half:old.to])
	old.to = half
	x.blocks = slices.Insert(x.blocks, i+1, b)
}

// blockOf returns the last block that starts at or before p, -1 when none does.
func (x *index) blockOf(p Pos) int {
	if n := len(x.blocks); n > 0 && x.blocks[n-1].first().Compare(p) <= 0 {
		return n - 1
	}
	return sort.Search(len(x.blocks), func(i int) bool { return x.blocks[i].first().Compare(p) > 0 }) - 1
}

func (x *index) remove(p Pos) {
	i := x.blockOf(p)
	if i < 0 {
		return
	}
	b := x.blocks[i]
	k := b.search(p)
	if k == len(b.held()) || b.held()[k].pos != p {
		return
	}
	b.remove(k)
	x.lines--
	if b.empty() {
		x.blocks = slices.Delete(x.blocks, i, i+1)
		x.spare = b
	}
}

// cursor stands on one entry.
type cursor struct{ block, i int }

// before returns the newest entry older than p; the newest of all for the zero p.
func (x *index) before(p Pos) (cursor, bool) {
	if p.IsZero() {
		n := len(x.blocks)
		if n == 0 {
			return cursor{}, false
		}
		return cursor{n - 1, len(x.blocks[n-1].held()) - 1}, true
	}
	i := x.blockOf(p)
	if i < 0 {
		return cursor{}, false
	}
	return x.step(cursor{i, x.blocks[i].search(p)}, -1)
}

// after returns the oldest entry newer than p; the oldest of all for the zero p.
func (x *index) after(p Pos) (cursor, bool) {
	if p.IsZero() {
		return cursor{}, len(x.blocks) > 0
	}
	p.Seq++
	i := max(x.blockOf(p), 0)
	if i >= len(x.blocks) {
		return cursor{}, false
	}
	return x.step(cursor{i, x.blocks[i].search(p) - 1}, +1)
}

// step moves by one entry; false when there is none.
func (x *index) step(c cursor, by int) (cursor, bool) {
	c.i += by
	for c.i < 0 {
		if c.block == 0 {
			return c, false
		}
		c.block--
		c.i += len(x.blocks[c.block].held())
	}
	for c.i >= len(x.blocks[c.block].held()) {
		c.i -= len(x.blocks[c.block].held())
		c.block++
		if c.block == len(x.blocks) {
			return c, false
		}
	}
	return c, true
}

func (x *index) at(c cursor) *entry { return &x.blocks[c.block].held()[c.i] }
