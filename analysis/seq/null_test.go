package seq

import (
	"math"
	"testing"
	"time"
)

// Each test walks every outcome of a few tiny blocks at the boundary of a null hypothesis and adds up probability times E:
// the mean must not be above 1, with the grid, the restarts and the learned divisor all at work.

// blocks is how deep a walk goes: a little less where time is short.
func blocks(n int) int {
	if testing.Short() {
		return n - 1
	}
	return n
}

// eachOutcome visits the outcomes of one block: requests fixed, errors binomial.
func eachOutcome(nA, nB int, pA, pB float64, visit func(b Block, prob float64)) {
	for a := range nA + 1 {
		for c := range nB + 1 {
			visit(Block{LegacyN: float64(nA), LegacyX: float64(a), CandidateN: float64(nB), CandidateX: float64(c)},
				binomial(nA, a, pA)*binomial(nB, c, pB))
		}
	}
}

// meanE is the exact mean of exp(logE) after depth blocks, each state carried on from its saved bytes.
func meanE(depth int, fresh func() *Errors, gap time.Duration, p func(block int) (pA, pB float64), logE func(*Errors) float64) float64 {
	var walk func(block int, state []byte) float64
	walk = func(block int, state []byte) float64 {
		mean := 0.0
		pA, pB := p(block)
		eachOutcome(3, 2, pA, pB, func(b Block, prob float64) {
			e := fresh()
			if state != nil {
				if err := e.UnmarshalBinary(state); err != nil {
					panic(err)
				}
			}
			e.Add(b, time.Duration(block)*gap)
			if block+1 == depth {
				mean += prob * math.Exp(logE(e))
				return
			}
			next, _ := e.MarshalBinary()
			mean += prob * walk(block+1, next)
		})
		return mean
	}
	return walk(0, nil)
}

// eager learns the divisor from the line before, so that it is at work within four blocks.
func eager(c ErrorsConfig) func() *Errors {
	return func() *Errors {
		e := NewErrors(c)
		e.noise = NewDispersion(DispersionRule{Gate: .1})
		return e
	}
}

func TestErrors_WorseHasMeanAtMostOneUnderItsNull(t *testing.T) {
	drifting := func(margin float64) func(int) (float64, float64) {
		return func(block int) (float64, float64) {
			p := []float64{.3, .05, .5, .2}[block%4]
			return p, p * (1 + margin)
		}
	}
	for _, margin := range []float64{0, .2} {
		mean := meanE(blocks(4), eager(ErrorsConfig{HarmMargin: margin, SafeMargin: .5}), 6*time.Minute, drifting(margin), (*Errors).LogHarm)
		if mean > 1+1e-12 || mean < .5 {
			t.Errorf("margin %v: the mean of E is %v, want at most 1 and not far below", margin, mean)
		}
	}
}

func TestErrors_TheDivisorIsAtWorkInTheEnumeration(t *testing.T) {
	e := eager(ErrorsConfig{})()
	e.Add(Block{LegacyN: 3, LegacyX: 3, CandidateN: 2}, 0)
	e.Add(Block{LegacyN: 3, CandidateN: 2, CandidateX: 2}, 0)
	e.Add(Block{LegacyN: 3, CandidateN: 2}, 0)
	if e.Phi() <= 1 {
		t.Errorf("phi = %v after two lines that disagree, want above 1", e.Phi())
	}
}

func TestErrors_SafeHasMeanAtMostOneAtItsMargin(t *testing.T) {
	at := func(int) (float64, float64) { return .3, .45 }
	c := ErrorsConfig{SafeMargin: .5, Promotion: true}
	for name, logE := range map[string]func(*Errors) float64{"safe": (*Errors).LogSafe, "promotion": (*Errors).LogPromotion} {
		if mean := meanE(blocks(4), eager(c), time.Minute, at, logE); mean > 1+1e-12 || mean < .5 {
			t.Errorf("%s: the mean of E is %v, want at most 1 and not far below", name, mean)
		}
	}
}

func TestErrors_HarmIsNotHeldDownByTheNull(t *testing.T) {
	worse := func(int) (float64, float64) { return .1, .9 }
	if mean := meanE(blocks(4), eager(ErrorsConfig{}), time.Minute, worse, (*Errors).LogHarm); mean < 2 {
		t.Errorf("the mean of E is %v under harm, want growth", mean)
	}
}

