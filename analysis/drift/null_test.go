package drift

import (
	"math"
	"math/rand/v2"
	"testing"

	"rampart/analysis/stat"
)

// draw spreads n requests over cells.
func draw(r *rand.Rand, shares []float64, n int) []float64 {
	counts := make([]float64, len(shares))
	for range n {
		u, k := r.Float64(), 0
		for ; k < len(shares)-1 && u >= shares[k]; k++ {
			u -= shares[k]
		}
		counts[k]++
	}
	return counts
}

// latencyCells are shares as a service with a long tail has them.
func latencyCells() (edges, shares []float64) {
	return []float64{0, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		[]float64{0, .02, .05, .17, .26, .28, .16, .04, .013, .005, .002}
}

// zipf are shares that fall as 1/k^1.5, so that most cells are rare.
func zipf(k int) []float64 {
	shares, total := make([]float64, k), 0.0
	for i := range shares {
		shares[i] = math.Pow(float64(i+1), -1.5)
		total += shares[i]
	}
	for i := range shares {
		shares[i] /= total
	}
	return shares
}

func upToEdges(k int) []float64 {
	edges := make([]float64, k)
	for i := range edges {
		edges[i] = float64(i)
	}
	return edges
}

func TestExpectations_AreWhatEqualArmsShow(t *testing.T) {
	t.Parallel()
	edges, tail := latencyCells()
	for _, c := range []struct {
		name   string
		edges  []float64
		shares []float64
		nA, nB int
		within float64
	}{
		{"ten even cells, half each", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, []float64{.1, .1, .1, .1, .1, .1, .1, .1, .1, .1}, 900, 900, .09},
		{"ten even cells, candidate at 5 %", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, []float64{.1, .1, .1, .1, .1, .1, .1, .1, .1, .1}, 5700, 300, .09},
		{"latency cells", edges, tail, 4000, 1000, .09},
		{"two cells", []float64{1}, []float64{.7, .3}, 400, 300, .09},
		{"three cells, one rare", []float64{0, 1}, []float64{.5, .48, .02}, 3000, 900, .09},
		{"sixty cells that thin out, candidate at 5 %", upToEdges(59), zipf(60), 9500, 500, .16},
	} {
		r := rand.New(rand.NewPCG(7, 7))
		const runs = 300
		sums, expected := map[string]float64{}, map[string]float64{}
		for range runs {
			a, b := draw(r, c.shares, c.nA), draw(r, c.shares, c.nB)
			s := pooledShape(a, b, stat.PoolNeighbours)
			for name, d := range map[string]Distance{"psi": s.psi(), "js": s.js(stat.Bits)} {
				sums[name] += d.Value / runs
				expected[name] += d.Expected.V / runs
			}
			k, errK := stat.KolmogorovCells(c.edges, a, b)
			if errK != nil {
				t.Fatal(errK)
			}
			sums["ks"] += k.D / runs
			if w, err := stat.WassersteinCells(c.edges, a, b); err == nil {
				sums["w1"] += w.Distance / runs
			}
		}
		variance := inverseN(float64(c.nA), float64(c.nB))
		expected["ks"], expected["w1"] = nullKS(c.shares, variance), nullW1(c.edges, c.shares, variance)
		for name, mean := range sums {
			if relative := mean/expected[name] - 1; math.Abs(relative) > c.within {
				t.Errorf("%s, %s: mean %.4g in equal arms, expected %.4g", c.name, name, mean, expected[name])
			}
		}
	}
}

func TestExpectationOfTotalVariation_IsWhatEqualArmsShow(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	shares := []float64{.5, .3, .15, .05}
	mean := 0.0
	const runs = 500
	for range runs {
		tv, err := stat.TotalVariation(draw(r, shares, 500), draw(r, shares, 200))
		if err != nil {
			t.Fatal(err)
		}
		mean += tv.Value / runs
	}
	if want := nullTV(shares, inverseN(500, 200)); math.Abs(mean/want-1) > 0.06 {
		t.Errorf("mean %g, expected %g", mean, want)
	}
}

func TestExpectationOfTheLargestGap_TendsToKolmogorovs(t *testing.T) {
	t.Parallel()
	even := make([]float64, 400)
	for k := range even {
		even[k] = 1. / 400
	}
	limit := math.Sqrt(math.Pi/2) * math.Ln2
	if got := nullKS(even, 1e-4) / 1e-2; got > limit || got < 0.94*limit {
		t.Errorf("400 cells: %g sqrt(c), the bridge itself has %g", got, limit)
	}
	one := math.Sqrt(2/math.Pi) * math.Sqrt(.7*.3)
	if got := nullKS([]float64{.7, .3}, 1e-4) / 1e-2; math.Abs(got/one-1) > 0.04 {
		t.Errorf("one edge: %g sqrt(c), want %g", got, one)
	}
}

func TestExpectations_StayBelowTheLargestDistance(t *testing.T) {
	t.Parallel()
	shares := []float64{.25, .25, .25, .25}
	c := inverseN(1, 1)
	if v := nullJS(4, c, stat.Bits); v > 1 {
		t.Errorf("JS %g", v)
	}
	if v := nullKS(shares, c); v > 1 {
		t.Errorf("KS %g", v)
	}
	if v := nullTV(shares, c); v > 1 {
		t.Errorf("TV %g", v)
	}
}
