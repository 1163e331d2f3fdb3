package cell_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/ui/cell"
)

func TestNumbers_AsOnTheScreen(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct{ got, want string }{
		{cell.Percent(0.0042, cell.Decimals(0.42, 1.69)), "0.42 %"},
		{cell.Percent(0.0169, cell.Decimals(0.42, 1.69)), "1.69 %"},
		{cell.Percent(1, cell.Decimals(100, 5)), "100 %"},
		{cell.Percent(0.123, cell.Decimals(12.3, 0.4)), "12.3 %"},
		{cell.Percent(0, cell.Decimals(0, 0)), "0 %"},
		{cell.Percent(nan, 2), "—"},
		{cell.TimesWithin(4, 1.7, 8.2), "×4.0 (1.7–8.2)"},
		{cell.TimesWithin(12, 2, 60), "×12 (2.0–60)"},
		{cell.TimesWithin(1.1, 0, inf), "×1.1 (≥0)"},
		{cell.TimesWithin(1.1, nan, 3), "×1.1 (≤3.0)"},
		{cell.TimesWithin(1.1, nan, nan), "×1.1"},
		{cell.TimesWithin(nan, 1, 2), "—"},
		{cell.Times(9.96), "×10"},
		{cell.Times(0.94), "×0.94"},
		{cell.Times(0.001), "×0.00"},
		{cell.Count(0), "0"},
		{cell.Count(940), "940"},
		{cell.Count(1240), "1 240"},
		{cell.Count(23560), "23 560"},
		{cell.Count(-1234567), "-1 234 567"},
		{cell.Fixed(23560.25, 1), "23 560.2"},
		{cell.Fixed(-0.001, 2), "0.00"},
		{cell.Fixed(inf, 2), "—"},
		{cell.Bare(0.04, 2), ".04"},
		{cell.Bare(-0.31, 2), "-.31"},
		{cell.Bare(0.999, 2), "1.00"},
		{cell.Bare(1.2, 2), "1.20"},
		{cell.Bare(nan, 2), "—"},
		{cell.Short(0), "0"},
		{cell.Short(940), "940"},
		{cell.Short(1240), "1.24 k"},
		{cell.Short(999.7), "1.00 k"},
		{cell.Short(23560), "23.6 k"},
		{cell.Short(1.2e6), "1.20 M"},
		{cell.Short(inf), "—"},
		{cell.Rate(18), "18 rq/s"},
		{cell.Rate(0.42), "0.42 rq/s"},
		{cell.Rate(1240), "1.24 k rq/s"},
		{cell.Rate(0.05), "3.0 rq/min"},
		{cell.Rate(0), "0 rq/s"},
		{cell.RateStep(18.2, 19.4), "18→19 rq/s"},
		{cell.RateStep(5.8, 0), "5.8→0 rq/s"},
		{cell.RateStep(0.05, 1240), "3.0 rq/min→1.24 k rq/s"},
		{cell.RateStep(0.05, 1), "3.0 rq/min→1.0 rq/s"},
		{cell.More(2.6), "+2.6"},
		{cell.More(260), "+260"},
		{cell.More(-0.4), "-0.40"},
		{cell.More(0), "+0"},
		{cell.More(nan), "—"},
		{cell.Evidence(12.4), "12×"},
		{cell.Evidence(0.42), "0.42×"},
		{cell.Evidence(1.26), "1.3×"},
		{cell.Evidence(843883), "843 883×"},
		{cell.Evidence(3e9), ">1e8×"},
		{cell.Evidence(1e-9), "<0.01×"},
		{cell.Evidence(nan), "—"},
		{cell.Rate(nan), "—"},
		{cell.Age(4 * time.Second), "4 s"},
		{cell.Age(4900 * time.Millisecond), "4 s"},
		{cell.Age(99 * time.Second), "99 s"},
		{cell.Age(11 * time.Minute), "11 min"},
		{cell.Age(5 * time.Hour), "5 h"},
		{cell.Age(80 * time.Hour), "3 d"},
		{cell.Age(-300 * time.Millisecond), "0 s"},
		{cell.Age(-3 * time.Second), "3 s ahead"},
		{cell.Took(0), "0 s"},
		{cell.Took(400 * time.Microsecond), "0.4 ms"},
		{cell.Took(180 * time.Millisecond), "180 ms"},
		{cell.Took(999600 * time.Microsecond), "1.0 s"},
		{cell.Took(4200 * time.Millisecond), "4.2 s"},
		{cell.Took(9960 * time.Millisecond), "10 s"},
		{cell.Took(11 * time.Minute), "11 min"},
		{cell.Took(125 * time.Minute), "2 h 05 min"},
		{cell.Took(76 * time.Hour), "3 d 4 h"},
		{cell.Took(-11 * time.Minute), "-11 min"},
		{cell.Countdown(41200 * time.Millisecond), "0:42"},
		{cell.Countdown(665 * time.Second), "11:05"},
		{cell.Countdown(3723 * time.Second), "1:02:03"},
		{cell.Countdown(-time.Minute), "0:00"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNumbers_AnyNumberPrintsShortAndWithoutNaN(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		v := rapid.Float64Range(-1e15, 1e15).Draw(r, "v")
		d := time.Duration(rapid.Int64().Draw(r, "d"))
		for _, s := range []string{cell.Short(v), cell.Rate(v), cell.Times(v / 1e12), cell.Took(d), cell.Age(d), cell.Countdown(d)} {
			if s == "" || cell.Width(s) > 20 || strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
				t.Fatalf("%v, %v: %q", v, d, s)
			}
		}
	})
}
