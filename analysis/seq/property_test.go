package seq

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const scrape = 15 * time.Second

// anyBlock draws a block of whole requests, with either arm possibly empty.
func anyBlock(t *rapid.T, limit int) Block {
	n := func(name string) (n, x float64) {
		requests := rapid.IntRange(0, limit).Draw(t, name+" requests")
		return float64(requests), float64(rapid.IntRange(0, requests).Draw(t, name+" errors"))
	}
	var b Block
	b.LegacyN, b.LegacyX = n("legacy")
	b.CandidateN, b.CandidateX = n("candidate")
	return b
}

func anyBlocks(limit int) *rapid.Generator[[]Block] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Block { return anyBlock(t, limit) }), 1, 60)
}

func close9(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)) }

func TestRateRatio_SwappingTheArmsIsBettingTheOtherWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := NewRateRatio(0, Grid()), NewRateRatio(0, Grid().Mirror())
		for _, b := range anyBlocks(5000).Draw(t, "blocks") {
			one.Add(b.Swap(), 1)
			other.Add(b, 1)
		}
		if !close9(one.LogE(), other.LogE()) {
			t.Fatalf("swapped %v, mirrored %v", one.LogE(), other.LogE())
		}
	})
}

func TestInterval_SwappingTheArmsInvertsTheLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grid, swapped := NewNodes(), NewNodes()
		v, w := NewInterval(grid, Grid()), NewInterval(swapped, Grid())
		for _, b := range anyBlocks(5000).Draw(t, "blocks") {
			grid.Load(b.LegacyN, b.CandidateN)
			swapped.Load(b.CandidateN, b.LegacyN)
			v.Add(b)
			w.Add(b.Swap())
		}
		lo, hi, bounded := v.Ratio(.05)
		lo2, hi2, bounded2 := w.Ratio(.05)
		if bounded != (lo2 > 0) || bounded2 != (lo > 0) {
			t.Fatalf("limits (%v, %v, %v), swapped (%v, %v, %v)", lo, hi, bounded, lo2, hi2, bounded2)
		}
		if bounded && math.Abs(math.Log(hi)+math.Log(lo2)) > 1e-6 {
			t.Fatalf("upper %v, swapped lower %v", hi, lo2)
		}
		if bounded2 && math.Abs(math.Log(hi2)+math.Log(lo)) > 1e-6 {
			t.Fatalf("lower %v, swapped upper %v", lo, hi2)
		}
	})
}

func TestInterval_AgreesWithTheOneThatKeepsEveryBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exact := exactInterval{blocks: anyBlocks(3000).Draw(t, "blocks")}
		grid := NewNodes()
		v := NewInterval(grid, Grid())
		for i, b := range exact.blocks {
			grid.Load(b.LegacyN, b.CandidateN)
			v.Add(b)
			if i%2 == 0 { // what was said of earlier blocks, or at another confidence, is not said again
				v.Ratio([]float64{.05, .01}[i/2%2])
			}
		}
		lo, hi, bounded := v.Ratio(.05)
		wantLo, hasLo := exact.limit(1, .05)
		wantHi, hasHi := exact.limit(-1, .05)
		if (lo > 0) != hasLo || bounded != hasHi {
			t.Fatalf("got (%v, %v, %v), exact (%v, %v), (%v, %v)", lo, hi, bounded, wantLo, hasLo, wantHi, hasHi)
		}
		if hasLo && math.Abs(lo/wantLo-1) > 1e-8 || hasHi && math.Abs(hi/wantHi-1) > 1e-8 {
			t.Fatalf("got (%v, %v), exact (%v, %v)", lo, hi, wantLo, wantHi)
		}
	})
}

func TestRateRatio_SplittingABlockInProportionChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, parts := NewRateRatio(.1, Grid()), NewRateRatio(.1, Grid())
		var one, many MantelHaenszel
		for _, b := range anyBlocks(500).Draw(t, "blocks") {
			k := float64(rapid.IntRange(1, 5).Draw(t, "parts"))
			sum := Block{b.LegacyN * k, b.LegacyX * k, b.CandidateN * k, b.CandidateX * k}
			whole.Add(sum, 1)
			one.Add(sum)
			for range int(k) {
				parts.Add(b, 1)
				many.Add(b)
			}
		}
		r1, _ := one.Ratio()
		r2, _ := many.Ratio()
		if !close9(whole.LogE(), parts.LogE()) || !close9(r1, r2) {
			t.Fatalf("whole %v ratio %v, in parts %v ratio %v", whole.LogE(), r1, parts.LogE(), r2)
		}
	})
}

