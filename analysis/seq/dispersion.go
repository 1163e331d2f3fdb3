package seq

import "math"

// DispersionRule says how noise beyond chance is learned.
type DispersionRule struct {
	Gate  float64 // how many standard errors of excess are needed before it counts
	Delay int     // newest lines that are left out, so that an onset does not mute itself
	// Bounded is set where the events are no rare errors but a share that may be large (requests above an edge).
	Bounded bool
}

// The rules of the judge: errors by scrape, errors by sums of eight scrapes, and requests above an edge alike.
func errorsRule() DispersionRule      { return DispersionRule{Gate: 1.28, Delay: 8} }
func errorsEightRule() DispersionRule { return DispersionRule{Gate: 1.28, Delay: 1} }
func edgeRule() DispersionRule        { return DispersionRule{Gate: 2.6, Delay: 8, Bounded: true} }
func edgeEightRule() DispersionRule   { return DispersionRule{Gate: 2.6, Delay: 1, Bounded: true} }

// Dispersion learns how much noisier the blocks are than chance and says, before a block, by how much its evidence must
// be divided. E[e^(1/phi)] <= E[e]^(1/phi) <= 1 (Jensen) since phi >= 1 is known before the block: validity is kept exactly.
//
// Each line is compared with what the ratio of the lines before it predicts, not with the null hypothesis, so that harm
// does not read as noise: pi = n_B r/(n_A + n_B r), u = x_B - X pi, v = X pi (1 - pi), and u^2 - v is pure excess.
type Dispersion struct {
	rule             DispersionRule
	ratio            MantelHaenszel
	events, requests float64
	s, q, v2         float64
	wait             []excess // the newest lines, in a ring
	next             int
	u, v             float64
	r, kappa         float64 // of the line being taken
}

// excess is what one line adds to the sums.
type excess struct{ s, q, v2 float64 }

// NewDispersion starts without lines.
func NewDispersion(rule DispersionRule) *Dispersion {
	return &Dispersion{rule: rule, wait: make([]excess, rule.Delay)}
}

// Excess is k, the variance beyond chance per unit of squared mean, from the lines that are old enough.
func (d *Dispersion) Excess() float64 {
	if d.s <= 0 || d.q <= 0 || d.s/math.Sqrt(d.q) <= d.rule.Gate {
		return 0
	}
	return d.s / (float64(2*d.v2) + 4)
}

// Phi is the divisor for a line with these requests, from the lines before it.
func (d *Dispersion) Phi(legacyN, candidateN float64) float64 {
	return d.phi(d.Excess(), pairs(legacyN, candidateN))
}

// pairs is n_A n_B / n, which adds up over the strata of a line; 0 without requests.
func pairs(legacyN, candidateN float64) float64 {
	n := legacyN + candidateN
	if n == 0 {
		return 0
	}
	return legacyN * candidateN / n
}

// phi is 1 + 2 k p n_A n_B / n with p the pooled rate so far (times 1 - p where p may be large).
func (d *Dispersion) phi(k, pairs float64) float64 {
	if k == 0 || pairs == 0 || d.requests == 0 {
		return 1
	}
	p := d.events / d.requests
	if d.rule.Bounded {
		p = float64(p * (1 - p))
	}
	noise := float64(2 * k * p * pairs)
	return 1 + noise
}

// Add takes one line in. U and V of the line are then known.
func (d *Dispersion) Add(b Block) {
	d.begin()
	d.take(b)
	d.end()
}

// begin starts a line, whose strata are all compared with the ratio of the lines before.
func (d *Dispersion) begin() { d.r, d.u, d.v, d.kappa = d.ratio.shrunk(), 0, 0, 0 }

// take adds one stratum to the line: their deviations are independent, so variances and fourth cumulants add up.
func (d *Dispersion) take(b Block) {
	x := b.Events()
	pi := b.share(d.r)
	d.u += b.CandidateX - float64(x*pi)
	v := float64(x * pi * (1 - pi))
	if n := b.Requests(); d.rule.Bounded && n > 0 {
		v *= 1 - x/n
	}
	d.v += v
	d.kappa += float64(v * (1 - float64(6*pi*(1-pi))))
	d.ratio.Add(b)
	d.events += x
	d.requests += b.Requests()
}

// end takes the line in.
func (d *Dispersion) end() {
	d.push(excess{
		s:  float64(d.u*d.u) - d.v,
		q:  max(0, float64(2*d.v*d.v)+d.kappa),
		v2: float64(d.v * d.v),
	})
}

func (d *Dispersion) push(e excess) {
	if len(d.wait) > 0 {
		e, d.wait[d.next] = d.wait[d.next], e
		d.next = (d.next + 1) % len(d.wait)
	}
	d.s += e.s
	d.q += e.q
	d.v2 += e.v2
}

// UV are the last line's deviation from what was predicted and its variance by chance.
func (d *Dispersion) UV() (u, v float64) { return d.u, d.v }

// MarshalBinary saves what was learned.
func (d *Dispersion) MarshalBinary() ([]byte, error) { return save(d) }

// UnmarshalBinary goes on from what was learned.
func (d *Dispersion) UnmarshalBinary(b []byte) error { return restore(d, b) }

func (d *Dispersion) state(c *codec) {
	c.same(d.rule.Gate, float64(d.rule.Delay))
	d.ratio.state(c)
	c.floats(&d.events, &d.requests, &d.s, &d.q, &d.v2, &d.u, &d.v)
	for i := range d.wait {
		c.floats(&d.wait[i].s, &d.wait[i].q, &d.wait[i].v2)
	}
	c.index(&d.next, max(0, len(d.wait)-1))
}
