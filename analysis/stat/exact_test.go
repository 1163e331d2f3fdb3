package stat

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// arrangements visits every way to deal 0..m+n-1 into m and n values.
func arrangements(m, n int, visit func(x, y []float64)) {
	for set := range 1 << (m + n) {
		if bits.OnesCount(uint(set)) != m {
			continue
		}
		var x, y []float64
		for v := range m + n {
			if set>>v&1 == 1 {
				x = append(x, float64(v))
			} else {
				y = append(y, float64(v))
			}
		}
		visit(x, y)
	}
}

func TestExactRankTests_CountEveryArrangement(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1, 1}, {1, 5}, {3, 4}, {5, 5}, {6, 3}, {4, 7}} {
		m, n := size[0], size[1]
		var us, ds []float64
		arrangements(m, n, func(x, y []float64) {
			u, errU := MannWhitney(x, y, Exact)
			k, errK := KolmogorovSmirnov(x, y, Exact)
			if errU != nil || errK != nil || u.Method != Exact || k.Method != Exact {
				t.Fatal(errU, errK, u.Method, k.Method)
			}
			us, ds = append(us, math.Abs(u.U-float64(m*n)/2)), append(ds, k.D)
		})
		arrangements(m, n, func(x, y []float64) {
			u, _ := MannWhitney(x, y, Exact)
			k, _ := KolmogorovSmirnov(x, y, Exact)
			if want := shareFrom(us, math.Abs(u.U-float64(m*n)/2)); !near(u.P, want, 1e-12) {
				t.Fatalf("%v v %v: Mann-Whitney p %g, counted %g", x, y, u.P, want)
			}
			if want := shareFrom(ds, k.D); !near(k.P, want, 1e-12) {
				t.Fatalf("%v v %v: KS p %g, counted %g", x, y, k.P, want)
			}
		})
	}
}

// shareFrom is the share of values at or above a limit.
func shareFrom(all []float64, limit float64) float64 {
	n := 0
	for _, v := range all {
		if v >= limit-1e-12 {
			n++
		}
	}
	return float64(n) / float64(len(all))
}

func TestExactWilcoxon_CountsEverySignPattern(t *testing.T) {
	t.Parallel()
	const n = 9
	middle := float64(n*(n+1)) / 4
	var far []float64
	pairs := func(set int) (x, y []float64) {
		for i := range n {
			x, y = append(x, float64((set>>i&1)*(i+1))), append(y, float64((1-set>>i&1)*(i+1)))
		}
		return x, y
	}
	for set := range 1 << n {
		sum := 0
		for i := range n {
			sum += (set >> i & 1) * (i + 1)
		}
		far = append(far, math.Abs(float64(sum)-middle))
	}
	for set := range 1 << n {
		x, y := pairs(set)
		r, err := Wilcoxon(x, y, Exact)
		if err != nil {
			t.Fatal(err)
		}
		if want := shareFrom(far, math.Abs(r.Plus-middle)); !near(r.P, want, 1e-12) {
			t.Fatalf("pattern %b: p %g, counted %g", set, r.P, want)
		}
	}
}

func TestHodgesLehmann_PicksOrderStatisticsOfTheDifferences(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := sixteenths(t, "x", 1), sixteenths(t, "y", 1)
		confidence := rapid.Float64Range(.5, .999).Draw(t, "confidence")
		r := must[ShiftResult](t)(HodgesLehmann(x, y, confidence))
		var all []float64
		for _, a := range x {
			for _, b := range y {
				all = append(all, a-b)
			}
		}
		slices.Sort(all)
		same(t, "median", r.Shift, (all[(len(all)-1)/2]+all[len(all)/2])/2)
		mirrored := slices.ContainsFunc(indexes(len(all)), func(k int) bool {
			return all[k] == r.Lo && all[len(all)-1-k] == r.Hi && k <= len(all)/2
		})
		if !mirrored || r.Lo > r.Shift || r.Shift > r.Hi {
			t.Fatalf("%+v of %v", r, all)
		}
		if r.Method == Exact && r.Confidence < confidence && !r.Has(ShortOfConfidence) {
			t.Fatalf("confidence %g for %g asked, unsaid", r.Confidence, confidence)
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestLargeSamples_AreWalkedInHalvesWithTheSameAnswer(t *testing.T) {
	t.Parallel()
	for _, round := range []float64{1e-3, 0.5, 1e-15} {
		x, y := lognormal(parallelFrom, 0, 3), lognormal(parallelFrom/3, 0.1, 4)
		for _, s := range [][]float64{x, y} {
			for i := range s {
				s[i] = math.Round(s[i]/round) * round
			}
		}
		p := newPair(x, y)
		whole := stretch{0, len(p.x), 0, len(p.y)}
		if got, want := p.ranks(), p.rankStretch(whole); got != want {
			t.Errorf("rounded to %g: ranks %+v, in one go %+v", round, got, want)
		}
		got, want := p.gaps(), p.gapStretch(whole)
		if !near(got.area, want.area, 1e-12) {
			t.Errorf("rounded to %g: area %g, in one go %g", round, got.area, want.area)
		}
		if got.area = want.area; got != want {
			t.Errorf("rounded to %g: gaps %+v, in one go %+v", round, got, want)
		}
	}
}

func TestNullOfU_SumsToAllArrangements(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1, 1}, {2, 9}, {10, 10}, {100, 100}, {1, 10000}, {25, 400}} {
		m, n := float64(size[0]), float64(size[1])
		choose := 1.0
		for i := 1.0; i <= m; i++ {
			choose *= (n + i) / i
		}
		null := nullU(size[0], size[1])
		if !near(null.total, choose, 1e-10) {
			t.Errorf("%v: %g arrangements, want %g", size, null.total, choose)
		}
		if slices.Min(null.weights) <= 0 {
			t.Errorf("%v: a possible U has no arrangement", size)
		}
	}
}
