package score

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// mixed plays blocks in which a part of each arm's requests is for /rank.
func mixed(blocks int, seed uint64, legacy, candidate func(int) float64) *Mix {
	m, r := NewMix(), rand.New(rand.NewPCG(seed, 7))
	draw := func(n int, p float64) (x int64) {
		for range n {
			if r.Float64() < p {
				x++
			}
		}
		return x
	}
	for i := range blocks {
		a, b := draw(700, legacy(i)), draw(50, candidate(i))
		m.Begin()
		m.Add("/rank", a, b)
		m.Add("/item", 700-a, 50-b)
		m.End()
	}
	return m
}

func TestMix_SeesARouteThatOnlyOneArmGetsMoreOf(t *testing.T) {
	m := mixed(120, 1, func(int) float64 { return .24 }, func(int) float64 { return .31 })
	key, ratio, known := m.Furthest()
	if m.LogE() < math.Log(1000) || !known || key != "/rank" || ratio < 1.15 || ratio > 1.45 || m.Kinds() != 2 {
		t.Errorf("evidence %v, %s x%v", m.LogE(), key, ratio)
	}
}

func TestMix_IsCalmWhileBothMixesDriftAlike(t *testing.T) {
	drift := func(i int) float64 { return .2 + .3*float64(i)/240 }
	for seed := range uint64(20) {
		if m := mixed(240, seed, drift, drift); m.LogE() > math.Log(1000) {
			t.Errorf("seed %d: evidence %v", seed, m.LogE())
		}
	}
}

func TestMix_HoldsAnyNumberOfKinds(t *testing.T) {
	m := NewMix()
	for range 3 {
		m.Begin()
		for k := range 500 {
			m.Add(fmt.Sprint(k), 10, 1)
		}
		m.End()
	}
	if m.Kinds() != mostMix || len(m.slot) != mostMix || math.IsNaN(m.LogE()) || m.N() != 1500 {
		t.Errorf("%d kinds, %d slots, evidence %v, n %d", m.Kinds(), len(m.slot), m.LogE(), m.N())
	}
}
