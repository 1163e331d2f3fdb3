package logring

import (
	"math"
	"time"

	"rampart/sources"
)

// Ring holds lines. Create it with [New].
type Ring struct {
	maxLine int
	arena   arena
	index   index
	seq     uint64
	counts  Counts
}

// Counts tells what went through a ring.
type Counts struct {
	Appended uint64                `json:"appended"`
	Held     int                   `json:"held"`
	Evicted  sources.ByArm[uint64] `json:"evicted"` // to make room for newer ones
	Late     sources.ByArm[uint64] `json:"late"`    // appended with the mark of a late line
	Cut      uint64                `json:"cut"`     // longer than a line may be
	Oldest   time.Time             `json:"oldest"`  // of the lines that are held; zero when there are none
	Newest   time.Time             `json:"newest"`
}

// New returns an empty ring. The error is of kind sources.ErrInvalid.
func New(cfg Config) (*Ring, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	// A quarter for the index: enough for lines of 144 bytes and more to be bounded by their bytes alone.
	forIndex := cfg.Bytes / 4
	return &Ring{
		maxLine: cfg.MaxLine,
		arena:   arena{most: cfg.Bytes - forIndex},
		index:   index{most: forIndex/blockBytes - 1},
	}, nil
}

// Append copies a line into the ring, at the place of its time, and returns its position. What is over the bound of one
// line is cut, the document first.
func (r *Ring) Append(l Line) Pos {
	r.seq++
	p := Pos{At: nanos(l.At), Seq: r.seq}
	if len(l.Text)+len(l.Doc) > r.maxLine {
		l.Doc, l.Cut = nil, true
		l.Text = l.Text[:min(len(l.Text), r.maxLine)]
	}
	for !r.arena.fits(len(l.Text)+len(l.Doc)) || !r.index.room() && r.index.lines > 0 {
		switch {
		case r.arena.loose():
			r.straighten()
		case r.arena.fits(len(l.Text)+len(l.Doc)) || !r.arena.grow(len(l.Text)+len(l.Doc)):
			r.evict()
		}
	}
	r.index.insert(entry{
		pos: p, template: l.Template, id: l.ID,
		from: uint32(r.arena.put(p, l.Text, l.Doc)), text: uint32(len(l.Text)), doc: uint32(len(l.Doc)),
		arm: uint8(l.Arm), level: uint8(l.Level), late: l.Late, cut: l.Cut,
	})
	r.counts.Appended++
	if l.Cut {
		r.counts.Cut++
	}
	if n := r.counts.Late.Ptr(l.Arm); l.Late && n != nil {
		*n++
	}
	return p
}

// nanos is the time of a line since 1970, held to what 64 bits can say (1678 to 2262).
func nanos(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return t.UnixNano()
}

// evict drops the line that came first.
func (r *Ring) evict() {
	p := r.arena.pop()
	if c, ok := r.index.after(Pos{At: p.At, Seq: p.Seq - 1}); ok && r.index.at(c).pos == p {
		if n := r.counts.Evicted.Ptr(sources.Arm(r.index.at(c).arm)); n != nil {
			*n++
		}
	}
	r.index.remove(p)
}

// Len is how many lines are held.
func (r *Ring) Len() int { return r.index.lines }

// Counts tells what went through the ring so far.
func (r *Ring) Counts() Counts {
	c := r.counts
	c.Held = r.index.lines
	if newest, ok := r.index.before(Pos{}); ok {
		c.Newest = time.Unix(0, r.index.at(newest).pos.At).UTC()
		c.Oldest = time.Unix(0, r.index.blocks[0].first().At).UTC()
	}
	return c
}

// Line returns the line at a position; false when it is not held, or no longer.
func (r *Ring) Line(p Pos) (Line, bool) {
	c, ok := r.index.after(Pos{At: p.At, Seq: p.Seq - 1})
	if !ok || p.Seq == 0 || r.index.at(c).pos != p {
		return Line{}, false
	}
	var l Line
	r.read(r.index.at(c), &l)
	return l, true
}

// read fills l with the line of an entry; its bytes are those of the arena.
func (r *Ring) read(e *entry, l *Line) {
	text := int(e.from) + int(e.text)
	doc := text + int(e.doc)
	l.At = time.Unix(0, e.pos.At).UTC()
	l.Arm, l.Level = sources.Arm(e.arm), sources.Level(e.level)
	l.Template, l.ID, l.Late, l.Cut = e.template, e.id, e.late, e.cut
	l.Text, l.Doc = r.arena.bytes[e.from:text:text], r.arena.bytes[text:doc:doc]
}