// eachCells visits all ways to throw n requests into the cells with probabilities p.
func eachCells(n int, p []float64, visit func(cells []float64, prob float64)) {
	cells := make([]float64, len(p))
	var walk func(k, left int, logP float64)
	walk = func(k, left int, logP float64) {
		if k == len(p)-1 {
			cells[k] = float64(left)
			last := float64(left)*math.Log(p[k]) - lgamma(float64(left+1))
			visit(append([]float64(nil), cells...), math.Exp(logP+last+lgamma(float64(n+1))))
			return
		}
		for c := range left + 1 {
			cells[k] = float64(c)
			walk(k+1, left-c, logP+float64(c)*math.Log(p[k])-lgamma(float64(c+1)))
		}
	}
	walk(0, n, 0)
}

func meanCells(depth int, margin float64, pA, pB [][]float64, logE func(*Cells) float64) float64 {
	var walk func(block int, state []byte) float64
	walk = func(block int, state []byte) float64 {
		mean := 0.0
		eachCells(3, pA[block], func(a []float64, probA float64) {
			eachCells(2, pB[block], func(b []float64, probB float64) {
				c := NewCells(3, margin)
				if state != nil {
					_ = c.UnmarshalBinary(state)
				}
				// The divisor 1.3 stands for any that is known before the block.
				c.Add(a, b, 1.3)
				if block+1 == depth {
					mean += probA * probB * math.Exp(logE(c))
					return
				}
				next, _ := c.MarshalBinary()
				mean += probA * probB * walk(block+1, next)
			})
		})
		return mean
	}
	return walk(0, nil)
}

func TestCells_HaveMeanAtMostOneUnderTheirNulls(t *testing.T) {
	same := [][]float64{{.5, .3, .2}, {.2, .3, .5}, {.6, .3, .1}}
	faster := [][]float64{{.6, .25, .15}, {.3, .3, .4}, {.8, .1, .1}}
	// Shares above the edges are exactly 1.25 times legacy's.
	margin := [][]float64{{.375, .375, .25}, {.25, .25, .5}, {.5, .375, .125}}
	slack := [][]float64{{.5, .3, .2}, {.4, .2, .4}, {.6, .3, .1}}
	for _, c := range []struct {
		name   string
		margin float64
		pA, pB [][]float64
		logE   func(*Cells) float64
	}{
		{"two-sided, no difference", 0, same, same, (*Cells).TwoSided},
		{"slower, no difference", 0, same, same, (*Cells).Slower},
		{"slower, the candidate is faster", 0, same, faster, (*Cells).Slower},
		{"slower by exactly the margin", .25, slack, margin, (*Cells).Slower},
	} {
		if mean := meanCells(blocks(3), c.margin, c.pA, c.pB, c.logE); mean > 1+1e-12 || mean < .2 {
			t.Errorf("%s: the mean of E is %v, want at most 1", c.name, mean)
		}
	}
}

func TestSplit_HasMeanAtMostOneAtTheConfiguredShare(t *testing.T) {
	mean := 0.0
	for k := range 21 {
		s := NewSplit()
		s.Add(.2, float64(20-k), float64(k))
		mean += binomial(20, k, .2) * math.Exp(s.LogE())
	}
	if math.Abs(mean-1) > 1e-9 {
		t.Errorf("the mean of E is %v, want 1", mean)
	}
}

// meanLatency is the exact mean of exp(logE) of the whole latency judge over three cells, with divisors that learn from
// the line before and restarts between the blocks.
func meanLatency(depth int, c LatencyConfig, pA, pB []float64, logE func(*Latency) float64) float64 {
	fresh := func() *Latency {
		l := NewLatency(c)
		l.noise = dispersions(c.Edges, DispersionRule{Gate: .1, Bounded: true})
		return l
	}
	var walk func(block int, state []byte) float64
	walk = func(block int, state []byte) float64 {
		mean := 0.0
		eachCells(2, pA, func(a []float64, probA float64) {
			eachCells(2, pB, func(b []float64, probB float64) {
				l := fresh()
				if state != nil {
					if err := l.UnmarshalBinary(state); err != nil {
						panic(err)
					}
				}
				l.Add(a, b, time.Duration(block)*6*time.Minute)
				if block+1 == depth {
					mean += probA * probB * math.Exp(logE(l))
					return
				}
				next, _ := l.MarshalBinary()
				mean += probA * probB * walk(block+1, next)
			})
		})
		return mean
	}
	return walk(0, nil)
}

