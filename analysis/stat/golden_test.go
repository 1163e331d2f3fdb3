package stat

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

// sleep is R's data set of the extra hours of sleep under two drugs.
var sleep = [2][]float64{
	{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0},
	{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4},
}

// admissions is R's UCBAdmissions: men admitted and rejected, women admitted and
// rejected, by department.
var admissions = [][4]float64{
	{512, 313, 89, 19},
	{353, 207, 17, 8},
	{120, 205, 202, 391},
	{138, 279, 131, 244},
	{53, 138, 94, 299},
	{22, 351, 24, 317},
}

// golden is a published or twice computed number with the digits it was printed with.
type golden struct {
	name string
	got  func() (float64, error)
	want string
}

func TestGoldens_AgreeToThePrintedDigits(t *testing.T) {
	t.Parallel()
	for _, g := range goldens() {
		got, err := g.got()
		if err != nil {
			t.Errorf("%s: %v", g.name, err)
			continue
		}
		if text := printedLike(got, g.want); text != g.want {
			t.Errorf("%s = %s, want %s", g.name, text, g.want)
		}
	}
}

// printedLike formats a number with as many decimals as the golden shows.
func printedLike(v float64, want string) string {
	mantissa, exponent, scientific := strings.Cut(want, "e")
	_, decimals, _ := strings.Cut(mantissa, ".")
	if scientific {
		e, _ := strconv.Atoi(exponent)
		return strconv.FormatFloat(v/math.Pow10(e), 'f', len(decimals), 64) + "e" + exponent
	}
	return strconv.FormatFloat(v, 'f', len(decimals), 64)
}

func goldens() []golden {
	var all []golden
	for _, group := range [][]golden{meanGoldens(), rankGoldens(), tableGoldens(), distanceGoldens(), planGoldens()} {
		all = append(all, group...)
	}
	return all
}

func meanGoldens() []golden {
	welch, errW := Welch(sleep[0], sleep[1])
	d, errD := StandardizedDifference(sleep[0], sleep[1])
	return []golden{
		{"welch t, R sleep", func() (float64, error) { return welch.T, errW }, "-1.860813"},
		{"welch df, R sleep", func() (float64, error) { return welch.DF, errW }, "17.776474"},
		{"welch p, R sleep", func() (float64, error) { return welch.P, errW }, "0.0793941"},
		{"cohen d, R sleep", func() (float64, error) { return d.CohenD, errD }, "-0.832181"},
		{"hedges g, R sleep", func() (float64, error) { return d.HedgesG, errD }, "-0.796935"},
		{"hedges J at 18", func() (float64, error) { return hedgesJ(18), nil }, "0.957646"},
	}
}

func rankGoldens() []golden {
	x, y := []float64{19, 22, 16, 29, 24}, []float64{20, 11, 17, 12}
	exact, errE := MannWhitney(x, y, Exact)
	normal, errN := MannWhitney(x, y, Asymptotic)
	cliff, errC := CliffDelta(x, y)
	a := []float64{.61, .29, .06, .59, -1.73, -.74, .51, -.56}
	b := []float64{1.64, .05, -.06, .64, -.82, 1.77, 1.09, 2.36, 1.31, 1.05}
	paths, errP := KolmogorovSmirnov(a, b, Auto)
	limit, errL := KolmogorovSmirnov(a, b, Asymptotic)
	return []golden{
		{"mann-whitney U", func() (float64, error) { return exact.U, errE }, "17"},
		{"mann-whitney exact p", func() (float64, error) { return exact.P, errE }, "0.111111"},
		{"mann-whitney asymptotic p", func() (float64, error) { return normal.P, errN }, "0.111346887"},
		{"P(X>Y)", func() (float64, error) { return exact.Superiority, errE }, "0.85"},
		{"cliff delta", func() (float64, error) { return cliff.Delta, errC }, "0.70"},
		{"ks D", func() (float64, error) { return paths.D, errP }, "0.7"},
		{"ks exact p", func() (float64, error) { return paths.P, errP }, "0.0120206591"},
		{"ks asymptotic p", func() (float64, error) { return limit.P, errL }, "0.0256705595"},
	}
}

