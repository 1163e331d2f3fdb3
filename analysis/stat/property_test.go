package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// sixteenths draws samples that add, shift and double without rounding, with ties.
func sixteenths(t *rapid.T, name string, least int) []float64 {
	n := rapid.IntRange(least, 40).Draw(t, name+" n")
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(rapid.IntRange(-300, 300).Draw(t, name)) / 16
	}
	return x
}

// rowsOf draws two rows of counts over the same cells, neither all zero.
func rowsOf(t *rapid.T) (a, b []float64) {
	k := rapid.IntRange(2, 12).Draw(t, "cells")
	a, b = make([]float64, k), make([]float64, k)
	for i := range k {
		a[i] = float64(rapid.IntRange(0, 50).Draw(t, "a"))
		b[i] = float64(rapid.IntRange(0, 50).Draw(t, "b"))
	}
	a[0]++
	b[k-1]++
	return a, b
}

func must[R any](t *rapid.T) func(R, error) R {
	return func(r R, err error) R {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}

func same(t *rapid.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
		t.Fatalf("%s: %.17g, want %.17g", what, got, want)
	}
}

func moved(x []float64, scale, shift float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = scale*v + shift
	}
	return y
}

func TestSwappingTheSamples_MirrorsEveryAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := sixteenths(t, "x", 1), sixteenths(t, "y", 1)
		u, v := must[MannWhitneyResult](t)(MannWhitney(x, y, Auto)), must[MannWhitneyResult](t)(MannWhitney(y, x, Auto))
		same(t, "U + U'", u.U+v.U, float64(len(x)*len(y)))
		same(t, "z", u.Z, -v.Z)
		same(t, "p", u.P, v.P)
		d, e := must[CliffResult](t)(CliffDelta(x, y)), must[CliffResult](t)(CliffDelta(y, x))
		same(t, "delta", d.Delta, -e.Delta)
		same(t, "2 superiority - 1", 2*u.Superiority-1, d.Delta)
		k, l := must[KolmogorovResult](t)(KolmogorovSmirnov(x, y, Auto)), must[KolmogorovResult](t)(KolmogorovSmirnov(y, x, Auto))
		same(t, "D", k.D, l.D)
		same(t, "KS p", k.P, l.P)
		if k.Sign != -l.Sign || k.At != l.At {
			t.Fatalf("KS place %v and %v", k, l)
		}
		w, z := must[WassersteinResult](t)(Wasserstein(x, y)), must[WassersteinResult](t)(Wasserstein(y, x))
		same(t, "W1", w.Distance, z.Distance)
		h, i := must[ShiftResult](t)(HodgesLehmann(x, y, .95)), must[ShiftResult](t)(HodgesLehmann(y, x, .95))
		same(t, "shift", h.Shift, -i.Shift)
		same(t, "lo", h.Lo, -i.Hi)
	})
}

func TestSwappingTheRows_MirrorsEveryDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rowsOf(t)
		for name, f := range map[string]func(a, b []float64) (DivergenceResult, error){
			"psi":       func(a, b []float64) (DivergenceResult, error) { return PSI(a, b, .5) },
			"js":        func(a, b []float64) (DivergenceResult, error) { return JensenShannon(a, b, Bits) },
			"hellinger": Hellinger,
			"tv":        TotalVariation,
		} {
			forth, back := must[DivergenceResult](t)(f(a, b)), must[DivergenceResult](t)(f(b, a))
			same(t, name, forth.Value, back.Value)
			same(t, name+" of a row and its double", must[DivergenceResult](t)(f(a, moved(a, 2, 0))).Value, 0)
		}
	})
}

func TestDistances_StayInsideTheirBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rowsOf(t)
		h := must[DivergenceResult](t)(Hellinger(a, b)).Value
		tv := must[DivergenceResult](t)(TotalVariation(a, b)).Value
		js := must[DivergenceResult](t)(JensenShannon(a, b, Bits)).Value
		nats := must[DivergenceResult](t)(JensenShannon(a, b, Nats)).Value
		psi := must[DivergenceResult](t)(PSI(a, b, .5)).Value
		forth := must[DivergenceResult](t)(KullbackLeibler(a, b, Nats, .5)).Value
		same(t, "bits to nats", js*math.Sqrt(math.Ln2), nats)
		const slack = 1e-12
		if h*h > tv+slack || tv > h*math.Sqrt2+slack || js > 1 || tv > 1 || psi < 0 || forth < 0 {
			t.Fatalf("h %g tv %g js %g psi %g kl %g", h, tv, js, psi, forth)
		}
		if nats*nats > tv*math.Ln2+slack {
			t.Fatalf("js^2 %g above tv ln 2, tv %g", nats*nats, tv)
		}
	})
}