func TestLatency_WorseHasMeanAtMostOneUnderItsNulls(t *testing.T) {
	legacy := []float64{.5, .3, .2}
	for _, c := range []struct {
		name   string
		margin float64
		cand   []float64
	}{
		{"no difference", 0, legacy},
		{"faster", 0, []float64{.7, .2, .1}},
		{"slower by exactly the margin", .25, []float64{.375, .375, .25}},
	} {
		mean := meanLatency(blocks(3), LatencyConfig{Edges: 2, HarmMargin: c.margin, SafeMargin: .5}, legacy, c.cand, (*Latency).LogHarm)
		if mean > 1+1e-12 || mean < .5 {
			t.Errorf("%s: the mean of E is %v, want at most 1", c.name, mean)
		}
	}
	slower := meanLatency(blocks(3), LatencyConfig{Edges: 2, SafeMargin: .5}, legacy, []float64{.05, .05, .9}, (*Latency).LogHarm)
	if slower < 1.05 {
		t.Errorf("the mean of E is %v when the candidate is slower, want growth", slower)
	}
}

func TestTail_HasMeanAtMostOneUnderItsNull(t *testing.T) {
	p := []float64{.5, .3, .2}
	raw := meanLatency(2, LatencyConfig{Edges: 2, SafeMargin: .5, Audit: true}, p, p, (*Latency).LogTail)
	if raw > 1+1e-12 || raw < .5 {
		t.Errorf("the mean of E is %v, want at most 1", raw)
	}
}

func TestPair_HasMeanAtMostOneForEveryCommonRate(t *testing.T) {
	var walk func(block int, state []byte) float64
	walk = func(block int, state []byte) float64 {
		mean, p := 0.0, []float64{.5, .1, .8}[block]
		eachOutcome(3, 2, p, p, func(b Block, prob float64) {
			pair := NewPair()
			if state != nil {
				_ = pair.UnmarshalBinary(state)
			}
			pair.Add(b)
			if block == 2 {
				mean += prob * math.Exp(pair.LogE())
				return
			}
			next, _ := pair.MarshalBinary()
			mean += prob * walk(block+1, next)
		})
		return mean
	}
	if mean := walk(0, nil); mean > 1+1e-12 || mean < .5 {
		t.Errorf("the mean of E is %v, want at most 1", mean)
	}
}

func TestDirichlet_HasMeanOneUnderItsNull(t *testing.T) {
	mean := 0.0
	eachCells(12, []float64{.4, .4, .2}, func(cells []float64, prob float64) {
		d, err := NewDirichlet([]float64{.4, .4, .2}, []float64{1, 1, 1})
		if err != nil {
			t.Fatal(err)
		}
		d.Add(cells)
		mean += prob * math.Exp(d.LogE())
	})
	if math.Abs(mean-1) > 1e-9 {
		t.Errorf("the mean of E is %v, want 1", mean)
	}
}

func TestCusum_WarnsNoMoreOftenThanItsRunLengthAllows(t *testing.T) {
	// M_n - n is a supermartingale under the null, so the mean of M after n blocks is at most n (Shin et al. 2022).
	var walk func(block int, c Cusum) float64
	bets := RestartBets()
	cost, step := make([]float64, 7), make([]float64, 7)
	walk = func(block int, c Cusum) float64 {
		mean := 0.0
		eachOutcome(2, 2, .3, .3, func(b Block, prob float64) {
			next := Cusum{weight: c.weight, logM: append([]float64(nil), c.logM...), sum: make([]float64, 7)}
			bets.costs(cost, b.share(1))
			bets.steps(step, cost, b.CandidateX, b.Events())
			next.Add(step, 1)
			if block == 4 {
				mean += prob * math.Exp(next.LogM())
				return
			}
			mean += prob * walk(block+1, next)
		})
		return mean
	}
	if mean := walk(0, *NewCusum(bets.weight)); mean > 5 || mean < .5 {
		t.Errorf("the mean of M after 5 blocks is %v, want at most 5", mean)
	}
}
