package seq

import (
	"math"
	"sync"
)

// The confidence sequence needs sums over every past block, F(u) = sum X_j ln(1 + (n_B/n_A)_j e^u), at arguments that are
// known only when it is asked for. F is smooth, so it is kept at Chebyshev nodes: constant memory, and within 1e-10 of
// the exact sum relative to its size.
const (
	nodes  = 96
	span   = 10.0 // F is kept for u in [-span, span]
	search = 7.6  // ln ratio is searched in [-search, search]: search + ln 10 must stay within span
)

// Nodes are the terms ln(1 + r e^u) of one block at the nodes, shared by all intervals that see the same requests.
type Nodes struct {
	*table
	term [nodes]float64
	live bool
}

// table are the numbers that are the same for all nodes.
type table struct {
	expU [nodes]float64
	cos  [nodes][nodes]float64 // the Chebyshev polynomial m at the node k: cos(m (2k+1) pi / 2 nodes)
}

// tables makes them once: every measure of a runner's hundreds of services rests on them.
var tables = sync.OnceValue(func() *table {
	var turn [4 * nodes]float64
	for i := range turn {
		turn[i] = math.Cos(float64(i) * math.Pi / (2 * nodes))
	}
	t := &table{}
	for k := range t.expU {
		t.expU[k] = math.Exp(span * turn[2*k+1])
		for m := range t.cos {
			t.cos[m][k] = turn[m*(2*k+1)%len(turn)]
		}
	}
	return t
})

// NewNodes prepares the nodes.
func NewNodes() *Nodes { return &Nodes{table: tables()} }

// Load sets the requests of the block to come. A block in which an arm had none says nothing of the ratio.
func (n *Nodes) Load(legacyN, candidateN float64) {
	n.live = legacyN > 0 && candidateN > 0
	if !n.live {
		return
	}
	r := candidateN / legacyN
	for k, e := range n.expU {
		n.term[k] = math.Log1p(float64(r * e))
	}
}

// Interval is the confidence sequence for the ratio of the candidate's rate to legacy's: all ratios that the raw bets of
// [RateRatio] with margin ratio - 1 do not reject, found by inversion. It is valid at every look at once.
type Interval struct {
	grid  *Nodes
	bets  Bets
	sums  [nodes]float64 // F at the nodes
	candX float64
	found solution // of these sums
}

// solution is what was found at one confidence. One block's is asked for by several who show it.
type solution struct {
	alpha, lo, hi float64 // alpha is 0: nothing was found yet
	bounded       bool
}

// NewInterval starts without blocks.
func NewInterval(grid *Nodes, bets Bets) *Interval { return &Interval{grid: grid, bets: bets} }

// Clone goes on from here by itself, on nodes of its own; see [Interval.Take].
func (v *Interval) Clone() *Interval {
	c := *v
	c.grid = NewNodes()
	return &c
}

// Take is [Interval.Add] for a block whose requests the nodes have not been loaded with.
func (v *Interval) Take(b Block) {
	v.grid.Load(b.LegacyN, b.CandidateN)
	v.Add(b)
}

// Add takes one block, whose requests the nodes have been loaded with.
func (v *Interval) Add(b Block) {
	x := b.Events()
	if x == 0 || !v.grid.live {
		return
	}
	v.candX, v.found = v.candX+b.CandidateX, solution{}
	for k, t := range v.grid.term {
		v.sums[k] += float64(x * t)
	}
}

// Ratio is the interval at confidence 1 - alpha, half of alpha on each side. Without a lower limit lo is 0; without an
// upper one bounded is false.
func (v *Interval) Ratio(alpha float64) (lo, hi float64, bounded bool) {
	if v.found.alpha != alpha {
		v.found = v.find(alpha)
	}
	return v.found.lo, v.found.hi, v.found.bounded
}

func (v *Interval) find(alpha float64) solution {
	out, coef, need := solution{alpha: alpha}, v.coefficients(), math.Log(2/alpha)
	if d, ok := v.solve(&coef, 1, need); ok {
		out.lo = math.Exp(d)
	}
	if d, ok := v.solve(&coef, -1, need); ok {
		out.hi, out.bounded = math.Exp(d), true
	}
	return out
}

// coefficients of the Chebyshev series through the nodes, four at once: one alone waits for its own additions.
func (v *Interval) coefficients() (c [nodes]float64) {
	for m := 0; m < nodes; m += 4 {
		var s0, s1, s2, s3 float64
		r0, r1, r2, r3 := &v.grid.cos[m], &v.grid.cos[m+1], &v.grid.cos[m+2], &v.grid.cos[m+3]
		for k, f := range v.sums {
			s0 += float64(f * r0[k])
			s1 += float64(f * r1[k])
			s2 += float64(f * r2[k])
			s3 += float64(f * r3[k])
		}
		c[m], c[m+1], c[m+2], c[m+3] = s0*2/nodes, s1*2/nodes, s2*2/nodes, s3*2/nodes
	}
	c[0] /= 2
	return c
}

