package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRiskRatio_OfOneStratumIsTheTextbooksInterval(t *testing.T) {
	var r RiskRatio
	r.Add(Stratum{A: Proportion{20, 1000}, B: Proportion{30, 500}})
	ratio, lo, hi, err := r.Interval(.95)
	if err != nil {
		t.Fatal(err)
	}
	// Katz et al. 1978: var ln RR = 1/x_a - 1/n_a + 1/x_b - 1/n_b.
	half := 1.959963984540054 * math.Sqrt(1./20-1./1000+1./30-1./500)
	if !near(ratio, 3, 1e-12) || !near(lo, 3*math.Exp(-half), 1e-12) || !near(hi, 3*math.Exp(half), 1e-12) {
		t.Errorf("×%v (%v–%v)", ratio, lo, hi)
	}
}

func TestRiskRatio_IsTheOneOfCMHHoweverItIsCollected(t *testing.T) {
	strata := []Stratum{
		{A: Proportion{70, 7430}, B: Proportion{1, 70}},
		{A: Proportion{50, 7120}, B: Proportion{10, 380}},
		{A: Proportion{40, 5630}, B: Proportion{30, 1870}},
		{A: Proportion{60, 3770}, B: Proportion{95, 3730}},
		{A: Proportion{0, 0}, B: Proportion{9, 10}},
	}
	var whole, first, rest RiskRatio
	for i, s := range strata {
		whole.Add(s)
		if i < 2 {
			first.Add(s)
		} else {
			rest.Add(s)
		}
	}
	ratio, lo, hi, err := whole.Interval(.95)
	if err != nil {
		t.Fatal(err)
	}
	cmh, err := CMH(strata)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := cmh.RateRatio(); !near(ratio, want, 1e-12) || !(lo < ratio && ratio < hi) {
		t.Errorf("×%v (%v–%v), want ×%v", ratio, lo, hi, want)
	}
	again, lo2, hi2, err := first.Plus(rest).Interval(.95)
	if err != nil || !near(again, ratio, 1e-12) || !near(lo2, lo, 1e-12) || !near(hi2, hi, 1e-12) {
		t.Errorf("in two parts ×%v (%v–%v), %v", again, lo2, hi2, err)
	}
}

func TestRiskRatio_HoldsTheTruthAtOneLook(t *testing.T) {
	r, covered := rand.New(rand.NewPCG(3, 4)), 0
	const runs = 2000
	hits := func(n int, p float64) Proportion {
		x := 0
		for range n {
			if r.Float64() < p {
				x++
			}
		}
		return Proportion{float64(x), float64(n)}
	}
	for range runs {
		var ratio RiskRatio
		for k := range 6 {
			p := .01 * float64(k+1)
			ratio.Add(Stratum{A: hits(200, p), B: hits(40, 2*p)})
		}
		if _, lo, hi, err := ratio.Interval(.95); err == nil && lo <= 2 && 2 <= hi {
			covered++
		}
	}
	if got := float64(covered) / runs; math.Abs(got-.95) > 3*math.Sqrt(.95*.05/runs)+.005 {
		t.Errorf("the interval holds the truth in %.3f, want .95", got)
	}
}

func TestRiskRatio_IsNotKnownWhileAnArmHasNoHit(t *testing.T) {
	var r RiskRatio
	for _, s := range []Stratum{{}, {A: Proportion{1, 10}, B: Proportion{0, 10}}} {
		r.Add(s)
		if _, _, _, err := r.Interval(.95); err == nil {
			t.Errorf("known after %+v", s)
		}
	}
	r.Add(Stratum{A: Proportion{1, 10}, B: Proportion{1, 10}})
	if _, _, _, err := r.Interval(1); err == nil {
		t.Error("at confidence 1")
	}
}
