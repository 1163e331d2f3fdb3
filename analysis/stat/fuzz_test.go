package stat

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"testing"
)

// samplesFrom turns any bytes into two samples of any bit patterns.
func samplesFrom(data []byte) (x, y []float64) {
	for i := 0; i+8 <= len(data) && i < 8*400; i += 8 {
		v := math.Float64frombits(binary.LittleEndian.Uint64(data[i:]))
		if i%24 == 0 {
			x = append(x, v)
		} else {
			y = append(y, v)
		}
	}
	return x, y
}

// allFinite walks a result and fails on NaN, an infinity, or a p-value outside [0, 1].
func allFinite(t *testing.T, name string, result any, err error) {
	t.Helper()
	if err != nil {
		if !reflect.ValueOf(result).IsZero() {
			t.Fatalf("%s: an error (%v) with a result %+v", name, err, result)
		}
		return
	}
	walkFinite(t, name, reflect.ValueOf(result))
}

func walkFinite(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Float64:
		if !isFinite(v.Float()) {
			t.Fatalf("%s is %g", name, v.Float())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			walkFinite(t, name+"."+f.Name, v.Field(i))
			if f.Name == "P" && (v.Field(i).Float() < 0 || v.Field(i).Float() > 1) {
				t.Fatalf("%s.P is %g", name, v.Field(i).Float())
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkFinite(t, name, v.Index(i))
		}
	default:
	}
}

func seeds(f *testing.F) {
	f.Add([]byte{})
	for _, values := range [][]float64{
		{1, 2, 3, 4, 5, 6},
		{1, 1, 1, 1, 1, 1},
		{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1},
		{math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64, 1, 2},
		{5e-324, 0, -5e-324, 1e-300, 2e-300, 3},
		{1e9, 1e9 + 1e-6, 1e9, 1e9, 1e9 + 2e-6, 1e9},
	} {
		data, err := binary.Append(nil, binary.LittleEndian, values)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append(data, data...))
	}
}

func FuzzSamples_NeverGiveNaNNorPanic(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		x, y := samplesFrom(data)
		w, err := Welch(x, y)
		allFinite(t, "welch", w, err)
		if err == nil {
			if lo, hi, err := w.Interval(.95); err == nil && !(lo <= hi) {
				t.Fatalf("welch interval %g to %g", lo, hi)
			}
		}
		for _, m := range []Method{Auto, Exact, Asymptotic} {
			u, err := MannWhitney(x, y, m)
			allFinite(t, "mann-whitney", u, err)
			k, err := KolmogorovSmirnov(x, y, m)
			allFinite(t, "ks", k, err)
			s, err := Wilcoxon(x[:min(len(x), len(y))], y[:min(len(x), len(y))], m)
			allFinite(t, "wilcoxon", s, err)
		}
		h, err := HodgesLehmann(x, y, .95)
		allFinite(t, "hodges-lehmann", h, err)
		d, err := Wasserstein(x, y)
		allFinite(t, "w1", d, err)
		weighted, err := WassersteinWeighted(x, x, y, y)
		allFinite(t, "weighted w1", weighted, err)
		e, err := StandardizedDifference(x, y)
		allFinite(t, "cohen", e, err)
		c, err := CliffDelta(x, y)
		allFinite(t, "cliff", c, err)
		a, err := ANOVA(x, y, x)
		allFinite(t, "anova", a, err)
		r, err := KruskalWallis(x, y)
		allFinite(t, "kruskal", r, err)
		q, err := Quantiles(x, 0, .1, .5, 1)
		allFinite(t, "quantiles", q, err)
	})
}

// tame makes counts that pass the first checks, so that what lies behind is reached.
func tame(counts []float64) {
	for i, v := range counts {
		if counts[i] = math.Abs(v); !isFinite(v) {
			counts[i] = 0
		}
	}
}

func FuzzCounts_NeverGiveNaNNorPanic(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		a, b := samplesFrom(data)
		n := min(len(a), len(b))
		a, b = a[:n], b[:n]
		edges := slices.Clone(a[:max(0, n-1)])
		if len(data)%2 == 0 {
			tame(a)
			tame(b)
			slices.Sort(edges)
		}
		for _, p := range []Pooling{KeepSparse, PoolNeighbours, PoolRest} {
			r, err := ChiSquared([][]float64{a, b}, p)
			allFinite(t, "chi-squared", r, err)
			r, err = GoodnessOfFit(a, b, p)
			allFinite(t, "goodness of fit", r, err)
		}
		for _, empty := range []float64{0, .5, 1e-4} {
			r, err := PSI(a, b, empty)
			allFinite(t, "psi", r, err)
			r, err = KullbackLeibler(a, b, Bits, empty)
			allFinite(t, "kl", r, err)
		}
		for name, f := range map[string]func(a, b []float64) (DivergenceResult, error){
			"js":        func(a, b []float64) (DivergenceResult, error) { return JensenShannon(a, b, Nats) },
			"hellinger": Hellinger, "tv": TotalVariation,
		} {
			r, err := f(a, b)
			allFinite(t, name, r, err)
		}
		w, err := WassersteinCells(edges, a, b)
		allFinite(t, "w1 cells", w, err)
		k, err := KolmogorovCells(edges, a, b)
		allFinite(t, "ks cells", k, err)
		fuzzProportions(t, a, b)
	})
}

func fuzzProportions(t *testing.T, a, b []float64) {
	t.Helper()
	var strata []Stratum
	for i := 0; i+1 < len(a); i += 2 {
		s := Stratum{A: Proportion{a[i], a[i+1]}, B: Proportion{b[i], b[i+1]}}
		strata = append(strata, s)
		r, err := TwoProportions(s.A, s.B)
		allFinite(t, "two proportions", r, err)
		lo, hi, err := Wilson(s.A, .99)
		if err == nil && !(0 <= lo && lo <= hi && hi <= 1) {
			t.Fatalf("wilson of %v: %g to %g", s.A, lo, hi)
		}
		fisher, err := Fisher([2][2]int{{int(int32(a[i])), int(int32(a[i+1]))}, {int(int32(b[i])), int(int32(b[i+1]))}})
		allFinite(t, "fisher", fisher, err)
		d := Design{Alpha: a[i], Power: b[i], Ratio: a[i+1]}
		size, err := ProportionsSampleSize(b[i+1], a[i], d)
		allFinite(t, "sample size", size, err)
		size, err = MeansSampleSize(b[i+1], d)
		allFinite(t, "sample size", size, err)
		power, err := MeansPower(a[i], SampleSize{b[i], b[i+1]}, .05)
		allFinite(t, "power", power, err)
		quantile, err := CellQuantile(a[:1], b[i:i+2], a[i+1])
		allFinite(t, "cell quantile", quantile, err)
	}
	r, err := CMH(strata)
	allFinite(t, "cmh", r, err)
	if err == nil {
		ratio, err := r.RateRatio()
		allFinite(t, "rate ratio", ratio, err)
		ratio, err = r.OddsRatio()
		allFinite(t, "odds ratio", ratio, err)
	}
	adjusted, err := BenjaminiHochberg(a)
	allFinite(t, "bh", adjusted, err)
}
