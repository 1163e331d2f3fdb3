package seq

import "math"

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
	expU [nodes]float64
	term [nodes]float64
	cos  [4 * nodes]float64
	live bool
}

// NewNodes prepares the nodes.
func NewNodes() *Nodes {
	n := &Nodes{}
	for i := range n.cos {
		n.cos[i] = math.Cos(float64(i) * math.Pi / (2 * nodes))
	}
	for k := range n.expU {
		n.expU[k] = math.Exp(span * n.cos[2*k+1])
	}
	return n
}

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
}

// NewInterval starts without blocks.
func NewInterval(grid *Nodes, bets Bets) *Interval { return &Interval{grid: grid, bets: bets} }

// Add takes one block, whose requests the nodes have been loaded with.
func (v *Interval) Add(b Block) {
	x := b.Events()
	if x == 0 || !v.grid.live {
		return
	}
	v.candX += b.CandidateX
	for k, t := range v.grid.term {
		v.sums[k] += float64(x * t)
	}
}

// Ratio is the interval at confidence 1 - alpha, half of alpha on each side. Without a lower limit lo is 0; without an
// upper one bounded is false.
func (v *Interval) Ratio(alpha float64) (lo, hi float64, bounded bool) {
	coef := v.coefficients()
	need := math.Log(2 / alpha)
	if d, ok := v.solve(&coef, 1, need); ok {
		lo = math.Exp(d)
	}
	if d, ok := v.solve(&coef, -1, need); ok {
		return lo, math.Exp(d), true
	}
	return lo, 0, false
}

// coefficients of the Chebyshev series through the nodes.
func (v *Interval) coefficients() (c [nodes]float64) {
	for m := range c {
		sum := 0.0
		for k, f := range v.sums {
			sum += float64(f * v.grid.cos[m*(2*k+1)%(4*nodes)])
		}
		c[m] = sum * 2 / nodes
	}
	c[0] /= 2
	return c
}

// solve finds the d at which the evidence against ln ratio = d, of the bets (sign 1) or of the mirrored ones (-1), falls
// to need; not known when it does not reach need even at the far end.
func (v *Interval) solve(coef *[nodes]float64, sign, need float64) (float64, bool) {
	f := func(d float64) float64 { return v.evidence(coef, d, sign) - need }
	strong, weak := -sign*search, sign*search
	if f(strong) < 0 {
		return 0, false
	}
	if f(weak) >= 0 {
		return weak, true
	}
	return root(f, strong, weak), true
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
		logs[i] = math.Log(v.bets.weight[i]) + float64(sign*delta*v.candX) - (at[i] - at[n])
	}
	return logSum(logs[:n])
}

// clenshaw replaces each argument by the value of the series there. All are advanced together, since one alone waits for
// its own additions.
func clenshaw(coef *[nodes]float64, at []float64) {
	var x, b1, b2 [32]float64
	for i, u := range at {
		x[i] = u / span
	}
	for m := nodes - 1; m > 0; m-- {
		c := coef[m]
		for i := range at {
			b1[i], b2[i] = float64(2*x[i]*b1[i])-b2[i]+c, b1[i]
		}
	}
	for i := range at {
		at[i] = float64(x[i]*b1[i]) - b2[i] + coef[0]
	}
}

// root finds where f, positive at a and negative at b, is 0: inverse quadratic steps with bisection as the safeguard
// (Chandrupatla 1997).
func root(f func(float64) float64, a, b float64) float64 {
	fa, fb := f(a), f(b)
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
	c.slice(v.sums[:])
	c.floats(&v.candX)
}