func TestRankTests_SeeOrderOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := sixteenths(t, "x", 1), sixteenths(t, "y", 1)
		scale, shift := math.Ldexp(1, rapid.IntRange(-3, 9).Draw(t, "scale")), float64(rapid.IntRange(-99, 99).Draw(t, "shift"))
		mx, my := moved(x, scale, shift), moved(y, scale, shift)
		same(t, "U", must[MannWhitneyResult](t)(MannWhitney(mx, my, Auto)).U, must[MannWhitneyResult](t)(MannWhitney(x, y, Auto)).U)
		same(t, "D", must[KolmogorovResult](t)(KolmogorovSmirnov(mx, my, Auto)).D, must[KolmogorovResult](t)(KolmogorovSmirnov(x, y, Auto)).D)
		same(t, "W1", must[WassersteinResult](t)(Wasserstein(mx, my)).Distance, scale*must[WassersteinResult](t)(Wasserstein(x, y)).Distance)
		same(t, "shift", must[ShiftResult](t)(HodgesLehmann(mx, my, .9)).Hi, scale*must[ShiftResult](t)(HodgesLehmann(x, y, .9)).Hi)
		same(t, "H", must[KruskalResult](t)(KruskalWallis(mx, my)).H, must[KruskalResult](t)(KruskalWallis(x, y)).H)
	})
}

func TestWelchAndEffectSizes_IgnoreUnitAndOrigin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := append(sixteenths(t, "x", 2), 0, 1), append(sixteenths(t, "y", 2), 0, 1)
		scale, shift := math.Ldexp(1, rapid.IntRange(-3, 9).Draw(t, "scale")), float64(rapid.IntRange(-99, 99).Draw(t, "shift"))
		mx, my := moved(x, scale, shift), moved(y, scale, shift)
		w, v := must[WelchResult](t)(Welch(x, y)), must[WelchResult](t)(Welch(mx, my))
		same(t, "t", v.T, w.T)
		same(t, "df", v.DF, w.DF)
		same(t, "difference", v.Difference, scale*w.Difference)
		if w.DF < min(w.N[0], w.N[1])-1-1e-9 || w.DF > w.N[0]+w.N[1]-2+1e-9 {
			t.Fatalf("df %g of n %v", w.DF, w.N)
		}
		d, e := must[StandardizedResult](t)(StandardizedDifference(x, y)), must[StandardizedResult](t)(StandardizedDifference(mx, my))
		same(t, "d", e.CohenD, d.CohenD)
		f, g := must[ANOVAResult](t)(ANOVA(x, y, moved(y, 1, 3))), must[ANOVAResult](t)(ANOVA(mx, my, moved(my, 1, 3*scale)))
		same(t, "F", g.F, f.F)
	})
}

func TestTwoGroups_TieTheTestsTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := append(sixteenths(t, "x", 2), 0, 1), append(sixteenths(t, "y", 2), 0, 1)
		d := must[StandardizedResult](t)(StandardizedDifference(x, y))
		m, n := d.N[0], d.N[1]
		same(t, "F is the square of the pooled t", must[ANOVAResult](t)(ANOVA(x, y)).F, d.CohenD*d.CohenD*m*n/(m+n))
		ranks := newPair(x, y).ranks()
		z := (float64(ranks.twiceU)/2 - m*n/2) / rankSigma(m, n, ranks.cubes)
		same(t, "H is the square of the rank z", must[KruskalResult](t)(KruskalWallis(x, y)).H, z*z)
	})
}

