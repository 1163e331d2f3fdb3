package seq

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// routes plays lines of two routes, one ten times as bad, of which the candidate gets another part than legacy.
func routes(lines int, seed uint64, ratio float64, see func([]Block, time.Duration)) {
	rng := rand.New(rand.NewPCG(seed, 3))
	draw := func(n int, p float64) (x float64) {
		for range n {
			if rng.Float64() < p {
				x++
			}
		}
		return x
	}
	for i := range lines {
		s := []Block{{LegacyN: 600, CandidateN: 20}, {LegacyN: 60, CandidateN: 20}}
		for k, p := range []float64{.002, .02} {
			s[k].LegacyX = draw(int(s[k].LegacyN), p)
			s[k].CandidateX = draw(int(s[k].CandidateN), p*ratio)
		}
		see(s, time.Duration(i)*15*time.Second)
	}
}

func TestStrata_AnArmThatGetsMoreOfABadRouteIsNotWorse(t *testing.T) {
	apart, together := 0, 0
	for seed := range uint64(20) {
		s, sum := NewErrors(ErrorsConfig{SafeMargin: .5}), NewErrors(ErrorsConfig{SafeMargin: .5})
		top, topSum := 0.0, 0.0
		routes(240, seed, 1, func(strata []Block, since time.Duration) {
			s.AddStrata(strata, since)
			sum.Add(strata[0].Plus(strata[1]), since)
			top, topSum = max(top, s.LogHarm()), max(topSum, sum.LogHarm())
		})
		if top >= math.Log(20) {
			apart++
		}
		if topSum >= math.Log(20) {
			together++
		}
	}
	if apart > 3 || together < 18 {
		t.Errorf("called worse in %d of 20 runs by route and in %d as one heap, want few and nearly all", apart, together)
	}
}

func TestStrata_HarmInEveryRouteIsStillSeen(t *testing.T) {
	s := NewErrors(ErrorsConfig{SafeMargin: .5})
	routes(240, 1, 3, func(strata []Block, since time.Duration) { s.AddStrata(strata, since) })
	ratio, known := s.Ratio()
	if s.LogHarm() < math.Log(20) || !known || ratio < 2.2 || ratio > 4 {
		t.Errorf("evidence %v, ratio %v", s.LogHarm(), ratio)
	}
}

func TestStrata_OneStratumIsALineAsBefore(t *testing.T) {
	c := ErrorsConfig{SafeMargin: .5, Audit: true, Promotion: true}
	plain, split := NewErrors(c), NewErrors(c)
	for i, b := range someBlocks(200, 2) {
		since := time.Duration(i) * 15 * time.Second
		plain.Add(b, since)
		split.AddStrata([]Block{b, {}}, since)
	}
	a, err := plain.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := split.MarshalBinary(); err != nil || !bytes.Equal(a, b) {
		t.Errorf("a stratum without requests changes the evidence: %v", err)
	}
}

func TestStrata_EvidenceAveragesToAtMostOneUnderTheNull(t *testing.T) {
	// Two routes with other rates, all outcomes of one line.
	n := [2]Block{{LegacyN: 4, CandidateN: 2}, {LegacyN: 1, CandidateN: 3}}
	p := [2]float64{.05, .4}
	mean := 0.0
	each(n[0], p[0], func(a Block, pa float64) {
		each(n[1], p[1], func(b Block, pb float64) {
			e := NewErrors(ErrorsConfig{SafeMargin: .5})
			e.AddStrata([]Block{a, b}, 0)
			mean += pa * pb * math.Exp(e.LogHarm())
		})
	})
	if mean > 1+1e-12 || mean < .5 {
		t.Errorf("mean %v", mean)
	}
}

// each gives all outcomes of a block whose arms share a rate, with their probabilities.
func each(n Block, p float64, see func(Block, float64)) {
	for a := range int(n.LegacyN) + 1 {
		for b := range int(n.CandidateN) + 1 {
			x := n
			x.LegacyX, x.CandidateX = float64(a), float64(b)
			see(x, chance(int(n.LegacyN), a, p)*chance(int(n.CandidateN), b, p))
		}
	}
}

func chance(n, x int, p float64) float64 {
	c := 1.0
	for i := range x {
		c = c * float64(n-i) / float64(i+1)
	}
	return c * math.Pow(p, float64(x)) * math.Pow(1-p, float64(n-x))
}

func TestStrata_AnArmThatGetsMoreOfASlowRouteIsNotSlower(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	throw := func(n int, shares []float64) []float64 {
		out := make([]float64, len(shares))
		for range n {
			u := rng.Float64()
			for k, s := range shares {
				if u -= s; u < 0 || k == len(shares)-1 {
					out[k]++
					break
				}
			}
		}
		return out
	}
	fast, slow := []float64{.8, .18, .02}, []float64{.1, .4, .5}
	config := LatencyConfig{Edges: 2, SafeMargin: .5}
	apart, together := NewLatency(config), NewLatency(config)
	for i := range 200 {
		s := []CellCounts{{throw(600, fast), throw(20, fast)}, {throw(60, slow), throw(20, slow)}}
		apart.AddStrata(s, time.Duration(i)*15*time.Second)
		sum := CellCounts{make([]float64, 3), make([]float64, 3)}
		for _, part := range s {
			for k := range sum.Legacy {
				sum.Legacy[k] += part.Legacy[k]
				sum.Candidate[k] += part.Candidate[k]
			}
		}
		together.Add(sum.Legacy, sum.Candidate, time.Duration(i)*15*time.Second)
	}
	if apart.LogHarm() > 0 || together.LogHarm() < math.Log(20) {
		t.Errorf("evidence %v by route, %v as one heap", apart.LogHarm(), together.LogHarm())
	}
}

func TestStrata_AddingThemAllocatesNothing(t *testing.T) {
	e := NewErrors(ErrorsConfig{SafeMargin: .5, Audit: true, Promotion: true})
	strata := []Block{{600, 3, 20, 1}, {60, 2, 20, 1}}
	i := 0
	if n := testing.AllocsPerRun(500, func() { e.AddStrata(strata, time.Duration(i)*time.Second); i++ }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