func tableGoldens() []golden {
	two, errT := TwoProportions(Proportion{50, 1e4}, Proportion{80, 1e4})
	chi, errX := ChiSquared([][]float64{{10, 10, 20}, {20, 20, 20}}, KeepSparse)
	split, errS := GoodnessOfFit([]float64{821588, 815482}, []float64{1, 1}, KeepSparse)
	fisher := func(table [2][2]int) func() (float64, error) {
		return func() (float64, error) { r, err := Fisher(table); return r.P, err }
	}
	return []golden{
		{"two proportions z", func() (float64, error) { return two.Z, errT }, "2.639767"},
		{"two proportions p", func() (float64, error) { return two.P, errT }, "0.00829630"},
		{"fisher 8 2 1 5", fisher([2][2]int{{8, 2}, {1, 5}}), "0.034965035"},
		{"fisher 6 2 1 4", fisher([2][2]int{{6, 2}, {1, 4}}), "0.102564103"},
		{"chi-squared", func() (float64, error) { return chi.X2, errX }, "2.777778"},
		{"chi-squared df", func() (float64, error) { return chi.DF, errX }, "2"},
		{"chi-squared p", func() (float64, error) { return chi.P, errX }, "0.249352"},
		{"split of the Bing example p", func() (float64, error) { return split.P, errS }, "1.8218e-6"},
		{"mantel-haenszel X2 of UCBAdmissions", mantelHaenszel, "1.5246"},
		{"mantel-haenszel odds of UCBAdmissions", mantelHaenszelOdds, "0.9046968"},
	}
}

// mantelHaenszel is R's mantelhaen.test(UCBAdmissions, correct = FALSE).
func mantelHaenszel() (float64, error) {
	r, err := CMH(admissionStrata())
	return r.Z * r.Z, err
}

func mantelHaenszelOdds() (float64, error) {
	r, err := CMH(admissionStrata())
	if err != nil {
		return 0, err
	}
	return r.OddsRatio()
}

// admissionStrata has women as arm a and men as arm b, a hit being an admission.
func admissionStrata() []Stratum {
	var strata []Stratum
	for _, d := range admissions {
		strata = append(strata, Stratum{A: Proportion{d[2], d[2] + d[3]}, B: Proportion{d[0], d[0] + d[1]}})
	}
	return strata
}

func distanceGoldens() []golden {
	p, q := []float64{.25, .25, .25, .25}, []float64{.2, .3, .3, .2}
	value := func(r DivergenceResult, err error) func() (float64, error) {
		return func() (float64, error) { return r.Value, err }
	}
	apart := func(r WassersteinResult, err error) func() (float64, error) {
		return func() (float64, error) { return r.Distance, err }
	}
	return []golden{
		{"psi", value(PSI(p, q, 0)), "0.0405465"},
		{"js nats", value(JensenShannon(p, q, Nats)), "0.0711294"},
		{"js bits", value(JensenShannon(p, q, Bits)), "0.0854351"},
		{"js of a certain and a fair coin", value(JensenShannon([]float64{1, 0}, []float64{.5, .5}, Nats)), "0.464501404"},
		{"w1", apart(Wasserstein([]float64{0, 1, 3}, []float64{5, 6, 8})), "5"},
		{"w1 weighted", apart(WassersteinWeighted(
			[]float64{3.4, 3.9, 7.5, 7.8}, []float64{1.4, .9, 3.1, 7.2},
			[]float64{4.5, 1.4}, []float64{3.2, 3.5})), "4.0781331"},
	}
}

func planGoldens() []golden {
	even := Design{Alpha: .05, Power: .8, Ratio: 1}
	skewed := Design{Alpha: .05, Power: .8, Ratio: 1. / 19}
	first := func(n SampleSize, err error) func() (float64, error) {
		return func() (float64, error) { return n.First, err }
	}
	second := func(n SampleSize, err error) func() (float64, error) {
		return func() (float64, error) { return n.Second, err }
	}
	return []golden{
		{".5 % to 1 %", first(ProportionsSampleSize(.005, .01, even)), "4672.8"},
		{".5 % to 1 % at a 5 % share, candidate", second(ProportionsSampleSize(.005, .01, skewed)), "2118.9"},
		{".5 % to 1 % at a 5 % share, legacy", first(ProportionsSampleSize(.005, .01, skewed)), "40259.8"},
		{".5 % to .6 %", first(ProportionsSampleSize(.005, .006, even)), "85861.6"},
		{"means, d = .1", first(MeansSampleSize(.1, even)), "1569.8"},
		{"dkw at 1000", func() (float64, error) { return DKW(1000, .95) }, fmt.Sprintf("%.7f", math.Sqrt(math.Log(40)/2000))},
	}
}

func TestBenjaminiHochberg_RejectsFourOfTheFifteenOf1995(t *testing.T) {
	t.Parallel()
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	adjusted, err := BenjaminiHochberg(p)
	if err != nil {
		t.Fatal(err)
	}
	bh, bonferroni := 0, 0
	for i := range p {
		if adjusted[i] <= .05 {
			bh++
		}
		if p[i]*15 <= .05 {
			bonferroni++
		}
	}
	if bh != 4 || bonferroni != 3 {
		t.Errorf("BH rejects %d and Bonferroni %d, want 4 and 3", bh, bonferroni)
	}
}
