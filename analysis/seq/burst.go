package seq

import "math"

// eight adds up lines until there are eight of them.
type eight struct {
	sum   Block
	lines int
}

// add takes one line and returns the sum when it was the eighth.
func (e *eight) add(b Block) (Block, bool) {
	e.sum = e.sum.Plus(b)
	if e.lines++; e.lines < spell {
		return Block{}, false
	}
	sum := e.sum
	*e = eight{}
	return sum, true
}

func (e *eight) state(c *codec) {
	c.block(&e.sum)
	c.index(&e.lines, spell-1)
}

// Burst asks whether the ratio of the arms jumps between one sum of eight lines and the next by more than chance. The
// largest jump is forgiven: a true onset makes one, bursts make many. It does not change the call: red means that an
// automatic action must ask first. It is red in about one clean run in ten, and about one true late onset in twenty
// never turns green within the hour.
type Burst struct {
	group       eight
	ratio       MantelHaenszel // of the sums before
	u, v        float64        // of the sum before
	any         bool
	sum, top, q float64
}

// Add takes one line in.
func (b *Burst) Add(line Block) {
	sum, full := b.group.add(line)
	if !full {
		return
	}
	x := sum.Events()
	pi := sum.share(b.ratio.shrunk())
	u, v := sum.CandidateX-float64(x*pi), float64(x*pi*(1-pi))
	if b.any && v > 0 && b.v > 0 {
		b.compare(u, v)
	}
	b.u, b.v, b.any = u, v, true
	b.ratio.Add(sum)
}

// compare adds the squared jump from the last sum to this one, less what chance makes of it.
func (b *Burst) compare(u, v float64) {
	w := float64(v * (b.v / (v + b.v)))
	d := float64(w * (u/v - b.u/b.v))
	a := float64(d*d) - w
	b.sum += a
	b.top = max(b.top, a)
	b.q += float64(2*w*w) + w
}

// Z is the excess of jumps in standard errors, without the largest.
func (b *Burst) Z() float64 {
	if b.q == 0 {
		return 0
	}
	return (b.sum - b.top) / math.Sqrt(1.25*b.q)
}

// Red tells that the noise comes in bursts private to one arm.
func (b *Burst) Red() bool { return b.Z() > 1 }

// MarshalBinary saves the gauge.
func (b *Burst) MarshalBinary() ([]byte, error) { return save(b) }

// UnmarshalBinary goes on from a saved gauge.
func (b *Burst) UnmarshalBinary(p []byte) error { return restore(b, p) }

func (b *Burst) state(c *codec) {
	b.group.state(c)
	b.ratio.state(c)
	c.floats(&b.u, &b.v, &b.sum, &b.top, &b.q)
	c.bools(&b.any)
}
