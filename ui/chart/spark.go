package chart

import (
	"math"
	"strings"

	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"
)

// Spark draws values in one row of w columns, the newest on the right: ▁▂▃▄▅▆▇█ from nothing up to top. A value that is
// not known (NaN) is a blank and nothing is drawn for it; of several values in one column the highest shows. Rows that
// are to be compared take the same top (see Top).
func Spark(values []float64, top float64, w int) string {
	if w <= 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(3 * w)
	for x := range w {
		b.WriteRune(sparkRune(highest(values, x, w), top))
	}
	return b.String()
}

// Top is the highest known value of all rows, and at least 0.
func Top(rows ...[]float64) float64 {
	top := 0.0
	for _, row := range rows {
		for _, v := range row {
			if finite(v) {
				top = max(top, v)
			}
		}
	}
	return top
}

// highest returns the highest known value of column x of w, NaN if there is none. Fewer values than columns stand on the
// right.
func highest(values []float64, x, w int) float64 {
	n := len(values)
	from, to := x-(w-n), x-(w-n)+1
	if n > w {
		from, to = x*n/w, (x+1)*n/w
	}
	best := math.NaN()
	for i := max(0, from); i < min(to, n); i++ {
		if v := values[i]; finite(v) && !(v <= best) {
			best = v
		}
	}
	return best
}

// sparkRune is the block for a value: the lowest for zero and below, a blank for what is not known.
func sparkRune(v, top float64) rune {
	if !finite(v) {
		return ' '
	}
	part := 0.0
	if top > 0 && finite(top) {
		part = v / top
	}
	return runes.LowerBlockElementFromFloat64(max(1.0/8, min(1, part)))
}
