package seq

import "math"

// spell is the number of scrapes that one burst is taken to last: two minutes at 15 seconds.
const spell = 8

// Gain follows evidence line by line and takes off the best gain over any eight lines: what is left does not hang on one
// burst.
type Gain struct {
	last [spell]float64 // L of the newest eight lines, in a ring; 0 before the first
	at   int
	best float64
	l    float64
}

// Add takes the evidence after one line.
func (g *Gain) Add(l float64) {
	g.best = max(g.best, l-g.last[g.at])
	g.last[g.at] = l
	g.at = (g.at + 1) % spell
	g.l = l
}

// Rest is the newest evidence less the best gain over eight lines.
func (g *Gain) Rest() float64 { return g.l - g.best }

func (g *Gain) state(c *codec) {
	for i := range g.last {
		c.floats(&g.last[i])
	}
	c.index(&g.at, spell-1)
	c.floats(&g.best, &g.l)
}

// MarshalBinary saves the gauge.
func (g *Gain) MarshalBinary() ([]byte, error) { return save(g) }

// UnmarshalBinary goes on from a saved gauge.
func (g *Gain) UnmarshalBinary(b []byte) error { return restore(g, b) }

// Confirmation asks whether harm would be seen without its best spell of eight scrapes. It does not change the call: red
// means that an automatic action must ask first.
type Confirmation struct {
	Gain
	c float64
}

// confirmFrom is the evidence from which an answer is wanted.
const confirmFrom = 1.5

// NewConfirmation wants c of the evidence to remain; 1 by default, 1.5 when cautious.
func NewConfirmation(c float64) *Confirmation { return &Confirmation{c: c} }

// Red tells that the evidence hangs on one spell.
func (g *Confirmation) Red() bool { return g.l >= confirmFrom && g.Rest() < g.c }

// Lag is the correlation of neighbouring lines' deviations: noise that comes in spells. For display only.
type Lag struct {
	n        int
	last     float64
	num, den float64
}

// Add takes a line's deviation and variance ([Dispersion.UV]); lines with hardly any variance say nothing.
func (l *Lag) Add(u, v float64) {
	if v <= .02 {
		return
	}
	e := u / math.Sqrt(v)
	l.num += float64(e * l.last)
	l.den += float64(e * e)
	l.last = e
	l.n++
}

// rounding is the most that lines exactly as predicted leave in the sum of squares, in squared standard deviations: their
// deviations are zero but for the last bits, and a quotient of those says nothing.
const rounding = 1e-18

// Value is the correlation and the limit beyond which it is worth a word; not known before the first line that is not
// exactly as predicted.
func (l *Lag) Value() (rho, limit float64, known bool) {
	if l.den < rounding {
		return 0, 0, false
	}
	return l.num / l.den, max(.1, 2.58/math.Sqrt(float64(l.n))), true
}

func (l *Lag) state(c *codec) {
	c.ints(&l.n)
	c.floats(&l.last, &l.num, &l.den)
}
