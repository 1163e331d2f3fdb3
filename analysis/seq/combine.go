package seq

import (
	"cmp"
	"math"
	"slices"
)

// negligible is the distance below the largest logarithm beyond which a term cannot change the sum's float64.
const negligible = 41

// logSum is ln of the sum of exp(logs[i]). The list must not be empty and must be finite.
func logSum(logs []float64) float64 {
	top := logs[0]
	for _, l := range logs[1:] {
		top = max(top, l)
	}
	sum := 0.0
	for _, l := range logs {
		if d := l - top; d > -negligible {
			sum += math.Exp(d)
		}
	}
	return top + math.Log(sum)
}

// logAdd is ln(exp(a) + exp(b)).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// Combine is ln of the weighted mean of e-values, which is an e-value under any dependence and never below Bonferroni's
// rule at the same weights. Weights of 0 are left out; with none left the answer is 0, no evidence.
func Combine(weights, logE []float64) float64 {
	top, any := 0.0, false
	for i, w := range weights {
		if w > 0 && (!any || logE[i] > top) {
			top, any = logE[i], true
		}
	}
	if !any {
		return 0
	}
	sum := 0.0
	for i, w := range weights {
		if w > 0 {
			sum += float64(w * math.Exp(logE[i]-top))
		}
	}
	return top + math.Log(sum)
}

// EBH names the hypotheses that the e-BH procedure rejects (Wang and Ramdas 2022), largest evidence first: the largest k
// such that the k-th largest e-value is at least K/(alpha k). The false discovery rate is at most alpha under any
// dependence.
func EBH(logE []float64, alpha float64) []int {
	order := make([]int, len(logE))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(logE[b], logE[a]) })
	for k := len(order); k > 0; k-- {
		if logE[order[k-1]] >= math.Log(float64(len(order))/(alpha*float64(k))) {
			return order[:k]
		}
	}
	return nil
}