func TestTwoByTwo_TiesTheTestsTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SliceOfN(rapid.IntRange(1, 60), 4, 4).Draw(t, "cells")
		a := Proportion{float64(n[0]), float64(n[0] + n[1])}
		b := Proportion{float64(n[2]), float64(n[2] + n[3])}
		z := must[TwoProportionsResult](t)(TwoProportions(a, b)).Z
		chi := must[ChiSquaredResult](t)(ChiSquared([][]float64{{a.Hits, a.N - a.Hits}, {b.Hits, b.N - b.Hits}}, KeepSparse))
		same(t, "chi-squared is z squared", chi.X2, z*z)
		cmh := must[CMHResult](t)(CMH([]Stratum{{a, b}}))
		total := a.N + b.N
		same(t, "one stratum", cmh.Z*cmh.Z, chi.X2*(total-1)/total)
		f := must[FisherResult](t)(Fisher([2][2]int{{n[0], n[1]}, {n[2], n[3]}}))
		turned := must[FisherResult](t)(Fisher([2][2]int{{n[0], n[2]}, {n[1], n[3]}}))
		swapped := must[FisherResult](t)(Fisher([2][2]int{{n[2], n[3]}, {n[0], n[1]}}))
		same(t, "fisher turned", turned.P, f.P)
		same(t, "fisher swapped", swapped.P, f.P)
		lo, hi, err := Wilson(a, .95)
		if err != nil || lo > a.Share() || hi < a.Share() || lo < 0 || hi > 1 {
			t.Fatalf("wilson %g to %g around %g: %v", lo, hi, a.Share(), err)
		}
	})
}

func TestWasserstein_IsADistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y, z := sixteenths(t, "x", 1), sixteenths(t, "y", 1), sixteenths(t, "z", 1)
		w := func(a, b []float64) float64 { return must[WassersteinResult](t)(Wasserstein(a, b)).Distance }
		if w(x, z) > w(x, y)+w(y, z)+1e-9 {
			t.Fatalf("detour %g + %g is shorter than %g", w(x, y), w(y, z), w(x, z))
		}
		same(t, "to itself", w(x, x), 0)
		same(t, "shifted", w(x, moved(x, 1, -2.5)), 2.5)
		ones := func(n int) []float64 { return slices.Repeat([]float64{3}, n) }
		weighted := must[WassersteinResult](t)(WassersteinWeighted(x, ones(len(x)), y, ones(len(y))))
		same(t, "equal weights", weighted.Distance, w(x, y))
	})
}

func TestWassersteinCells_ComesNearTheRawDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := sixteenths(t, "x", 1), sixteenths(t, "y", 1)
		var edges []float64
		for e := -20.0; e <= 20; e += 0.25 {
			edges = append(edges, e)
		}
		cells := must[WassersteinResult](t)(WassersteinCells(edges, cellsOf(edges, x), cellsOf(edges, y)))
		if raw := must[WassersteinResult](t)(Wasserstein(x, y)).Distance; math.Abs(cells.Distance-raw) > 0.25 {
			t.Fatalf("cells %g, raw %g", cells.Distance, raw)
		}
		if cells.Has(Unplaced) {
			t.Fatal("everything lies between the edges")
		}
		d := must[KolmogorovResult](t)(KolmogorovCells(edges, cellsOf(edges, x), cellsOf(edges, y)))
		if raw := must[KolmogorovResult](t)(KolmogorovSmirnov(x, y, Asymptotic)); d.D > raw.D+1e-9 {
			t.Fatalf("cells see %g, more than the raw %g", d.D, raw.D)
		}
	})
}

func cellsOf(edges, x []float64) []float64 {
	counts := make([]float64, len(edges)+1)
	for _, v := range x {
		k, _ := slices.BinarySearch(edges, v)
		counts[k]++
	}
	return counts
}

func TestCellQuantile_HoldsTheQuantileOfTheValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := sixteenths(t, "x", 1)
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		edges := []float64{-10, -3, 0, .5, 7}
		c := must[QuantileCell](t)(CellQuantile(edges, cellsOf(edges, x), q))
		slices.Sort(x)
		v := x[max(0, int(math.Ceil(q*float64(len(x))))-1)]
		if !c.OpenBelow && v <= c.Lo || !c.OpenAbove && v > c.Hi {
			t.Fatalf("%g is outside %+v", v, c)
		}
		if c.OpenBelow && v > c.Hi || c.OpenAbove && v <= c.Lo {
			t.Fatalf("%g is outside the open cell %+v", v, c)
		}
		values := must[QuantileResult](t)(Quantiles(x, 0, q, 1)).Values
		if values[0] != x[0] || values[2] != x[len(x)-1] || values[1] < values[0] || values[1] > values[2] {
			t.Fatalf("quantiles %v of %v", values, x)
		}
	})
}

