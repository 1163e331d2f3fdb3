package seq

import "math"

// exactInterval is the confidence sequence by its definition, from every past block: what the constant-memory form must
// agree with.
type exactInterval struct{ blocks []Block }

func (v *exactInterval) evidence(d, sign float64) float64 {
	bets := Grid()
	logs := make([]float64, bets.Len())
	for i, delta := range bets.delta {
		logs[i] = math.Log(bets.weight[i])
		for _, b := range v.blocks {
			pi := b.share(math.Exp(d))
			logs[i] += sign*delta*b.CandidateX - b.Events()*math.Log1p(pi*math.Expm1(sign*delta))
		}
	}
	return logSum(logs)
}

func (v *exactInterval) limit(sign, alpha float64) (float64, bool) {
	need := math.Log(2 / alpha)
	strong, weak := -sign*search, sign*search
	if v.evidence(strong, sign) < need {
		return 0, false
	}
	for range 200 {
		if mid := (strong + weak) / 2; v.evidence(mid, sign) >= need {
			strong = mid
		} else {
			weak = mid
		}
	}
	return math.Exp(strong), true
}
