package drift

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rampart/analysis/stat"
	"rampart/sources"
)

func TestCompare_SeesAShiftAndPassesEqualArms(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	edges, tail := latencyCells()
	slower := slices.Clone(tail)
	slower[3], slower[6] = slower[3]-.1, slower[6]+.1
	legacy := Cells{Edges: edges, Counts: draw(r, tail, 20000)}
	equal := Compare(legacy, Cells{Edges: edges, Counts: draw(r, tail, 1000)}, Options{Feature: "latency"})
	moved := Compare(legacy, Cells{Edges: edges, Counts: draw(r, slower, 1000)}, Options{Feature: "latency"})
	for name, pair := range map[string][2]Distance{
		"psi": {equal.PSI, moved.PSI}, "js": {equal.JS, moved.JS}, "w1": {equal.W1, moved.W1}, "ks": {equal.KS, moved.KS},
	} {
		if x := pair[0].Times(); !x.Known || x.V > 2 {
			t.Errorf("%s of equal arms is %+v times its expectation", name, x)
		}
		if x := pair[1].Times(); !x.Known || x.V < 2.5 {
			t.Errorf("%s of a shift is %+v times its expectation", name, x)
		}
		if pair[0].N.Legacy != 20000 || pair[0].N.Candidate != 1000 {
			t.Errorf("%s rests on %+v", name, pair[0].N)
		}
	}
	if moved.JS.Base != stat.Nats || moved.PSI.Base != stat.Nats || moved.W1.Base != stat.NoLog {
		t.Errorf("bases %v %v %v", moved.JS.Base, moved.PSI.Base, moved.W1.Base)
	}
	if !strings.HasPrefix(moved.Binning, "11 cells, ") || moved.Evidence.Known {
		t.Errorf("binning %q, evidence %+v", moved.Binning, moved.Evidence)
	}
}

func TestCompare_InBitsIsLargerThanInNats(t *testing.T) {
	t.Parallel()
	a, b := Cells{Edges: []float64{1}, Counts: []float64{60, 40}}, Cells{Edges: []float64{1}, Counts: []float64{30, 70}}
	nats, bits := Compare(a, b, Options{}).JS, Compare(a, b, Options{Base: stat.Bits}).JS
	if math.Abs(bits.Value-nats.Value/math.Sqrt(math.Ln2)) > 1e-12 || bits.Base != stat.Bits || bits.Expected.V <= nats.Expected.V {
		t.Errorf("bits %+v, nats %+v", bits, nats)
	}
}

func TestCompare_SaysWhyADistanceIsNotKnown(t *testing.T) {
	t.Parallel()
	good := Cells{Edges: []float64{1, 2}, Counts: []float64{10, 80, 30}}
	for _, c := range []struct {
		name              string
		legacy, candidate Cells
		why               string
	}{
		{"edges without a common one", good, Cells{Edges: []float64{3}, Counts: []float64{1, 2}}, "no edge in common"},
		{"a candidate without requests", good, Cells{Edges: []float64{1, 2}, Counts: []float64{0, 0, 0}}, "no values on one side"},
		{"three requests", good, Cells{Edges: []float64{1, 2}, Counts: []float64{1, 1, 1}}, "too few values"},
		{"a negative count", good, Cells{Edges: []float64{1, 2}, Counts: []float64{1, -1, 1}}, "cell 2 holds -1"},
		{"edges that fall", good, Cells{Edges: []float64{2, 1}, Counts: []float64{1, 1, 1}}, "edge 2 is 1"},
		{"a cell too few", good, Cells{Edges: []float64{2, 1}, Counts: []float64{1, 1}}, "2 edges need 3 cells"},
	} {
		r := Compare(c.legacy, c.candidate, Options{})
		if r.PSI.Known || r.PSI.Value != 0 || !strings.Contains(r.PSI.Why, c.why) {
			t.Errorf("%s: %+v, want %q", c.name, r.PSI, c.why)
		}
	}
	scraped := sources.Histogram{Edges: []float64{1}, Counts: []int64{1, 2}}
	r := CompareHistograms(sources.ByArm[*sources.Histogram]{Legacy: &scraped}, Options{})
	if r.W1.Known || r.W1.Why != "candidate was not scraped" {
		t.Errorf("one arm missing: %+v", r.W1)
	}
}

func TestCompare_MergesDifferentEdgesToCommonOnes(t *testing.T) {
	t.Parallel()
	legacy := Cells{Edges: []float64{.1, .25, .5, 1}, Counts: []float64{50, 30, 10, 6, 4}}
	candidate := Cells{Edges: []float64{.1000000000000001, .2, .5, 2}, Counts: []float64{55, 20, 15, 8, 2}}
	r := Compare(legacy, candidate, Options{})
	if want := []float64{.1, .5}; !slices.Equal(r.Sides.Candidate.Edges, want) {
		t.Fatalf("edges %v, want %v", r.Sides.Candidate.Edges, want)
	}
	if want := []float64{.55, .35, .1}; !slices.Equal(r.Sides.Candidate.Shares, want) {
		t.Errorf("shares %v, want %v", r.Sides.Candidate.Shares, want)
	}
	if len(r.Notes) != 1 || r.Notes[0].Kind != sources.NoteMerged {
		t.Errorf("notes %v", r.Notes)
	}
}

