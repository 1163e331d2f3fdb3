package part_test

import (
	"math"
	"testing"

	"rampart/analysis"
	"rampart/ui/panel/part"
)

func TestValue_PrintsUnitIntervalAndWhatIsNotKnown(t *testing.T) {
	cellOf := func(lo, hi float64, open bool) analysis.Value {
		v := analysis.Number(hi, analysis.Seconds, 9).Between(lo, hi)
		v.Cell, v.OpenHi = true, open
		return v
	}
	for _, c := range []struct {
		v    analysis.Value
		want string
	}{
		{analysis.Number(.0169, analysis.Fraction, 1240), "1.7 %"},
		{analysis.Number(.0169, analysis.Fraction, 1240).Between(.012, .022), "1.7 % (1.2–2.2)"},
		{analysis.Number(4, analysis.Ratio, 9).Between(1.7, 8.2), "×4.0 (1.7–8.2)"},
		{analysis.Number(4, analysis.Ratio, 9).AtLeast(1.7), "×4.0 (≥1.7)"},
		{analysis.Number(16, analysis.Count, 9).Between(9, 18), "16 (9–18)"},
		{analysis.Number(1240, analysis.Count, 0), "1 240"},
		{analysis.Number(216, analysis.PerSecond, 0), "216 rq/s"},
		{analysis.Number(.25, analysis.Seconds, 0), "250 ms"},
		{analysis.Number(.04, analysis.Bare, 0), ".040"},
		{cellOf(.1, .25, false), "100–250 ms"},
		{cellOf(.5, 1, false), "500 ms–1 s"},
		{cellOf(1, 2.5, false), "1–2.5 s"},
		{cellOf(10, 0, true), "≥10 s"},
		{analysis.Missing("not scraped"), "—"},
		{analysis.Number(math.NaN(), analysis.Bare, 0), "—"},
	} {
		if got := part.Value(c.v); got != c.want {
			t.Errorf("%+v prints %q, want %q", c.v, got, c.want)
		}
	}
	if got := part.Explained(analysis.Missing("not scraped")); got != "— (not scraped)" {
		t.Errorf("a missing number says %q", got)
	}
}
