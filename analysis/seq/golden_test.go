package seq

import (
	"math"
	"testing"
)

// ramp are the four blocks of a ramp from 1 to 50 %.
func ramp() []Block {
	return []Block{
		{LegacyX: 70, LegacyN: 7430, CandidateX: 1, CandidateN: 70},
		{LegacyX: 50, LegacyN: 7120, CandidateX: 10, CandidateN: 380},
		{LegacyX: 40, LegacyN: 5630, CandidateX: 30, CandidateN: 1870},
		{LegacyX: 60, LegacyN: 3770, CandidateX: 95, CandidateN: 3730},
	}
}

// near compares to the digits that were printed.
func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func TestRateRatio_GivesThePublishedEvidenceOnARamp(t *testing.T) {
	r := NewRateRatio(0, Grid())
	for i, want := range []float64{-0.257518426, 3.677421338} {
		r.Add(ramp()[i], 1)
		near(t, "log E", r.LogE(), want, 6e-10)
	}
}

func TestInterval_GivesThePublishedLimitsOnARamp(t *testing.T) {
	grid := NewNodes()
	v := NewInterval(grid, Grid())
	want := []struct{ lo, hi, tol float64 }{{0, 12.2184, 5e-5}, {.998286, 8.022296, 5e-7}}
	for i, w := range want {
		b := ramp()[i]
		grid.Load(b.LegacyN, b.CandidateN)
		v.Add(b)
		lo, hi, bounded := v.Ratio(.05)
		if !bounded {
			t.Fatal("no upper limit")
		}
		near(t, "lower", lo, w.lo, w.tol)
		near(t, "upper", hi, w.hi, w.tol)
	}
}

func TestMantelHaenszel_IsNotMovedByTheRampAsThePooledRatioIs(t *testing.T) {
	var m MantelHaenszel
	var sum Block
	for _, b := range ramp() {
		m.Add(b)
		sum = sum.Plus(b)
	}
	got, _ := m.Ratio()
	near(t, "Mantel-Haenszel", got, 1.8781, 5e-5)
	near(t, "pooled", sum.CandidateX/sum.CandidateN/(sum.LegacyX/sum.LegacyN), 2.4472, 5e-5)
}

func TestPair_GivesThePublishedEvidence(t *testing.T) {
	p := NewPair()
	p.Add(Block{LegacyX: 7, LegacyN: 743, CandidateX: 0, CandidateN: 7})
	near(t, "after the first block", p.LogE(), 0, 1e-12)
	p.Add(Block{LegacyX: 5, LegacyN: 712, CandidateX: 1, CandidateN: 38})
	near(t, "after the second", p.LogE(), .486917383, 6e-10)
}

func TestDirichlet_GivesTheFiguresOfItsReferencePrograms(t *testing.T) {
	ssrm, err := NewDirichlet([]float64{.4, .4, .2}, []float64{1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	ssrm.Add([]float64{20, 17, 9})
	near(t, "ssrm batch 1", ssrm.LogE(), -2.950560785, 6e-10)
	ssrm.Add([]float64{18, 21, 8})
	near(t, "ssrm batch 2", ssrm.LogE(), -3.681900877, 6e-10)

	null := []float64{.8, .2}
	savvi, _ := NewDirichlet(null, Scaled(null, 100))
	savvi.Add([]float64{148, 62})
	near(t, "savvi p", math.Exp(-savvi.LogE()), .04557963, 6e-9)

	half := []float64{.5, .5}
	bing, _ := NewDirichlet(half, Scaled(half, 1e4))
	bing.Add([]float64{821588, 815482})
	near(t, "Bing log E", bing.LogE(), 8.765972, 6e-7)
	near(t, "Bing p", math.Exp(-bing.LogE()), 1.5596e-4, 1e-8)
}

func TestDirichlet_GivesThePublishedLowerLimitOfTheShift(t *testing.T) {
	null := []float64{.2, .8}
	d, _ := NewDirichlet(null, Scaled(null, 100))
	d.Add([]float64{62, 148})
	lo, hi, err := d.Shift(.05)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "lower", lo, .00464625, 6e-9)
	if hi <= lo {
		t.Errorf("upper %v is not above lower %v", hi, lo)
	}
}

func goldenCells() (a, b [][]float64) {
	a = [][]float64{{120, 300, 200, 60, 15, 5}, {118, 310, 190, 62, 14, 6}, {60, 150, 101, 30, 8, 1}}
	b = [][]float64{{6, 15, 10, 3, 1, 0}, {6, 16, 9, 5, 3, 1}, {58, 140, 100, 35, 14, 6}}
	return a, b
}

func TestCells_GiveThePublishedTwoSidedEvidence(t *testing.T) {
	a, b := goldenCells()
	c := NewCells(6, 0)
	for i, want := range []float64{0, -.038380807} {
		c.Add(a[i], b[i], 1)
		near(t, "log E", c.TwoSided(), want, 6e-10)
	}
}

func TestTail_GivesThePublishedEvidence(t *testing.T) {
	a, b := goldenCells()
	tail := NewTail(5, 0, Grid())
	edges := make([]Block, 5)
	for i, want := range []float64{-.823015974, -.192285059} {
		above(edges, a[i], b[i])
		tail.Add(edges, nil)
		near(t, "log E", tail.LogE(), want, 6e-10)
	}
}

func TestRateRatio_HasThePublishedMeanUnderItsNull(t *testing.T) {
	for _, c := range []struct{ margin, want float64 }{{0, .9250}, {.1, .9185}} {
		near(t, "E[e]", oneBlockMean(40, 5, .1, c.margin), c.want, 6e-5)
	}
}

// oneBlockMean is the exact mean of E after one block of binomial counts with the candidate at the margin.
func oneBlockMean(nA, nB int, p, margin float64) float64 {
	mean := 0.0
	for a := range nA + 1 {
		for b := range nB + 1 {
			r := NewRateRatio(margin, Grid())
			r.Add(Block{LegacyN: float64(nA), LegacyX: float64(a), CandidateN: float64(nB), CandidateX: float64(b)}, 1)
			mean += binomial(nA, a, p) * binomial(nB, b, p*(1+margin)) * math.Exp(r.LogE())
		}
	}
	return mean
}

func binomial(n, k int, p float64) float64 {
	c := lgamma(float64(n+1)) - lgamma(float64(k+1)) - lgamma(float64(n-k+1))
	return math.Exp(c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}
