package part

import (
	"math"
	"time"

	"rampart/analysis"
	"rampart/sources"
	"rampart/ui/cell"
)

// Value prints a value with its unit and, where it has one, its interval: "1.69 %", "×4.0 (1.7–8.2)", "100–250 ms",
// "1 240". A value that is not known is cell.None; Explained adds why.
func Value(v analysis.Value) string { return valued(v, decimalsOf(v)) }

// Explained is Value with the reason behind a number that is not known: "— (not scraped)".
func Explained(v analysis.Value) string {
	if !v.Known && v.Why != "" {
		return cell.None + " (" + v.Why + ")"
	}
	return Value(v)
}

// Number prints a value with its unit and without its interval.
func Number(v analysis.Value) string {
	v.Interval = v.Interval && v.Cell
	return Value(v)
}

// Pair prints the values of both arms with the same decimals, so that the eye compares digits and not formats.
func Pair(legacy, candidate analysis.Value) (string, string) {
	legacy.Interval, candidate.Interval = legacy.Interval && legacy.Cell, candidate.Interval && candidate.Cell
	d := decimalsOf(legacy, candidate)
	return valued(legacy, d), valued(candidate, d)
}

// decimalsOf returns the decimals that values of one row share.
func decimalsOf(vs ...analysis.Value) int {
	nums := make([]float64, 0, len(vs))
	for _, v := range vs {
		switch {
		case !v.Known:
		case v.Unit == analysis.Fraction:
			nums = append(nums, v.V*100)
		default:
			nums = append(nums, v.V)
		}
	}
	return min(3, cell.Decimals(nums...))
}

func valued(v analysis.Value, decimals int) string {
	if !v.Known || math.IsNaN(v.V) {
		return cell.None
	}
	if v.Cell {
		return span(v)
	}
	switch v.Unit {
	case analysis.Fraction:
		return cell.Percent(v.V, decimals) + bounds(v, func(x float64) string { return cell.Fixed(100*x, decimals) })
	case analysis.Ratio:
		if !v.Interval {
			return cell.Times(v.V)
		}
		return cell.TimesWithin(v.V, v.Lo, upper(v))
	case analysis.Seconds:
		return seconds(v.V) + bounds(v, seconds)
	case analysis.PerSecond:
		return cell.Rate(v.V) + bounds(v, cell.Rate)
	case analysis.Count:
		return whole(v.V) + bounds(v, whole)
	case analysis.Bytes:
		return cell.Short(v.V) + "B"
	case analysis.Bare:
	}
	bare := func(x float64) string { return cell.Bare(x, decimals) }
	return bare(v.V) + bounds(v, bare)
}

// bounds prints a value's interval, if it has one.
func bounds(v analysis.Value, say func(float64) string) string {
	switch {
	case !v.Interval:
		return ""
	case v.OpenHi:
		return cell.Within(say(v.Lo), cell.None)
	}
	return cell.Within(say(v.Lo), say(v.Hi))
}

// upper is the interval's upper end, infinite where it is open.
func upper(v analysis.Value) float64 {
	if v.OpenHi {
		return math.Inf(1)
	}
	return v.Hi
}

func whole(v float64) string { return cell.Count(int64(math.Round(v))) }

func seconds(v float64) string { return cell.Took(time.Duration(v * float64(time.Second))) }

// Share prints a split as bare per cents, for lines that say the unit once.
func Share(s sources.Split) string {
	if !s.Known {
		return cell.None
	}
	return points(s.Candidate)
}

func points(s sources.Share) string {
	p := s.Percent()
	if p > 0 && p < 1 {
		return cell.Fixed(p, 2)
	}
	return cell.Fixed(p, 1)
}

// Counts prints how many requests of both arms a number rests on: "23 560 / 1 240", or shorter where that is wider
// than its column; short is for narrow columns.
func Counts(n sources.ByArm[int64], short bool) string {
	if short {
		return brief(n.Legacy) + "/" + brief(n.Candidate)
	}
	full := Count(n.Legacy) + " / " + Count(n.Candidate)
	if cell.Width(full) <= countWidth {
		return full
	}
	return brief(n.Legacy) + " / " + brief(n.Candidate)
}

// Count keeps to seven columns, which is what the widest column has.
func Count(n int64) string {
	if n >= 1_000_000 {
		return cell.Short(float64(n))
	}
	return cell.Count(n)
}

// brief keeps to five columns: "940", "23.6k".
func brief(n int64) string {
	if n < 1000 {
		return cell.Count(n)
	}
	s := []rune(cell.Short(float64(n)))
	out := s[:0]
	for _, r := range s {
		if r != ' ' {
			out = append(out, r)
		}
	}
	return string(out)
}

// numbers turns values into what sparklines take: NaN where a value is not known.
func numbers(vs []analysis.Value) []float64 {
	out := make([]float64, len(vs))
	for i, v := range vs {
		out[i] = v.V
		if !v.Known {
			out[i] = math.NaN()
		}
	}
	return out
}

// Two prints a distance with two decimals, so that a column of them is one.
func Two(v analysis.Value) string {
	if !v.Known {
		return cell.None
	}
	if v.V != 0 && math.Abs(v.V) < .005 {
		return "<.01"
	}
	return cell.Bare(v.V, 2)
}
