package judge

import (
	"testing"

	"rampart/analysis"
)

func TestNumbers_ReadAsInTheTablesBesideThem(t *testing.T) {
	value := func(v, lo, hi float64, open bool) analysis.Value {
		return analysis.Value{V: v, Lo: lo, Hi: hi, Known: true, Interval: true, OpenHi: open}
	}
	for _, c := range []struct{ got, want string }{
		{two(0.936), "0.94"},
		{two(0.996), "1.0"},
		{two(4), "4.0"},
		{two(9.96), "10"},
		{two(260.4), "260"},
		{two(12400), "12 400"},
		{two(0), "0"},
		{two(-0.4), "-0.40"},
		{whole(999), "999"},
		{whole(1240), "1 240"},
		{whole(-1234567), "-1 234 567"},
		{whole(-123), "-123"},
		{ratioText(1.68), "×1.7"},
		{ratioText(1.1), "×1.1"},
		{ratioText(12.3), "×12"},
		{interval(value(4, 1.7, 8.2, false)), "×4.0 (1.7–8.2)"},
		{interval(value(4, 1.7, 0, true)), "×4.0 (≥1.7)"},
		{interval(value(2, 1, 3, false)), "×2.0 (1.0–3.0)"},
		{odds(2.24), "2.2×"},
		{odds(843883), "843 883×"},
		{odds(1e12), ">1e8×"},
		{oddsOf(19.96, 20), "19.9×"}, // not "20× of the 20× needed" beside UNDECIDED
		{oddsOf(12.3, 20), "12×"},
		{oddsOf(20, 20), "20×"},
		{added(2.6), "+2.6"},
		{added(-3), "-3.0"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
