package seq

import (
	"encoding/binary"
	"fmt"
	"math"
)

// codec writes state, or reads it back, in the order in which a type's state method names its parts: one list for both
// directions, so that they cannot disagree. Floats are kept bit by bit.
type codec struct {
	buf     []byte
	reading bool
	err     error
}

func (c *codec) word(v uint64) uint64 {
	if !c.reading {
		c.buf = binary.LittleEndian.AppendUint64(c.buf, v)
		return v
	}
	if len(c.buf) < 8 {
		if c.err == nil {
			c.err = fmt.Errorf("restore evidence: the saved state is too short")
		}
		return v
	}
	v = binary.LittleEndian.Uint64(c.buf)
	c.buf = c.buf[8:]
	return v
}

func (c *codec) floats(p ...*float64) {
	for _, f := range p {
		*f = math.Float64frombits(c.word(math.Float64bits(*f)))
	}
}

func (c *codec) slice(s []float64) {
	c.same(float64(len(s)))
	for i := range s {
		c.floats(&s[i])
	}
}

func (c *codec) ints(p ...*int) {
	for _, i := range p {
		*i = int(int64(c.word(uint64(int64(*i)))))
	}
}

func (c *codec) bools(p ...*bool) {
	for _, b := range p {
		n := 0
		if *b {
			n = 1
		}
		c.ints(&n)
		*b = n != 0
	}
}

// index is an int that must stay within 0..limit.
func (c *codec) index(p *int, limit int) {
	c.ints(p)
	if *p < 0 || *p > limit {
		*p = 0
		c.fail("the saved state is damaged")
	}
}

func (c *codec) block(b *Block) { c.floats(&b.LegacyN, &b.LegacyX, &b.CandidateN, &b.CandidateX) }

// same writes a setting and refuses to go on from a state that was saved under another one.
func (c *codec) same(settings ...float64) {
	for _, s := range settings {
		if got := math.Float64frombits(c.word(math.Float64bits(s))); c.err == nil && got != s {
			c.fail(fmt.Sprintf("saved with setting %v, restored with %v", got, s))
		}
	}
}

func (c *codec) fail(why string) {
	if c.err == nil {
		c.err = fmt.Errorf("restore evidence: %s", why)
	}
}

type stateful interface{ state(*codec) }

func save(s stateful) ([]byte, error) {
	c := codec{}
	s.state(&c)
	return c.buf, c.err
}

func restore(s stateful, b []byte) error {
	c := codec{buf: b, reading: true}
	s.state(&c)
	if c.err == nil && len(c.buf) > 0 {
		c.fail("the saved state is too long")
	}
	return c.err
}
