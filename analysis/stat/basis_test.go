package stat

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestWarnings_SayWhatTheDataBreak(t *testing.T) {
	t.Parallel()
	ramp := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(i) + 0.25*float64(n%2)
		}
		return x
	}
	basis := func(b Basis, err error) Basis {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	welch := func(x, y []float64) Basis { r, err := Welch(x, y); return basis(r.Basis, err) }
	ranks := func(x, y []float64, m Method) Basis { r, err := MannWhitney(x, y, m); return basis(r.Basis, err) }
	for _, c := range []struct {
		name string
		got  Basis
		want string
	}{
		{"three readings were NaN", welch(append(ramp(40), math.NaN(), math.NaN(), math.Inf(1)), ramp(50)), "sample 1: values not finite, left out: 3"},
		{"the candidate has few values", welch(ramp(40), ramp(5)), "sample 2: small sample, n = 5"},
		{"one reading is a thousand times the rest", welch(ramp(40), append(ramp(40), 1e5)), "sample 2: skewness 6.4 is too large for this n"},
		{"latencies in whole milliseconds", ranks([]float64{1, 2, 2}, []float64{2, 3}, Auto), "ties, values that repeat another: 2"},
		{"exact was asked for with ties", ranks([]float64{1, 2, 2}, []float64{2, 3}, Exact), "exact distribution not available, asymptotic used"},
		{"one arm is far noisier", func() Basis {
			r, err := StandardizedDifference(ramp(40), moved(ramp(40), 3, 0))
			return basis(r.Basis, err)
		}(), "variances differ 9-fold"},
		{"a class is rare", func() Basis {
			r, err := ChiSquared([][]float64{{90, 3}, {80, 2}}, KeepSparse)
			return basis(r.Basis, err)
		}(), "cells that expect fewer than 5: 2"},
		{"a rare class was merged", func() Basis {
			r, err := ChiSquared([][]float64{{90, 50, 3}, {80, 40, 2}}, PoolRest)
			return basis(r.Basis, err)
		}(), "sparse cells merged into others: 1"},
		{"a class is new", func() Basis {
			r, err := PSI([]float64{90, 0}, []float64{80, 9}, 0.5)
			return basis(r.Basis, err)
		}(), "cells empty on one side, given a small mass: 1"},
		{"pairs are equal", func() Basis {
			r, err := Wilcoxon([]float64{1, 2, 3}, []float64{1, 2, 4}, Auto)
			return basis(r.Basis, err)
		}(), "equal pairs, left out: 2"},
		{"two values cannot give 95 %", func() Basis {
			r, err := HodgesLehmann([]float64{1, 2}, []float64{3, 4}, .95)
			return basis(r.Basis, err)
		}(), "too few values, confidence reached is 0.6667"},
		{"requests moved over the last edge", func() Basis {
			r, err := WassersteinCells([]float64{1, 2}, []float64{0, 9, 1}, []float64{0, 8, 2})
			return basis(r.Basis, err)
		}(), "shares beyond the outermost edges differ by 0.1, which no distance can count"},
		{"p99 lies over the last edge", func() Basis {
			r, err := CellQuantile([]float64{1, 2}, []float64{0, 9, 1}, .99)
			return basis(r.Basis, err)
		}(), "the quantile is beyond the outermost edge, where a share of 0.1 lies"},
		{"scrapes without candidate traffic", func() Basis {
			r, err := CMH([]Stratum{{Proportion{5, 100}, Proportion{0, 0}}, {Proportion{90, 200}, Proportion{80, 200}}})
			return basis(r.Basis, err)
		}(), "strata without information, skipped: 1"},
	} {
		var lines []string
		for _, w := range c.got.Warnings {
			lines = append(lines, w.String())
		}
		if text := strings.Join(lines, "\n"); !strings.Contains(text, c.want) {
			t.Errorf("%s: warnings\n%s\nwant %q", c.name, text, c.want)
		}
	}
}

func TestCleanData_RaiseNoWarning(t *testing.T) {
	t.Parallel()
	x, y := lognormal(4000, 0, 1), lognormal(4000, 0, 2)
	r, err := MannWhitney(x, y, Auto)
	if err != nil || len(r.Warnings) > 0 {
		t.Errorf("Mann-Whitney: %v, %v", r.Warnings, err)
	}
	k, err := KolmogorovSmirnov(x, y, Auto)
	if err != nil || len(k.Warnings) > 0 {
		t.Errorf("KS: %v, %v", k.Warnings, err)
	}
	p, err := TwoProportions(Proportion{50, 1000}, Proportion{70, 1000})
	if err != nil || len(p.Warnings) > 0 {
		t.Errorf("proportions: %v, %v", p.Warnings, err)
	}
}

