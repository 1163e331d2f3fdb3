package logring

import (
	"cmp"
	"time"

	"rampart/sources"
)

// Line is one log line as it is held.
type Line struct {
	At       time.Time // its own time; the caller gives the time of arrival to a line that has none
	Arm      sources.Arm
	Level    sources.Level
	Template uint64 // id of its template
	ID       uint64 // hash of its id in the source
	Late     bool   // it became visible behind lines of a later time
	Cut      bool   // more was there than a line may hold
	Text     []byte // the message, raw
	Doc      []byte // the document as JSON, raw; may be empty
}

// Pos names the place of a line among all that were ever appended: by time, then by arrival. The zero Pos is no line's.
type Pos struct {
	At  int64  `json:"at"`  // nanoseconds since 1970
	Seq uint64 `json:"seq"` // the number of its arrival, from 1
}

// IsZero tells whether the position is no line's.
func (p Pos) IsZero() bool { return p == Pos{} }

// Compare orders positions from old to new.
func (p Pos) Compare(q Pos) int { return cmp.Or(cmp.Compare(p.At, q.At), cmp.Compare(p.Seq, q.Seq)) }

// At returns a position older than every line of that time and newer than all before it.
func At(t time.Time) Pos { return Pos{At: nanos(t)} }
