package stat

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// given is what a case of testdata/stat/reference.json may hold.
type given struct {
	X, Y, WX, WY, Q, P, A, B, Edges []float64
	Observed, Weights               []float64
	Groups, Rows                    [][]float64
	Table                           [2][2]int
	Hits, N, Confidence             float64
}

// compute gives what a test of the table is called here, by the table's names.
var compute = map[string]func(g given) (map[string]float64, error){
	"welch": func(g given) (map[string]float64, error) {
		r, err := Welch(g.X, g.Y)
		if err != nil {
			return nil, err
		}
		lo, hi, err := r.Interval(0.95)
		return map[string]float64{"t": r.T, "df": r.DF, "p": r.P, "lo": lo, "hi": hi}, err
	},
	"mann-whitney asymptotic": func(g given) (map[string]float64, error) {
		r, err := MannWhitney(g.X, g.Y, Asymptotic)
		return map[string]float64{"u": r.U, "p": r.P}, err
	},
	"mann-whitney exact": func(g given) (map[string]float64, error) {
		r, err := MannWhitney(g.X, g.Y, Exact)
		return map[string]float64{"u": r.U, "p": r.P}, err
	},
	"ks exact": func(g given) (map[string]float64, error) {
		r, err := KolmogorovSmirnov(g.X, g.Y, Exact)
		return map[string]float64{"d": r.D, "p": r.P, "at": r.At, "sign": float64(r.Sign)}, err
	},
	"ks asymptotic": func(g given) (map[string]float64, error) {
		r, err := KolmogorovSmirnov(g.X, g.Y, Asymptotic)
		return map[string]float64{"d": r.D, "p": r.P}, err
	},
	"cliff": func(g given) (map[string]float64, error) {
		r, err := CliffDelta(g.X, g.Y)
		return map[string]float64{"delta": r.Delta}, err
	},
	"hodges-lehmann": func(g given) (map[string]float64, error) {
		r, err := HodgesLehmann(g.X, g.Y, 0.95)
		return map[string]float64{"shift": r.Shift}, err
	},
	"wasserstein": func(g given) (map[string]float64, error) {
		r, err := Wasserstein(g.X, g.Y)
		return map[string]float64{"w1": r.Distance}, err
	},
	"wasserstein weighted": func(g given) (map[string]float64, error) {
		r, err := WassersteinWeighted(g.X, g.WX, g.Y, g.WY)
		return map[string]float64{"w1": r.Distance}, err
	},
	"wasserstein cells": func(g given) (map[string]float64, error) {
		r, err := WassersteinCells(g.Edges, g.A, g.B)
		return map[string]float64{"w1": r.Distance}, err
	},
	"cohen": func(g given) (map[string]float64, error) {
		r, err := StandardizedDifference(g.X, g.Y)
		return map[string]float64{"d": r.CohenD}, err
	},
	"quantiles": func(g given) (map[string]float64, error) {
		r, err := Quantiles(g.X, g.Q...)
		got := map[string]float64{}
		for i, v := range r.Values {
			got[fmt.Sprintf("%g", g.Q[i])] = v
		}
		return got, err
	},
	"wilcoxon exact": func(g given) (map[string]float64, error) {
		r, err := Wilcoxon(g.X, g.Y, Exact)
		return map[string]float64{"w": min(r.Plus, r.Minus), "p": r.P}, err
	},
	"wilcoxon asymptotic": func(g given) (map[string]float64, error) {
		r, err := Wilcoxon(g.X, g.Y, Asymptotic)
		return map[string]float64{"w": min(r.Plus, r.Minus), "p": r.P}, err
	},
	"anova": func(g given) (map[string]float64, error) {
		r, err := ANOVA(g.Groups...)
		return map[string]float64{"f": r.F, "p": r.P}, err
	},
	"kruskal": func(g given) (map[string]float64, error) {
		r, err := KruskalWallis(g.Groups...)
		return map[string]float64{"h": r.H, "p": r.P}, err
	},
	"chi-squared": func(g given) (map[string]float64, error) {
		r, err := ChiSquared(g.Rows, KeepSparse)
		return map[string]float64{"x2": r.X2, "p": r.P, "df": r.DF}, err
	},
	"goodness of fit": func(g given) (map[string]float64, error) {
		r, err := GoodnessOfFit(g.Observed, g.Weights, KeepSparse)
		return map[string]float64{"x2": r.X2, "p": r.P}, err
	},
	"fisher": func(g given) (map[string]float64, error) {
		r, err := Fisher(g.Table)
		return map[string]float64{"p": r.P}, err
	},
	"wilson": func(g given) (map[string]float64, error) {
		lo, hi, err := Wilson(Proportion{g.Hits, g.N}, g.Confidence)
		return map[string]float64{"lo": lo, "hi": hi}, err
	},
	"divergence": divergences,
	"benjamini-hochberg": func(g given) (map[string]float64, error) {
		adjusted, err := BenjaminiHochberg(g.P)
		got := map[string]float64{}
		for i, v := range adjusted {
			got[fmt.Sprint(i)] = v
		}
		return got, err
	},
}

func divergences(g given) (map[string]float64, error) {
	got := map[string]float64{}
	var err error
	note := func(name string) func(DivergenceResult, error) {
		return func(r DivergenceResult, e error) {
			if got[name] = r.Value; e != nil {
				err = e
			}
		}
	}
	note("psi")(PSI(g.A, g.B, 0))
	note("js_nats")(JensenShannon(g.A, g.B, Nats))
	note("js_bits")(JensenShannon(g.A, g.B, Bits))
	note("kl")(KullbackLeibler(g.A, g.B, Nats, 0))
	note("kl_bits")(KullbackLeibler(g.A, g.B, Bits, 0))
	note("hellinger")(Hellinger(g.A, g.B))
	note("tv")(TotalVariation(g.A, g.B))
	return got, err
}

// digits is how close to SciPy each test must come, relative; the incomplete beta
// and gamma functions of the two libraries agree to about 12 digits, and the cell
// reference is itself an integral by sampling.
func tolerance(test, key string) float64 {
	switch {
	case test == "wasserstein cells":
		return 1e-9
	case test == "wasserstein", test == "wasserstein weighted":
		return 1e-11
	case key == "p", key == "lo", key == "hi":
		return 1e-10
	default:
		return 1e-11
	}
}

func TestEveryTest_GivesTheDigitsOfSciPy(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../testdata/stat/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Cases []struct {
			Test  string
			Given given
			Want  map[string]float64
		}
	}
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for i, c := range table.Cases {
		seen[c.Test]++
		got, err := compute[c.Test](c.Given)
		if err != nil {
			t.Errorf("case %d, %s: %v", i, c.Test, err)
			continue
		}
		for key, want := range c.Want {
			if !near(got[key], want, tolerance(c.Test, key)) {
				t.Errorf("case %d, %s: %s = %.17g, SciPy says %.17g", i, c.Test, key, got[key], want)
			}
		}
	}
	for test := range compute {
		if seen[test] == 0 {
			t.Errorf("%s: no case in the table", test)
		}
	}
}

// near compares with a relative tolerance, and an absolute one around zero.
func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Abs(want)+1e-300 || math.Abs(got-want) <= tolerance*1e-3
}
