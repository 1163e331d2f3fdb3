package seq

import "math"

// Tail asks, edge by edge, whether more of the candidate's requests lie above it: one [RateRatio] per edge, and as a
// whole the mean over edges and bets, valid since each is an e-process under "not slower at any edge". To name edges with
// family-wise control ask for their number over alpha, or use [EBH].
type Tail struct {
	margin     float64
	bets       Bets
	edges      int
	logE       []float64 // edge by edge, bet by bet, with ln of the bet's weight
	cost, step []float64
}

// NewTail starts without evidence.
func NewTail(edges int, margin float64, bets Bets) *Tail {
	k := bets.Len()
	t := &Tail{
		margin: margin, bets: bets, edges: edges,
		logE: make([]float64, edges*k), cost: make([]float64, k), step: make([]float64, edges*k),
	}
	for i := range t.logE {
		t.logE[i] = math.Log(bets.weight[i%k])
	}
	return t
}

// Add takes one block for each edge, all with the same requests, and the divisor of each (nil: 1).
func (t *Tail) Add(edges []Block, phi []float64) {
	t.begin()
	t.take(edges, phi)
}

// begin starts a line; its strata are taken one by one.
func (t *Tail) begin() { clear(t.step) }

func (t *Tail) take(edges []Block, phi []float64) {
	k := t.bets.Len()
	if len(edges) == 0 {
		return
	}
	t.bets.costs(t.cost, edges[0].share(1+t.margin))
	for e, b := range edges {
		p := 1.0
		if phi != nil {
			p = phi[e]
		}
		x := b.Events()
		for i, d := range t.bets.delta {
			s := (float64(d*b.CandidateX) - float64(x*t.cost[i])) / p
			t.step[e*k+i] += s
			t.logE[e*k+i] += s
		}
	}
}

// Steps are the last line's steps ln e / phi, edge by edge, bet by bet; good until the next block.
func (t *Tail) Steps() []float64 { return t.step }

// EdgeLogE is the evidence at one edge.
func (t *Tail) EdgeLogE(edge int) float64 {
	k := t.bets.Len()
	return logSum(t.logE[edge*k : edge*k+k])
}

// LogE is the evidence that the candidate is slower at some edge.
func (t *Tail) LogE() float64 { return logSum(t.logE) - math.Log(float64(t.edges)) }

// MarshalBinary saves the evidence.
func (t *Tail) MarshalBinary() ([]byte, error) { return save(t) }

// UnmarshalBinary goes on from saved evidence.
func (t *Tail) UnmarshalBinary(b []byte) error { return restore(t, b) }

func (t *Tail) state(c *codec) {
	c.same(t.margin)
	c.slice(t.logE)
}
