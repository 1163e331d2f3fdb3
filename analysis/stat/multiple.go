package stat

import (
	"cmp"
	"fmt"
	"slices"
)

// BenjaminiHochberg adjusts p-values for the false discovery rate: adjusted[i] is
// the least rate at which hypothesis i is rejected, the running minimum from the top
// of p_(k) K/k (Benjamini, Hochberg 1995). It is not valid for p-values that were
// looked at more than once; those need anytime p-values or e-values.
func BenjaminiHochberg(p []float64) (adjusted []float64, err error) {
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("benjamini-hochberg: p %d is %g: %w, must be inside [0, 1]", i+1, v, ErrLevel)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	adjusted = make([]float64, len(p))
	least := 1.0
	for down, i := range order {
		rank := len(p) - down
		least = min(least, p[i]*(float64(len(p))/float64(rank)))
		adjusted[i] = least
	}
	return adjusted, nil
}
