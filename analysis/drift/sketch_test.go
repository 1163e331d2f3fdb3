package drift

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func sketchOf(values ...float64) Sketch {
	var s Sketch
	for _, v := range values {
		s.Add(v)
	}
	return s
}

func TestSketch_KnowsQuantilesToOnePercent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			return rapid.Float64Range(-1, 1).Draw(t, "v") * math.Pow10(rapid.IntRange(-6, 9).Draw(t, "decade"))
		}), 1, 60).Draw(t, "values")
		s := sketchOf(values...)
		slices.Sort(values)
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		want := values[max(0, int(math.Ceil(q*float64(len(values))))-1)]
		got := s.Quantile(q)
		if !got.Known || math.Abs(got.V-want) > accuracy*math.Abs(want)*1.0001+2e-12 {
			t.Fatalf("quantile %g is %+v, want %g of %v", q, got, want, values)
		}
	})
}

func TestSketch_IsOffByOnePercentAtMostAlsoAtABucketsEdges(t *testing.T) {
	t.Parallel()
	for _, sign := range []float64{1, -1} {
		for _, edge := range []float64{bucketEdge(-267), bucketEdge(1), bucketEdge(700)} {
			for _, v := range []float64{sign * edge * (1 + 1e-9), sign * edge * (1 - 1e-9)} {
				s := sketchOf(-1e300, v, 1e300) // so that neither end of what came bounds the answer
				if got := s.Quantile(.5); math.Abs(got.V-v) > accuracy*math.Abs(v)*1.0001 {
					t.Errorf("%g is told as %g, off by %.4f %%", v, got.V, 100*math.Abs(got.V-v)/math.Abs(v))
				}
			}
		}
	}
}

func TestSketch_MergesLikeOneStream(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Float64()).Draw(t, "values")
		cut := rapid.IntRange(0, len(values)).Draw(t, "cut")
		whole, front, back := sketchOf(values...), sketchOf(values[:cut]...), sketchOf(values[cut:]...)
		other := sketchOf(values[cut:]...)
		front.Merge(back)
		other.Merge(sketchOf(values[:cut]...))
		for _, s := range []*Sketch{&whole, &front, &other} {
			s.sum = 0 // sums are equal but for rounding
		}
		if !reflect.DeepEqual(whole, front) || !reflect.DeepEqual(whole, other) {
			t.Fatalf("%+v, %+v and %+v", whole, front, other)
		}
	})
}

func TestSketch_TakesWhateverComes(t *testing.T) {
	t.Parallel()
	s := sketchOf(math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 5e-324, math.MaxFloat64, 3)
	if s.N() != 7 || s.missing != 1 || s.zero != 2 {
		t.Errorf("n %g, missing %g, zero %g", s.N(), s.missing, s.zero)
	}
	c := s.Cells([]float64{-1, 0, 1, 10})
	if err := c.Check(); err != nil || math.Abs(c.N()-7) > 1e-9 {
		t.Errorf("cells %+v: %v", c, err)
	}
	if empty := (Sketch{}).Quantile(.5); empty.Known {
		t.Errorf("an empty sketch has the median %g", empty.V)
	}
}

func TestSketch_LaysItsValuesIntoTheCellsOfAHistogram(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	edges := []float64{-3, -.5, 0, .2, 1, 4}
	var s Sketch
	values := make([]float64, 20_000)
	for i := range values {
		values[i] = r.NormFloat64() * math.Exp(r.NormFloat64())
		s.Add(values[i])
	}
	got, want := s.Cells(edges), binned(values, edges)
	if math.Abs(got.N()-20_000) > 1e-6 {
		t.Fatalf("n %g", got.N())
	}
	for k := range want.Counts {
		if math.Abs(got.Counts[k]-want.Counts[k]) > 0.01*20_000 {
			t.Errorf("cell %d holds %g, counted %g", k, got.Counts[k], want.Counts[k])
		}
	}
	if math.Abs(got.Sum.V-want.Sum.V) > 1e-6 {
		t.Errorf("sum %g, want %g", got.Sum.V, want.Sum.V)
	}
}