// solve finds the d at which the evidence against ln ratio = d, of the bets (sign 1) or of the mirrored ones (-1), falls
// to need; not known when it does not reach need even at the far end.
func (v *Interval) solve(coef *[nodes]float64, sign, need float64) (float64, bool) {
	f := func(d float64) float64 { return v.evidence(coef, d, sign) - need }
	strong, weak := -sign*search, sign*search
	atStrong := f(strong)
	if atStrong < 0 {
		return 0, false
	}
	atWeak := f(weak)
	if atWeak >= 0 {
		return weak, true
	}
	return root(f, strong, weak, atStrong, atWeak), true
}

// evidence of the bets with pi at ratio e^d: logmeanexp of delta x_B - (F(d + delta) - F(d)).
func (v *Interval) evidence(coef *[nodes]float64, d, sign float64) float64 {
	var at, logs [32]float64
	n := v.bets.Len()
	for i, delta := range v.bets.delta {
		at[i] = d + float64(sign*delta)
	}
	at[n] = d
	clenshaw(coef, at[:n+1])
	for i, delta := range v.bets.delta {
		logs[i] = v.bets.logWeight[i] + float64(sign*delta*v.candX) - (at[i] - at[n])
	}
	return logSum(logs[:n])
}

// clenshaw replaces each argument by the value of the series there. Four are advanced together, since one alone waits for
// its own additions, and more do not fit into the processor's registers.
func clenshaw(coef *[nodes]float64, at []float64) {
	for len(at) >= 4 {
		clenshaw4(coef, at[:4:4])
		at = at[4:]
	}
	for i, u := range at {
		x, b1, b2 := u/span, 0., 0.
		for m := nodes - 1; m > 0; m-- {
			b1, b2 = float64(2*x*b1)-b2+coef[m], b1
		}
		at[i] = float64(x*b1) - b2 + coef[0]
	}
}

// clenshaw4 is the same for four arguments.
func clenshaw4(coef *[nodes]float64, at []float64) {
	x0, x1, x2, x3 := at[0]/span, at[1]/span, at[2]/span, at[3]/span
	y0, y1, y2, y3 := 2*x0, 2*x1, 2*x2, 2*x3
	var p0, p1, p2, p3, q0, q1, q2, q3 float64
	for m := nodes - 1; m > 0; m-- {
		c := coef[m]
		p0, q0 = float64(y0*p0)-q0+c, p0
		p1, q1 = float64(y1*p1)-q1+c, p1
		p2, q2 = float64(y2*p2)-q2+c, p2
		p3, q3 = float64(y3*p3)-q3+c, p3
	}
	at[0], at[1] = float64(x0*p0)-q0+coef[0], float64(x1*p1)-q1+coef[0]
	at[2], at[3] = float64(x2*p2)-q2+coef[0], float64(x3*p3)-q3+coef[0]
}

// root finds where f, fa > 0 at a and fb < 0 at b, is 0: inverse quadratic steps with bisection as the safeguard
// (Chandrupatla 1997).
func root(f func(float64) float64, a, b, fa, fb float64) float64 {
	var c, fc float64
	t := .5
	for range 100 {
		x := a + float64(t*(b-a))
		fx := f(x)
		if (fx > 0) == (fa > 0) {
			c, fc = a, fa
		} else {
			c, fc, b, fb = b, fb, a, fa
		}
		a, fa = x, fx
		if math.Abs(b-a) < 1e-12 || fa == 0 {
			break
		}
		t = chandrupatla(a, b, c, fa, fb, fc)
	}
	return a
}

func chandrupatla(a, b, c, fa, fb, fc float64) float64 {
	xi, phi := (a-b)/(c-b), (fa-fb)/(fc-fb)
	t := .5
	if phi*phi < xi && (1-phi)*(1-phi) < 1-xi {
		t = float64(fa/(fb-fa)*(fc/(fb-fc))) + float64((c-a)/(b-a)*(fa/(fc-fa))*(fb/(fc-fb)))
	}
	least := 5e-13 / math.Abs(b-a)
	return min(max(t, min(least, .5)), max(1-least, .5))
}

// MarshalBinary saves the sums.
func (v *Interval) MarshalBinary() ([]byte, error) { return save(v) }

// UnmarshalBinary goes on from saved sums.
func (v *Interval) UnmarshalBinary(b []byte) error { return restore(v, b) }

func (v *Interval) state(c *codec) {
	v.found = solution{}
	c.slice(v.sums[:])
	c.floats(&v.candX)
}
