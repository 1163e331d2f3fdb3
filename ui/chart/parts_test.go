package chart_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"rampart/ui/cell"
	"rampart/ui/cell/celltest"
	"rampart/ui/chart"
)

func TestSpark_GapsAreBlanksAndSpikesSurvive(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		values []float64
		top    float64
		w      int
		want   string
	}{
		{[]float64{0, 1, 2, 3, 4, 5, 6, 7}, 7, 8, "▁▁▂▃▅▆▇█"},
		{[]float64{1, nan, 1}, 1, 3, "█ █"},
		{[]float64{0, 0, 0}, 0, 3, "▁▁▁"},
		{[]float64{1, 1}, 2, 4, "  ▄▄"},
		{[]float64{0, 0, 9, 0, 0, 0, 0, 0}, 9, 4, "▁█▁▁"},
		{[]float64{math.Inf(1), -5, 20}, 10, 3, " ▁█"},
		{nil, 1, 3, "   "},
		{[]float64{1}, 1, 0, ""},
	} {
		if got := chart.Spark(c.values, c.top, c.w); got != c.want {
			t.Errorf("%v in %d: %q, want %q", c.values, c.w, got, c.want)
		}
	}
}

func TestSpark_BothArmsOnOneScale(t *testing.T) {
	legacy, candidate := []float64{1, 1, 1}, []float64{1, 4, 8}
	top := chart.Top(legacy, candidate, []float64{math.NaN(), math.Inf(1)})
	if a, b := chart.Spark(legacy, top, 3), chart.Spark(candidate, top, 3); a != "▁▁▁" || b != "▁▄█" {
		t.Errorf("%s %s", a, b)
	}
}

func TestBar_NeverHidesAShareAndNeverOverstatesOne(t *testing.T) {
	for share, want := range map[float64]string{
		0: "▕░░░░░░░░░░▏", 0.05: "▕▌░░░░░░░░░▏", 0.5: "▕█████░░░░░▏", 0.0001: "▕▏░░░░░░░░░▏", 0.9999: "▕█████████▉▏", 1: "▕██████████▏", 3: "▕██████████▏", -1: "▕░░░░░░░░░░▏",
	} {
		if got := chart.Bar(share, 10, cell.Candidate).String(); got != want {
			t.Errorf("%v: %s, want %s", share, got, want)
		}
	}
	if got := chart.Bar(math.NaN(), 3, cell.Candidate).String(); got != "▕   ▏" {
		t.Errorf("not known: %s", got)
	}
}

func TestBar_IsAlwaysAsWideAsItsTrack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := rapid.IntRange(0, 60).Draw(r, "w")
		if got := chart.Bar(rapid.Float64().Draw(r, "share"), w, cell.Candidate).Width(); got != w+2 {
			r.Fatalf("%d columns, want %d", got, w+2)
		}
	})
}

// latencies are the cells of a latency histogram in both arms.
func latencies() []chart.Pair {
	return []chart.Pair{
		{"≤ 25 ms", 0.412, 0.398},
		{"25–50", 0.301, 0.29},
		{"50–100", 0.2, 0.19},
		{"100–250", 0.078, 0.11},
		{"250–500", 0.009, 0.0118},
		{"> 500", 0, 0.0002},
		{"not known", math.NaN(), math.NaN()},
	}
}

func TestPairs_BothArmsCellForCell(t *testing.T) {
	celltest.Golden(t, "pairs_60x14", chart.Pairs(latencies(), 60, 14))
	celltest.Golden(t, "pairs_60x7", chart.Pairs(latencies(), 60, 7))
	celltest.Golden(t, "pairs_30x4", chart.Pairs(latencies(), 30, 4))
	celltest.Golden(t, "pairs_5x2", chart.Pairs(latencies(), 5, 2))
}

func TestHeat_ASmallShareIsSeenAndAGapIsAGap(t *testing.T) {
	nan := math.NaN()
	g := chart.Heat([][]float64{
		{0.9, 0.8, nan, 0.5, 0.2},
		{0.1, 0.2, nan, 0.4, 0.5},
		{0, 0.001, nan, 0.1, 0.3},
	}, 0.9, 8, 3, cell.Candidate)
	celltest.Golden(t, "heat", g)
}
