package cell

import (
	"math"
	"strconv"
	"strings"
)

// None stands for a number that is not known; what is not known is never printed as zero.
const None = "—"

// Fixed prints v with the given decimals, thousands apart: "23 560", "0.42". NaN and infinities print as None.
func Fixed(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return None
	}
	s := strconv.FormatFloat(v, 'f', max(0, decimals), 64)
	if v < 0 && zero(s) {
		s = s[1:]
	}
	return apart(s)
}

// zero tells a printed number without a digit other than 0.
func zero(s string) bool {
	for _, c := range s {
		if c >= '1' && c <= '9' {
			return false
		}
	}
	return true
}

// apart puts a blank between groups of three digits of the whole part, as in "23 560".
func apart(s string) string {
	from, to := 0, len(s)
	if s != "" && s[0] == '-' {
		from = 1
	}
	for i := from; i < len(s); i++ {
		if s[i] == '.' {
			to = i
			break
		}
	}
	if to-from < 4 {
		return s
	}
	out := make([]byte, 0, len(s)+4)
	for i := range len(s) {
		if i > from && i < to && (to-i)%3 == 0 {
			out = append(out, ' ')
		}
		out = append(out, s[i])
	}
	return string(out)
}

// Decimals returns the decimals that numbers of one row share, so that the eye compares digits and not formats: two
// significant digits for the smallest of them, at most three for the largest, and no more than four in all.
func Decimals(vs ...float64) int {
	lo, hi := math.Inf(1), 0.0
	for _, v := range vs {
		v = math.Abs(v)
		if v > 0 && !math.IsInf(v, 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if hi == 0 {
		return 0
	}
	return max(0, min(4, 1-magnitude(lo), 2-magnitude(hi)))
}

// magnitude is the power of ten of v's first digit once it is rounded to two.
func magnitude(v float64) int {
	m := int(math.Floor(math.Log10(v)))
	if v >= 9.95*math.Pow10(m) {
		m++
	}
	return m
}

// Percent prints a share (0 to 1) in per cent with the given decimals: "1.69 %".
func Percent(share float64, decimals int) string {
	if s := Fixed(share*100, decimals); s != None {
		return s + " %"
	}
	return None
}

// Times prints a ratio with two significant digits: "×4.0", "×12", "×0.94".
func Times(ratio float64) string {
	if s := two(ratio); s != None {
		return "×" + s
	}
	return None
}

// TimesWithin prints a ratio and its interval: "×4.0 (1.7–8.2)". A bound that is not finite is left open: "(≥1.7)",
// "(≤8.2)"; without both, and for a ratio that is not known, the interval is left out.
func TimesWithin(ratio, lo, hi float64) string {
	s := Times(ratio)
	if s == None {
		return s
	}
	return s + Within(two(lo), two(hi))
}

// Within prints an interval behind a number, with a leading blank: " (1.7–8.2)". Bounds are numbers as printed; None
// leaves a side open.
func Within(lo, hi string) string {
	switch {
	case lo == None && hi == None:
		return ""
	case hi == None:
		return " (≥" + lo + ")"
	case lo == None:
		return " (≤" + hi + ")"
	}
	return " (" + lo + "–" + hi + ")"
}

// More prints what is added, with its sign: "+2.6", "-0.40", "+260".
func More(v float64) string {
	s := two(v)
	if s != None && s[0] != '-' {
		return "+" + s
	}
	return s
}

// two prints a number with two significant digits and at most two decimals.
func two(v float64) string { return Fixed(v, min(2, Decimals(v))) }

// Count prints a whole number, thousands apart: "940", "1 240", "23 560".
func Count(n int64) string { return apart(strconv.FormatInt(n, 10)) }

// Bare prints a number between -1 and 1 without its leading zero, for narrow columns: ".04", "-.31", "1.20".
func Bare(v float64, decimals int) string {
	s := Fixed(v, decimals)
	if math.Abs(v) >= 1 || decimals < 1 || s == None {
		return s
	}
	if s[0] == '-' {
		return "-" + s[2:]
	}
	if s[0] == '0' {
		return s[1:]
	}
	return s
}

// Short prints a number in at most four digits and a unit prefix: "940", "1.24 k", "23.6 k", "1.20 M".
func Short(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return None
	}
	const prefixes = "kMGTPE"
	unit := -1
	for math.Abs(v) >= 999.5 && unit < len(prefixes)-1 {
		v, unit = v/1000, unit+1
	}
	if unit < 0 {
		return Fixed(v, min(2, Decimals(v)))
	}
	return Fixed(v, max(0, 2-magnitude(math.Abs(v)))) + " " + prefixes[unit:unit+1]
}

// Rate prints requests per second: "18 rq/s", "0.42 rq/s", "1.24 k rq/s"; below one in ten seconds per minute,
// "3.0 rq/min".
func Rate(perSecond float64) string {
	s, unit := Short(perSecond), " rq/s"
	if v := math.Abs(perSecond); v > 0 && v < 0.1 {
		s, unit = Short(perSecond*60), " rq/min"
	}
	if s == None {
		return None
	}
	return s + unit
}

// RateStep prints how a rate changes, with one unit for both where that can be: "18→19 rq/s".
func RateStep(before, after float64) string {
	from, to := Rate(before), Rate(after)
	if bare, ok := strings.CutSuffix(from, " rq/s"); ok && strings.HasSuffix(to, " rq/s") {
		from = bare
	}
	return from + "→" + to
}

// Evidence prints an e-value, how many times likelier: "12×", "0.42×", "1 240×", and beyond a hundred million or a
// hundredth, where the number says nothing more, ">1e8×", "<0.01×". A ratio has its sign in front, evidence behind.
func Evidence(e float64) string {
	switch {
	case math.IsNaN(e):
		return None
	case e > 1e8:
		return ">1e8×"
	case e < 0.01:
		return "<0.01×"
	}
	return two(e) + "×"
}
