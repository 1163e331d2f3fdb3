package stat

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// exactSigned is the largest number of pairs for which the exact null of the
// signed ranks is worked out.
const exactSigned = 200

// WilcoxonResult is the Wilcoxon signed-rank test of paired differences around 0.
type WilcoxonResult struct {
	// Plus and Minus are the rank sums of the pairs with x > y and with x < y.
	Plus, Minus float64
	// Z is the standardised Plus with continuity correction.
	Z float64
	// P is two-sided.
	P float64
	// Method says which distribution P is from.
	Method Method
	// Balance is (Plus - Minus) / (Plus + Minus), the matched rank biserial correlation.
	Balance float64
	Basis
}

// Wilcoxon compares x[i] with y[i]. Pairs with a value that is not finite and equal
// pairs are left out (Wilcoxon 1945), with warnings; N is the number of pairs that
// remain. The exact distribution holds without ties and is used up to 200 pairs;
// the normal limit has variance n(n+1)(2n+1)/24 - sum(t^3-t)/48.
func Wilcoxon(x, y []float64, method Method) (WilcoxonResult, error) {
	const op = "wilcoxon"
	if len(x) != len(y) {
		return WilcoxonResult{}, fmt.Errorf("%s: %w: %d and %d values are not pairs", op, ErrShape, len(x), len(y))
	}
	r := WilcoxonResult{}
	d := r.pairedDifferences(x, y)
	if err := r.enough(op, 1); err != nil {
		return WilcoxonResult{}, err
	}
	tied, cubes := r.rankSigned(d)
	n := float64(len(d))
	sigma := math.Sqrt(math.Max(0, n*(n+1)*(2*n+1)/24-cubes/48))
	r.Z = rankZ((r.Plus-r.Minus)/2, sigma)
	r.Balance = (r.Plus - r.Minus) / (r.Plus + r.Minus)
	r.Method = r.settle(method, tied == 0 && len(d) <= exactSigned)
	if r.Method == Exact {
		r.P = clamp(2 * nullSigned(len(d)).below(int(min(r.Plus, r.Minus))))
	} else {
		r.P = twoSided(r.Z)
		r.warnSmall(meanSample)
	}
	if tied > 0 {
		r.warn(Ties, 0, float64(tied))
	}
	return r, nil
}

// pairedDifferences keeps the pairs that say something and fills the basis.
func (r *WilcoxonResult) pairedDifferences(x, y []float64) []float64 {
	d, dropped, zero := make([]float64, 0, len(x)), 0, 0
	for i := range x {
		switch {
		case !isFinite(x[i]) || !isFinite(y[i]):
			dropped++
		case x[i] == y[i]:
			zero++
		default:
			d = append(d, x[i]-y[i])
		}
	}
	r.N = []float64{float64(len(d))}
	if dropped > 0 {
		r.warn(Dropped, 0, float64(dropped))
	}
	if zero > 0 {
		r.warn(ZeroDifferences, 0, float64(zero))
	}
	return d
}

// rankSigned sums mid-ranks of |d| by sign.
func (r *WilcoxonResult) rankSigned(d []float64) (tied int, cubes float64) {
	slices.SortFunc(d, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	for i := 0; i < len(d); {
		j := i
		for j < len(d) && math.Abs(d[j]) == math.Abs(d[i]) {
			j++
		}
		rank := float64(i+j+1) / 2
		for _, v := range d[i:j] {
			if v > 0 {
				r.Plus += rank
			} else {
				r.Minus += rank
			}
		}
		t := float64(j - i)
		tied += j - i - 1
		cubes += t * (t*t - 1)
		i = j
	}
	return tied, cubes
}

// nullSigned counts the sign patterns of n ranks for each rank sum. Halving at
// each rank keeps them probabilities, so nothing overflows.
func nullSigned(n int) tail {
	half := n * (n + 1) / 4
	p := make([]float64, half+1)
	p[0] = 1
	for rank := 1; rank <= n; rank++ {
		for s := half; s >= 0; s-- {
			p[s] /= 2
			if s >= rank {
				p[s] += p[s-rank] / 2
			}
		}
	}
	return tail{p, 1}
}
