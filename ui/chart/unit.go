package chart

import (
	"math"
	"time"

	"rampart/ui/cell"
)

// Unit is what the values of a chart are.
type Unit uint8

// The units. Shares are 0 to 1 and printed in per cent, without the sign: the title says it.
const (
	Number Unit = iota
	Share
	Ratio
	Seconds
	PerSecond
	Odds // evidence: its sign stands behind, "12×", a ratio's in front
)

// value prints a value at the line's end or under the cursor, with the decimals that suit all the values beside it.
func (u Unit) value(v float64, beside ...float64) string {
	switch u {
	case Share:
		d := cell.Decimals(v * 100)
		for _, b := range beside {
			d = max(d, cell.Decimals(b*100))
		}
		return cell.Fixed(v*100, min(d, 3))
	case Ratio:
		return cell.Times(v)
	case Seconds:
		return took(v)
	case Odds:
		return cell.Evidence(v)
	case Number, PerSecond:
	}
	return cell.Short(v)
}

// tick prints a value of the axis, with as many decimals as its step needs.
func (u Unit) tick(v, step float64) string {
	switch u {
	case Share:
		return cell.Fixed(v*100, decimals(step*100))
	case Ratio:
		return "×" + cell.Fixed(v, decimals(step))
	case Seconds:
		return took(v)
	case Odds:
		return cell.Fixed(v, decimals(step)) + "×"
	case Number, PerSecond:
	}
	if math.Abs(v) >= 10000 {
		return cell.Short(v)
	}
	return cell.Fixed(v, decimals(step))
}

// took prints seconds as a duration.
func took(v float64) string {
	if !finite(v) || math.Abs(v) > 1e9 {
		return cell.None
	}
	return cell.Took(time.Duration(math.Round(v * float64(time.Second))))
}

// decimals are those that a round step of 1, 2, 2.5 or 5 times a power of ten needs.
func decimals(step float64) int {
	for d := range 6 {
		scaled := step * math.Pow10(d)
		if math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			return d
		}
	}
	return 6
}

// finite is neither NaN nor infinite: both leave something when they are taken from themselves.
func finite(v float64) bool { return v-v == 0 }