func TestWhatCannotBeKnown_IsAnErrorThatSaysWhy(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	failed := func(_ any, err error) error { return err }
	for _, c := range []struct {
		name string
		err  error
		kind error
		text string
	}{
		{"one value has no variance", failed(Welch([]float64{1}, []float64{1, 2, 3})), ErrTooFew, "welch: too few values: have 1 and 3, need 2 each"},
		{"constant arms have no scale", failed(Welch([]float64{.1, .1, .1}, []float64{.2, .2})), ErrNoSpread, "welch: the values do not vary"},
		{"only NaN came", failed(MannWhitney([]float64{nan, nan}, []float64{1}, Auto)), ErrTooFew, "have 0 and 1"},
		{"pairs of different length", failed(Wilcoxon([]float64{1}, nil, Auto)), ErrShape, "1 and 0 values are not pairs"},
		{"one group is no comparison", failed(ANOVA([]float64{1, 2})), ErrTooFew, "have 1 groups"},
		{"a count is negative", failed(PSI([]float64{1, -2}, []float64{1, 1}, 0)), ErrCounts, "cell 2 is -2"},
		{"an arm without counts", failed(JensenShannon([]float64{0, 0}, []float64{1, 1}, Nats)), ErrCounts, "not all zero"},
		{"psi of a new class", failed(PSI([]float64{1, 0}, []float64{1, 1}, 0)), ErrEmptyCell, "a cell is empty on one side only"},
		{"cells do not fit the edges", failed(WassersteinCells([]float64{1, 2}, []float64{1, 2}, []float64{1, 2})), ErrShape, "2 edges need 3 cells, have 2"},
		{"edges fall", failed(KolmogorovCells([]float64{2, 1}, []float64{1, 2, 3}, []float64{1, 2, 3})), ErrShape, "edge 2 is 1"},
		{"an infinite edge", failed(CellQuantile([]float64{1, math.Inf(1)}, []float64{1, 2, 3}, .5)), ErrShape, "edge 2 is +Inf"},
		{"more errors than requests", failed(TwoProportions(Proportion{3, 2}, Proportion{1, 2})), ErrCounts, "3 of 2"},
		{"no requests", failed(TwoProportions(Proportion{0, 0}, Proportion{1, 2})), ErrTooFew, "n is 0"},
		{"nothing but a total", failed(ChiSquared([][]float64{{5, 0}, {7, 0}}, KeepSparse)), ErrTooFew, "1 cells left"},
		{"a p-value above 1", failed(BenjaminiHochberg([]float64{.5, 1.2})), ErrLevel, "p 2 is 1.2"},
		{"a confidence of 95", failed(HodgesLehmann([]float64{1}, []float64{1}, 95)), ErrLevel, "confidence 95"},
		{"values at the end of the scale", failed(Wasserstein([]float64{math.MaxFloat64}, []float64{-math.MaxFloat64})), ErrRange, "outside the range"},
		{"a table of ten billion", failed(Fisher([2][2]int{{5e9, 5e9}, {1, 1}})), ErrTooLarge, "too large"},
		{"no difference to plan for", failed(ProportionsSampleSize(.1, .1, Design{.05, .8, 1})), ErrLevel, "must be different"},
	} {
		if !errors.Is(c.err, c.kind) || !strings.Contains(c.err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, c.err, c.kind, c.text)
		}
	}
}

func TestAllValuesEqual_IsNoEvidenceOfAChange(t *testing.T) {
	t.Parallel()
	x, y := []float64{3, 3, 3}, []float64{3, 3}
	u, errU := MannWhitney(x, y, Auto)
	k, errK := KolmogorovSmirnov(x, y, Auto)
	h, errH := KruskalWallis(x, y)
	p, errP := TwoProportions(Proportion{0, 9}, Proportion{0, 4})
	if err := errors.Join(errU, errK, errH, errP); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]float64{"Mann-Whitney": u.P, "KS": k.P, "Kruskal-Wallis": h.P, "proportions": p.P} {
		if v != 1 {
			t.Errorf("%s: p %g, want 1", name, v)
		}
	}
}

func TestArguments_AreNotWritten(t *testing.T) {
	t.Parallel()
	x, y := []float64{3, math.NaN(), 1, 2, 9}, []float64{8, 5, 5, math.Inf(1), 0}
	wantX, wantY := append([]float64(nil), x...), append([]float64(nil), y...)
	_, _ = Welch(x, y)
	_, _ = MannWhitney(x, y, Auto)
	_, _ = Wilcoxon(x, y, Auto)
	_, _ = KruskalWallis(x, y)
	_, _ = Quantiles(x, .5)
	_, _ = WassersteinWeighted(x, y, y, x)
	_, _ = ChiSquared([][]float64{x[2:], y[2:]}, PoolRest)
	for i := range x {
		if math.Float64bits(x[i]) != math.Float64bits(wantX[i]) || math.Float64bits(y[i]) != math.Float64bits(wantY[i]) {
			t.Fatalf("value %d changed: %v, %v", i, x, y)
		}
	}
}
