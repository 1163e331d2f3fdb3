package seq

import "math"

// pseudo is the weight of the pooled cells in the estimates, in requests.
const pseudo = 50

// Cells compares the requests of two arms over K cells of a histogram, with cell shares estimated from earlier blocks.
// TwoSided sees any change of shape. Slower is an e-process for "the candidate's share above each edge is at most
// (1 + margin) times legacy's"; for margin 0, "not stochastically slower".
//
// Both multiply, over the requests, f_k for legacy's and g_k for the candidate's in cell k. Two-sided: f = theta_a/theta_0,
// g = theta_b/theta_0, theta_0 the mix by requests (Turner, Ly and Gruenwald 2021 for K cells). Directional: the ratio
// rho = theta_b/theta_a is made non-decreasing over the cells (pool adjacent violators, weights theta_a), and
//
//	f_k = (n + n_B m g_0) / (n_A + n_B (1+m) rho_k),  g_k = rho_k f_k,  g_0 = n rho_0 / (n_A + n_B rho_0).
//
// Why it is valid: g rises with k, so sum p_b g <= (1+m) sum p_a g - m g_0 under the null, hence n_A sum p_a f +
// n_B sum p_b g <= n, and by the inequality of the means the product over the requests has mean at most 1. At m = 0 this is
// theta/theta_0 with theta_b replaced by theta_a times the pooled ratio.
type Cells struct {
	margin           float64
	legacy, cand     []float64 // past requests of each cell
	legacyN, candN   float64
	theta, rho       []float64
	size             []int
	twoSided, slower float64
	one              [1]CellCounts
}

// NewCells starts for K cells, at least two.
func NewCells(k int, margin float64) *Cells {
	return &Cells{
		margin: margin, legacy: make([]float64, k), cand: make([]float64, k),
		theta: make([]float64, k), rho: make([]float64, k), size: make([]int, k),
	}
}

// CellCounts are both arms' requests of each cell, not cumulated.
type CellCounts struct{ Legacy, Candidate []float64 }

// Add takes the requests of each cell, not cumulated, and returns the steps of both e-processes in this block. TwoSided
// is advanced; Slower by slower/phi, with phi >= 1 known before the block.
func (c *Cells) Add(legacy, candidate []float64, phi float64) (twoSided, slower float64) {
	c.one[0] = CellCounts{legacy, candidate}
	return c.AddStrata(c.one[:], phi)
}

// AddStrata takes a block whose requests are split. The shares of cells are estimated over all strata; each stratum is
// compared within itself, which is valid whatever the estimates are.
func (c *Cells) AddStrata(strata []CellCounts, phi float64) (twoSided, slower float64) {
	c.estimate()
	twoSided = c.compare(strata, 0)
	c.isotonic()
	slower = c.compare(strata, c.margin)
	c.twoSided += twoSided
	c.slower += slower / phi
	for _, s := range strata {
		for k := range c.legacy {
			c.legacy[k] += s.Legacy[k]
			c.cand[k] += s.Candidate[k]
		}
		c.legacyN += total(s.Legacy)
		c.candN += total(s.Candidate)
	}
	return twoSided, slower
}

// compare is the evidence of all strata in which both arms have requests.
func (c *Cells) compare(strata []CellCounts, margin float64) (sum float64) {
	for _, s := range strata {
		if nA, nB := total(s.Legacy), total(s.Candidate); nA > 0 && nB > 0 {
			sum += c.evidence(s.Legacy, s.Candidate, nA, nB, margin)
		}
	}
	return sum
}

// estimate fills theta with legacy's cell shares and rho with the candidate's over them, from earlier blocks.
func (c *Cells) estimate() {
	half := float64(float64(len(c.legacy)) / 2)
	for k, a := range c.legacy {
		b := c.cand[k]
		pool := float64(pseudo * ((a + b + .5) / (c.legacyN + c.candN + half)))
		c.theta[k] = (a + pool) / (c.legacyN + pseudo)
		c.rho[k] = (b + pool) / (c.candN + pseudo) / c.theta[k]
	}
}

// isotonic makes rho non-decreasing, each pool the mean with weights theta.
func (c *Cells) isotonic() {
	n := 0 // pools so far: the first n of value, mass and size
	value, mass, size := c.rho, c.theta, c.size
	for k := range c.rho {
		value[n], mass[n], size[n] = c.rho[k], c.theta[k], 1
		n++
		for n > 1 && value[n-2] > value[n-1] {
			m := mass[n-2] + mass[n-1]
			value[n-2] = (float64(value[n-2]*mass[n-2]) + float64(value[n-1]*mass[n-1])) / m
			mass[n-2] = m
			size[n-2] += size[n-1]
			n--
		}
	}
	// Unfold from the end: a pool never starts before its index.
	for k := len(value); n > 0; n-- {
		v := value[n-1]
		for range size[n-1] {
			k--
			value[k] = v
		}
	}
}

// evidence is the log likelihood of the block's requests with f and g made from rho.
func (c *Cells) evidence(legacy, candidate []float64, nA, nB, margin float64) float64 {
	n := nA + nB
	g0 := n * c.rho[0] / (nA + float64(nB*c.rho[0]))
	top := math.Log(n + float64(nB*margin*g0))
	sum := 0.0
	for k, rho := range c.rho {
		a, b := legacy[k], candidate[k]
		if a+b == 0 {
			continue
		}
		sum += float64((a + b) * (top - math.Log(nA+float64(nB*(1+margin)*rho))))
		if b > 0 {
			sum += float64(b * math.Log(rho))
		}
	}
	return sum
}

// TwoSided is the evidence that the arms differ in any way.
func (c *Cells) TwoSided() float64 { return c.twoSided }

// Slower is the evidence that the candidate is slower than the margin allows.
func (c *Cells) Slower() float64 { return c.slower }

func total(x []float64) float64 {
	t := 0.0
	for _, v := range x {
		t += v
	}
	return t
}

// MarshalBinary saves the evidence.
func (c *Cells) MarshalBinary() ([]byte, error) { return save(c) }

// UnmarshalBinary goes on from saved evidence.
func (c *Cells) UnmarshalBinary(b []byte) error { return restore(c, b) }

func (c *Cells) state(k *codec) {
	k.same(c.margin)
	k.slice(c.legacy)
	k.slice(c.cand)
	k.floats(&c.legacyN, &c.candN, &c.twoSided, &c.slower)
}