func TestCompare_ShowsMissingAndZeroShares(t *testing.T) {
	t.Parallel()
	legacy := Cells{Edges: []float64{1}, Counts: []float64{900, 100}, Zero: Of(300), Missing: Of(10)}
	candidate := Cells{Edges: []float64{1}, Counts: []float64{800, 100}, Zero: Of(700), Missing: Of(100)}
	r := Compare(legacy, candidate, Options{})
	if r.Missing.Candidate.V != .1 || r.Zero.Legacy.V != .3 || r.Missing.P.V > 1e-10 || r.Zero.P.V > 1e-10 {
		t.Errorf("missing %+v, zero %+v", r.Missing, r.Zero)
	}
	unknown := Compare(Cells{Edges: []float64{1}, Counts: []float64{9, 1}}, candidate, Options{})
	if unknown.Missing.Legacy.Known || unknown.Missing.P.Known || unknown.Missing.Why == "" {
		t.Errorf("legacy's missing values are not counted: %+v", unknown.Missing)
	}
}

func TestCompareValues_CountsNaNAsMissing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	var legacy, candidate []float64
	for i := range 600 {
		legacy, candidate = append(legacy, r.NormFloat64()), append(candidate, r.NormFloat64()+1)
		if i%10 == 0 {
			candidate[i] = math.NaN()
		}
	}
	report := CompareValues(legacy, candidate, Options{})
	if report.Missing.Candidate.V != .1 || report.Missing.Legacy.V != 0 {
		t.Errorf("missing %+v", report.Missing)
	}
	if report.KS.P.V > 1e-9 || math.Abs(report.W1.Value-1) > .2 || report.PSI.Times().V < 10 {
		t.Errorf("ks %+v w1 %+v psi %+v", report.KS, report.W1, report.PSI)
	}
	if report.W1.Expected.Known || report.Binning != "10 cells at the deciles of both sides" {
		t.Errorf("w1 %+v, binning %q", report.W1, report.Binning)
	}
	if empty := CompareValues(nil, candidate, Options{}); empty.PSI.Known || empty.PSI.Why == "" {
		t.Errorf("no values: %+v", empty.PSI)
	}
}

func TestCommon_KeepsEveryCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		side := func(name string) Cells {
			var c Cells
			for e := range 12 {
				if rapid.Bool().Draw(t, name) {
					c.Edges = append(c.Edges, float64(e))
				}
			}
			for range len(c.Edges) + 1 {
				c.Counts = append(c.Counts, float64(rapid.IntRange(0, 30).Draw(t, name)))
			}
			return c
		}
		a, b := side("a"), side("b")
		ca, cb, _, err := Common(a, b)
		if err != nil {
			return
		}
		if ca.Check() != nil || cb.Check() != nil || ca.N() != a.N() || cb.N() != b.N() || !slices.Equal(ca.Edges, cb.Edges) {
			t.Fatalf("%+v and %+v became %+v and %+v", a, b, ca, cb)
		}
		for k, e := range ca.Edges {
			at, found := slices.BinarySearch(a.Edges, e)
			if !found || upTo(ca, k) != upTo(a, at) {
				t.Fatalf("at %g: %g of %+v, %g of %+v", e, upTo(ca, k), ca, upTo(a, at), a)
			}
		}
	})
}

// upTo is how many values lie at or below edge k.
func upTo(c Cells, k int) float64 {
	n := 0.0
	for _, v := range c.Counts[:k+1] {
		n += v
	}
	return n
}

func TestSwappingTheArms_MirrorsTheReport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		side := func(name string) Cells {
			c := Cells{Edges: []float64{0, 1, 3, 7}, Missing: Of(float64(rapid.IntRange(0, 9).Draw(t, name)))}
			for range 5 {
				c.Counts = append(c.Counts, float64(rapid.IntRange(0, 90).Draw(t, name)))
			}
			return c
		}
		a, b := side("a"), side("b")
		forth, back := Compare(a, b, Options{}), Compare(b, a, Options{})
		for name, pair := range map[string][2]Distance{
			"psi": {forth.PSI, back.PSI}, "js": {forth.JS, back.JS}, "w1": {forth.W1, back.W1}, "ks": {forth.KS, back.KS},
		} {
			if pair[0].Known != pair[1].Known || math.Abs(pair[0].Value-pair[1].Value) > 1e-12 || pair[0].Value < 0 {
				t.Fatalf("%s: %+v and %+v", name, pair[0], pair[1])
			}
			if pair[0].N.Legacy != pair[1].N.Candidate || pair[0].Why != pair[1].Why {
				t.Fatalf("%s: %+v and %+v", name, pair[0], pair[1])
			}
		}
	})
}
