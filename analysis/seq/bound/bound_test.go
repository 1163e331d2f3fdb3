package bound

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func TestBoundaries_GiveTheFiguresOfTheirAuthorsProgram(t *testing.T) {
	near(t, "rho", Rho(100, .05), 12.60056, 5e-6)
	for _, c := range []struct {
		name  string
		m     mixture
		bound float64
		logE  float64
		want  float64
		tol   [2]float64
	}{
		{"normal", NewNormal(100, .05), NewNormal(100, .05).Bound(100, .05), -.6510052, 30.35209, [2]float64{5e-8, 5e-6}},
		{"normal one-sided", NewNormalOneSided(100, .05), NewNormalOneSided(100, .05).Bound(100, .05), -.06502391, 27.66071, [2]float64{5e-9, 5e-6}},
		{"gamma-exponential", NewGammaExponential(100, .05, 2), NewGammaExponential(100, .05, 2).Bound(100, .05), -.2490165, 33.02017, [2]float64{5e-8, 5e-6}},
		{"gamma-Poisson", NewGammaPoisson(100, .05, 2), NewGammaPoisson(100, .05, 2).Bound(100, .05), -.06991219, 30.1949, [2]float64{5e-9, 5e-5}},
		{"beta-binomial", NewBetaBinomial(100, .05, .2, .8), NewBetaBinomial(100, .05, .2, .8).Bound(100, .05), -.6941012, 31.4308, [2]float64{5e-8, 5e-5}},
		{"beta-binomial one-sided", NewBetaBinomialOneSided(100, .05, .2, .8), NewBetaBinomialOneSided(100, .05, .2, .8).Bound(100, .05), -.07134019, 28.41238, [2]float64{5e-9, 5e-6}},
	} {
		near(t, c.name+" log E(10, 100)", c.m.LogE(10, 100), c.logE, c.tol[0])
		near(t, c.name+" bound(100, .05)", c.bound, c.want, c.tol[1])
	}
	near(t, "stitched", Stitched(100, .05, 10, 3), 64.48755, 5e-6)
}

func TestProportion_GivesThePublishedIntervals(t *testing.T) {
	// The published digits are cut off, not rounded.
	lo, hi := Proportion(700, 1000, 100, .05)
	near(t, "700 of 1000, lower", lo, .651629, 1e-6)
	near(t, "700 of 1000, upper", hi, .745949, 1e-6)
	lo, hi = Proportion(15, 50, 50, .05)
	near(t, "15 of 50, lower", lo, .129556, 1e-6)
	near(t, "15 of 50, upper", hi, .511896, 1e-6)
}

func TestDoubleStitched_GivesTheFiguresOfItsAuthorsProgram(t *testing.T) {
	for _, c := range []struct{ p, want float64 }{{.5, 68.62803}, {.9, 43.72119}, {.1, 59.96521}} {
		near(t, "bound", DoubleStitched(c.p, 1000, .05, 100), c.want, 5e-6)
	}
}

// shifted are the cells of the values 1..1000 and of the same values moved up, a cell for each value.
func shifted(offset int) (a, b []float64) {
	a, b = make([]float64, 1000+offset), make([]float64, 1000+offset)
	for i := range 1000 {
		a[i], b[i+offset] = 1, 1
	}
	return a, b
}

func TestQuantileShift_GivesThePublishedPValues(t *testing.T) {
	for _, c := range []struct {
		q      float64
		offset int
		p, tol float64
	}{{.5, 70, .814704, 5e-7}, {.5, 85, .0838055, 5e-8}, {.5, 100, .0054947, 5e-8}, {.9, 55, .0340463, 5e-8}} {
		a, b := shifted(c.offset)
		near(t, "p", math.Exp(-QuantileShift(a, b, c.q, 100)), c.p, c.tol)
	}
}

func TestQuantileCells_HoldTheQuantileAndShrinkWithMoreRequests(t *testing.T) {
	cells := []float64{10, 20, 30, 25, 10, 4, 1}
	width := 99
	for _, scale := range []float64{1, 10, 100, 10000} {
		scaled := make([]float64, len(cells))
		for i := range cells {
			scaled[i] = cells[i] * scale
		}
		first, last, known := QuantileCells(scaled, .5, 1000, .05)
		if !known || first > 2 || last < 2 {
			t.Errorf("%v requests: cells %d to %d do not hold the median's cell 2", 100*scale, first, last)
		}
		if last-first > width {
			t.Errorf("%v requests: %d cells, more than with fewer requests", 100*scale, last-first+1)
		}
		width = last - first
	}
	if width != 0 {
		t.Errorf("still %d cells with a million requests", width+1)
	}
	if _, _, known := QuantileCells(make([]float64, 3), .5, 1000, .05); known {
		t.Error("a quantile of nothing")
	}
}

