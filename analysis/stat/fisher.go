package stat

import (
	"fmt"
	"math"
	"slices"
)

const (
	// exactTable is the largest grand total Fisher's sum is worked out for: some
	// 80 standard deviations of the hypergeometric, a few million terms.
	exactTable = 1_000_000_000
	// sameTerm lets terms equal but for rounding count as equal, as R does.
	sameTerm = 1 + 1e-7
)

// FisherResult is Fisher's exact test of a two by two table.
type FisherResult struct {
	// P is two-sided: all tables that are no more likely than the one seen.
	P float64
	// OddsRatio is ad/bc; when a cell is empty one half is added to all four
	// (Haldane 1956) and FilledCells says so.
	OddsRatio float64
	Basis
}

// Fisher tests a table [[a b] [c d]] of counts given its margins (Fisher 1934). N
// holds the row totals. A row or column without counts admits one table only: P is 1.
func Fisher(table [2][2]int) (FisherResult, error) {
	const op = "fisher"
	cells := [4]float64{}
	for i := range cells {
		n := table[i/2][i%2]
		if n < 0 {
			return FisherResult{}, fmt.Errorf("%s: %w: cell %d is %d", op, ErrCounts, i+1, n)
		}
		cells[i] = float64(n)
	}
	a, b, c, d := cells[0], cells[1], cells[2], cells[3]
	if a+b+c+d > exactTable {
		return FisherResult{}, fmt.Errorf("%s: %w: %g counts", op, ErrTooLarge, a+b+c+d)
	}
	r := FisherResult{Basis: Basis{N: []float64{a + b, c + d}}}
	r.P = clamp(fisherP(hypergeometric{total: a + b + c + d, row: a + b, column: a + c}, a))
	if slices.Contains(cells[:], 0) {
		r.warn(FilledCells, 0, 4)
		a, b, c, d = a+0.5, b+0.5, c+0.5, d+0.5
	}
	r.OddsRatio = a / b * d / c
	return r, nil
}

// hypergeometric is the distribution of the first cell given the margins.
type hypergeometric struct{ total, row, column float64 }

func (h hypergeometric) support() (lo, hi float64) {
	return math.Max(0, h.row+h.column-h.total), math.Min(h.row, h.column)
}

func (h hypergeometric) mode() float64 {
	lo, hi := h.support()
	return math.Min(hi, math.Max(lo, math.Floor((h.row+1)*(h.column+1)/(h.total+2))))
}

// up is P(k+1)/P(k).
func (h hypergeometric) up(k float64) float64 {
	return (h.row - k) / (k + 1) * (h.column - k) / (h.total - h.row - h.column + k + 1)
}

// each visits the support outwards from the mode with the probability relative to
// the mode's. Products of ratios keep their digits where differences of log-gamma
// of large counts lose them.
func (h hypergeometric) each(visit func(k, weight float64)) {
	lo, hi := h.support()
	mode := h.mode()
	for k, w := mode, 1.0; k <= hi && w > 0; k++ {
		visit(k, w)
		w *= h.up(k)
	}
	for k, w := mode, 1.0; k > lo && w > 0; k-- {
		w /= h.up(k - 1)
		visit(k-1, w)
	}
}

func fisherP(h hypergeometric, seen float64) float64 {
	total, mark := 0.0, 0.0
	h.each(func(k, w float64) {
		total += w
		if k == seen {
			mark = w
		}
	})
	out := 0.0
	h.each(func(_, w float64) {
		if w <= mark*sameTerm {
			out += w
		}
	})
	return out / total
}