func TestBenjaminiHochberg_NeverLowersAPValueNorTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "p")
		adjusted, err := BenjaminiHochberg(p)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p {
			if adjusted[i] < p[i] || adjusted[i] > 1 {
				t.Fatalf("%g became %g", p[i], adjusted[i])
			}
			for j := range p {
				if p[i] < p[j] && adjusted[i] > adjusted[j] {
					t.Fatalf("%g, %g became %g, %g", p[i], p[j], adjusted[i], adjusted[j])
				}
			}
		}
	})
}

func TestSampleSize_HasThePowerItWasPlannedFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := Design{
			Alpha: rapid.Float64Range(1e-6, .2).Draw(t, "alpha"),
			Power: rapid.Float64Range(.3, .999).Draw(t, "power"),
			Ratio: rapid.Float64Range(.01, 100).Draw(t, "ratio"),
		}
		p := rapid.Float64Range(.001, .4).Draw(t, "p")
		n := must[SampleSize](t)(ProportionsSampleSize(p, 2*p, d))
		same(t, "proportions", must[float64](t)(ProportionsPower(p, 2*p, n, d.Alpha)), d.Power)
		effect := rapid.Float64Range(.01, 3).Draw(t, "effect")
		n = must[SampleSize](t)(MeansSampleSize(effect, d))
		same(t, "means", must[float64](t)(MeansPower(-effect, n, d.Alpha)), d.Power)
	})
}

func TestPooling_KeepsEveryCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rowsOf(t)
		for _, pooling := range []Pooling{PoolNeighbours, PoolRest} {
			pooled, basis, err := Pool([][]float64{a, b}, pooling)
			if err != nil {
				t.Fatal(err)
			}
			total := sum(a) + sum(b)
			if !slices.Equal(basis.N, []float64{sum(a), sum(b)}) || sum(pooled[0]) != sum(a) || sum(pooled[1]) != sum(b) {
				t.Fatalf("%v and %v became %v", a, b, pooled)
			}
			for c := range pooled[0] {
				expected := (pooled[0][c] + pooled[1][c]) / total * min(sum(a), sum(b))
				if len(pooled[0]) > 1 && expected < sparse-1e-9 && max(pooled[0][c], pooled[1][c]) < sparse {
					t.Fatalf("a cell that expects %g is left of %v", expected, pooled)
				}
			}
		}
	})
}

func TestSort_OrdersWhateverComes(t *testing.T) {
	t.Parallel()
	shapes := map[string]func(r *rand.Rand, i int) uint64{
		"any bits":  func(r *rand.Rand, _ int) uint64 { return r.Uint64() },
		"all equal": func(*rand.Rand, int) uint64 { return 7 },
		"near equal, one far": func(r *rand.Rand, i int) uint64 {
			if i == 0 {
				return 1 << 63
			}
			return r.Uint64N(1 << 20)
		},
		"descending, one far":    func(_ *rand.Rand, i int) uint64 { return uint64(i/9999)<<60 + uint64(20000-i) },
		"few values":             func(r *rand.Rand, _ int) uint64 { return keyOf(float64(r.IntN(5))) },
		"both signs, 80 decades": func(r *rand.Rand, _ int) uint64 { return keyOf(r.NormFloat64() * math.Exp(90*r.NormFloat64())) },
	}
	for name, draw := range shapes {
		r := rand.New(rand.NewPCG(1, 2))
		a := make([]uint64, 10_000)
		for i := range a {
			a[i] = draw(r, i)
		}
		want := slices.Sorted(slices.Values(a))
		if got := sortKeys(a); !slices.Equal(got, want) {
			t.Errorf("%s: not sorted", name)
		}
	}
}

func TestKeys_KeepOrderAndValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64().Draw(t, "a"), rapid.Float64().Draw(t, "b")
		if (a < b) != (keyOf(a) < keyOf(b)) || (a == b) != (keyOf(a) == keyOf(b)) || valueOf(keyOf(a)) != a {
			t.Fatalf("%g and %g have keys %x and %x", a, b, keyOf(a), keyOf(b))
		}
	})
}