func TestBand_HasTheExactConstants(t *testing.T) {
	for _, c := range []struct{ alpha, want float64 }{
		{.1, 7.62297}, {.05, 8.12272}, {.025, 8.62265}, {.0125, 9.12261}, {.01, 9.28354}, {.001, 10.94307}, {1e-4, 12.59940},
	} {
		near(t, "C", BandConstant(c.alpha), c.want, 5e-6)
	}
	// The authors' program stops its optimiser 2e-5 short of this C.
	near(t, "band", Band(1000, .05, 100), .08204769, 2e-7)
	near(t, "too early", Band(99, .05, 100), 1, 0)
}

func TestMeanDifference_GivesThePublishedFigures(t *testing.T) {
	a, b := Moments{3000, 1396.87, 52377.9767}, Moments{3461, 2422.7, 134698.29}
	e, err := MeanDifference(a, b, true, 1000, .05)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "relative difference", e.Value, .50336, 5e-6)
	near(t, "lower", e.Lo, -.55844, 5e-6)
	near(t, "upper", e.Hi, 1.56516, 5e-6)
	near(t, "p", e.P, 1, 0)
	e, _ = MeanDifference(Proportions(1396, 3000), Proportions(2422, 3461), true, 5000, .05)
	near(t, "relative difference of shares", e.Value, .50386, 5e-6)
	near(t, "lower", e.Lo, .40098, 5e-6)
	near(t, "upper", e.Hi, .60675, 5e-6)
}

func TestMeanDifference_CostsWhatIsKnownOfItsWidth(t *testing.T) {
	for _, c := range []struct{ n, want float64 }{{5000, 1.55}, {500, 1.97}, {50, 4.63}, {50000, 1.65}} {
		e := asymptotic(0, 1/c.n, c.n, 5000, .05)
		near(t, "width over 1.96 standard errors", e.Hi*math.Sqrt(c.n)/1.96, c.want, 6e-3)
	}
}

func TestMeanDifference_RefusesTooFewValuesAndDoubtsFew(t *testing.T) {
	if _, err := MeanDifference(Moments{1, 1, 1}, Moments{5, 1, 1}, false, 1000, .05); err == nil {
		t.Error("one value made a variance")
	}
	e, err := MeanDifference(Moments{50, 10, 30}, Moments{500, 10, 30}, false, 1000, .05)
	if err != nil || e.Doubt == "" {
		t.Errorf("doubt %q, error %v: want a doubt at 50 values", e.Doubt, err)
	}
}

func goldenValues() []float64 {
	var x []float64
	for range 20 {
		x = append(x, .2, .4, .1, .9, .5, .3, .6, .2, .4, .1)
	}
	return x
}

func TestBetting_GivesThePublishedWealth(t *testing.T) {
	b := NewBetting(.3, .05)
	for _, x := range goldenValues() {
		b.Add(x)
	}
	up, down := b.LogWealth()
	near(t, "ln K+", up, 6.592773, 5e-7)
	near(t, "ln K-", down, -10.146675, 5e-7)
	near(t, "ln E", b.LogE(), 6.592773-math.Ln2, 5e-7)
}

func TestBernstein_HoldsTheMeanAndExcludesWhatBettingExcludes(t *testing.T) {
	b := NewBernstein(10, .05)
	lo, hi := b.Interval()
	if lo != 0 || hi != 1 {
		t.Errorf("before the first value: %v to %v, want 0 to 1", lo, hi)
	}
	for _, x := range goldenValues() {
		b.Add(x)
	}
	lo, hi = b.Interval()
	if !(lo < .37 && .37 < hi && hi-lo < .2) {
		t.Errorf("mean .37: interval %v to %v", lo, hi)
	}
	b.Add(math.NaN())
	b.Add(7)
	if lo, hi = b.Interval(); math.IsNaN(lo) || math.IsNaN(hi) {
		t.Error("a value out of range broke the interval")
	}
}

func TestMixtureSPRT_IsTheNormalMixtureInOtherWords(t *testing.T) {
	const n, sigma2, tau2, d = 400, 2.25, .04, .12
	got := MixtureSPRT(d, 2*sigma2/n, tau2)
	rho := 4 * sigma2 * sigma2 / tau2
	near(t, "ln E", got, Normal{rho: rho}.LogE(n*d, 2*sigma2*n), 1e-12)
}

func TestPoissonCount_HasMeanOneUnderItsNull(t *testing.T) {
	mean := 0.0
	for k := range 200 {
		p := math.Exp(float64(k)*math.Log(12) - 12 - lgamma(float64(k+1)))
		mean += p * math.Exp(PoissonCount(float64(k), 12, 3))
	}
	near(t, "E", mean, 1, 1e-9)
}

func TestBernoulli_HasMeanOneUnderItsNull(t *testing.T) {
	mean := 0.0
	for k := range 31 {
		x := float64(k)
		logP := lgamma(31) - lgamma(x+1) - lgamma(31-x) + x*math.Log(.2) + (30-x)*math.Log(.8)
		mean += math.Exp(logP + Bernoulli(x, 30, .2, 50, .05))
	}
	near(t, "E", mean, 1, 1e-9)
}
