package quality

import (
	"hash/fnv"
	"io"
	"math"

	"rampart/sources"
)

// entry is what is known of an id: a prediction, or a label that came before it. It keeps what they will be scored by and
// not their texts, for of a hundred thousand ids that wait for hours each byte counts, and pointers would be walked over by
// every collection. Of a prediction that was scored only that it was remains.
type entry struct {
	at           int64 // of what came first, in nanoseconds since 1970
	number       float64
	name         name
	arm          sources.Arm
	said, learnt bool
}

// entryBytes is the most that a remembered id takes: itself and its key, 40 bytes, in a map that doubled a moment ago and is
// less than half full.
const entryBytes = 96

// name is a class, or a yes or no, by its hash. Two that differ are taken for the same once in four thousand million.
type name uint32

// The names that are none, and of a binary task.
const (
	noName name = iota
	isNo
	isYes
)

// said is a prediction's entry.
func (c LabelsConfig) said(p Prediction) entry {
	return entry{at: p.At.UnixNano(), number: p.Score, name: c.name(p.Name), arm: p.Arm, said: true}
}

// learnt is a label's entry. A number that cannot be read is none.
func (c LabelsConfig) learnt(b Label) entry {
	e := entry{at: b.At.UnixNano(), number: math.NaN(), name: c.name(b.Value), learnt: true}
	if c.Task == Numeric {
		if y, ok := number(b.Value.String()); ok {
			e.number = y
		}
	}
	return e
}

// name reads a text as the task means it.
func (c LabelsConfig) name(text sources.Text) name {
	switch {
	case text.IsZero(), c.Task == Numeric:
		return noName
	case c.Task == Classes:
		return max(name(hashed(text.String())>>32), isNo)
	case c.positive(text.String()):
		return isYes
	}
	return isNo
}

// hashed spreads texts over 64 bits. Whoever finds two ids of the same hash has done no more than to write an id twice.
func hashed(text string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text)
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd // FNV's low bits alone are too regular
	return x ^ x>>33
}