func TestCells_ForOneEdgeSwapAndOrderHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := NewCells(4, 0), NewCells(4, 0)
		for range rapid.IntRange(1, 30).Draw(t, "blocks") {
			x, y := anyCells(t, 4), anyCells(t, 4)
			a.Add(x, y, 1)
			b.Add(y, x, 1)
		}
		if !close9(a.TwoSided(), b.TwoSided()) {
			t.Fatalf("two-sided evidence %v, with the arms swapped %v", a.TwoSided(), b.TwoSided())
		}
	})
}

func anyCells(t *rapid.T, k int) []float64 {
	cells := make([]float64, k)
	for i := range cells {
		cells[i] = float64(rapid.IntRange(0, 200).Draw(t, "cell"))
	}
	return cells
}

func TestErrors_NoCountsGiveNonsense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := NewErrors(ErrorsConfig{
			HarmMargin: rapid.Float64Range(0, 3).Draw(t, "harm"), SafeMargin: rapid.Float64Range(0, 3).Draw(t, "safe"),
			Audit: true, Promotion: true,
		})
		limit := rapid.SampledFrom([]int{3, 1000, 1 << 40}).Draw(t, "limit")
		for i, b := range anyBlocks(limit).Draw(t, "blocks") {
			if err := b.Check(); err != nil {
				t.Fatal(err)
			}
			e.Add(b, time.Duration(i)*time.Minute)
			finite(t, "errors", errorsFigures(e)...)
		}
	})
}

func errorsFigures(e *Errors) []float64 {
	rho, _, _ := e.Lag1()
	lo, hi, _ := e.Interval(.05)
	flo, fhi, _ := e.Forecast(3)
	ratio, _ := e.Ratio()
	return []float64{
		e.LogHarm(), e.LogSafe(), e.LogPromotion(), e.LogRaw(), e.LogCusum(), e.Phi(), rho, e.Burst().Z(), lo, hi, flo, fhi, ratio,
	}
}

func TestLatency_NoCountsGiveNonsense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := NewLatency(LatencyConfig{
			Edges: 3, HarmMargin: rapid.Float64Range(0, 3).Draw(t, "harm"), SafeMargin: .5, Audit: true, Promotion: true,
		})
		for i := range rapid.IntRange(1, 60).Draw(t, "blocks") {
			l.Add(anyCells(t, 4), anyCells(t, 4), time.Duration(i)*time.Minute)
			finite(t, "latency", latencyFigures(l)...)
		}
	})
}

func latencyFigures(l *Latency) []float64 {
	edge, _ := l.Edge()
	lo, hi, _ := l.Interval(edge, .05)
	ratio, _ := l.Ratio(edge)
	return []float64{
		l.LogHarm(), l.LogSafe(), l.LogPromotion(), l.LogCells(), l.LogTail(), l.EdgeLogE(edge), float64(edge), lo, hi, ratio,
	}
}

func finite(t *rapid.T, what string, figures ...float64) {
	for i, f := range figures {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			t.Fatalf("%s: figure %d is %v", what, i, f)
		}
	}
}

func FuzzErrors_AnyNonNegativeCounts(f *testing.F) {
	f.Add(uint64(7430), uint64(70), uint64(70), uint64(1), uint64(3))
	f.Add(uint64(0), uint64(0), uint64(0), uint64(0), uint64(60))
	f.Add(uint64(1)<<46, uint64(1)<<46, uint64(1), uint64(1), uint64(40))
	f.Fuzz(func(t *testing.T, nA, xA, nB, xB, repeat uint64) {
		b := Block{LegacyN: float64(nA), LegacyX: float64(xA), CandidateN: float64(nB), CandidateX: float64(xB)}
		if b.Check() != nil {
			return
		}
		e := NewErrors(ErrorsConfig{SafeMargin: .5, Audit: true, Promotion: true})
		for i := range repeat % 64 {
			e.Add(b, time.Duration(i)*scrape)
			e.Add(Block{LegacyN: b.CandidateN, CandidateN: b.LegacyN}, time.Duration(i)*scrape)
		}
		for i, v := range errorsFigures(e) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("figure %d is %v", i, v)
			}
		}
	})
}

func TestLag_OfLinesThatAreExactlyAsPredictedIsNotKnown(t *testing.T) {
	var exact, real Lag
	for range 5 {
		exact.Add(1e-16, 2.5) // what rounding leaves of zero
		real.Add(1e-3, 2.5)
	}
	if rho, _, known := exact.Value(); known {
		t.Errorf("it is said to be %g", rho)
	}
	if rho, _, known := real.Value(); !known || math.Abs(rho-.8) > 1e-12 {
		t.Errorf("of small deviations that are some: %g, %v", rho, known)
	}
}
