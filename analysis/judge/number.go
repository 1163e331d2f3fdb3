package judge

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"rampart/analysis"
)

// Numbers in sentences have the digits and signs that they have in the tables beside them: two significant digits, at
// most two decimals, thousands apart, a ratio's sign in front ("×4.0") and evidence's behind ("12×").

// two prints a number with two significant digits and at most two decimals: "0.94", "4.0", "260".
func two(v float64) string {
	decimals := 0
	for ; decimals < 2 && math.Abs(v) > 0 && math.Abs(v) < 9.95/math.Pow10(decimals); decimals++ {
	}
	return apart(strconv.FormatFloat(v, 'f', decimals, 64))
}

// apart puts a blank between groups of three digits of a whole number: "1 240".
func apart(s string) string {
	if strings.Contains(s, ".") {
		return s
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

// whole is a number without decimals: "1 240".
func whole(v float64) string { return apart(strconv.FormatFloat(v, 'f', 0, 64)) }

// added is a number with its sign: "+2.6", "-0.40".
func added(v float64) string {
	if v < 0 {
		return two(v)
	}
	return "+" + two(v)
}

// ratioText is a ratio: "×4.0".
func ratioText(r float64) string { return "×" + two(r) }

// interval is a ratio with its interval: "×4.0 (1.7–8.2)"; an open one is "×4.0 (≥1.7)".
func interval(d analysis.Value) string {
	text := ratioText(d.V)
	switch {
	case d.Interval && d.OpenHi:
		text += " (≥" + two(d.Lo) + ")"
	case d.Interval:
		text += " (" + two(d.Lo) + "–" + two(d.Hi) + ")"
	}
	return text
}

func percentText(v float64) string { return fmt.Sprintf("%.3g %%", 100*v) }

// odds are an e-value: "12×"; beyond a hundred million the number says nothing more.
func odds(e float64) string {
	if e > 1e8 {
		return ">1e8×"
	}
	return two(e) + "×"
}

// oddsOf writes evidence beside what is needed: one that falls short by a little is not rounded up to it.
func oddsOf(e, needed float64) string {
	if e < needed && two(e) == two(needed) {
		return fmt.Sprintf("%.1f×", math.Floor(e*10)/10)
	}
	return odds(e)
}
