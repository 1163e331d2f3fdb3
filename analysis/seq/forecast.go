package seq

import "math"

// Growth is the mean and the variance, per block with these requests, of the increments of the best bet's log evidence
// when legacy's rate is rate and the candidate's is ratio times it, against the null "at most (1 + margin) times".
func Growth(ratio, rate, legacyN, candidateN, margin float64) (mean, variance float64) {
	d := math.Log(ratio / (1 + margin))
	b := Block{LegacyN: legacyN, CandidateN: candidateN}
	l := math.Log1p(float64(b.share(1+margin) * math.Expm1(d)))
	candX, legacyX := float64(candidateN*rate*ratio), float64(legacyN*rate)
	mean = float64(candX*d) - float64((legacyX+candX)*l)
	variance = float64(candX*(d-l)*(d-l)) + float64(legacyX*l*l)
	return mean, variance
}

// ForecastInput is what a forecast rests on.
type ForecastInput struct {
	Ratio               float64 // Mantel-Haenszel, as seen so far
	Rate                float64 // legacy's, as seen so far
	LegacyN, CandidateN float64 // requests of one block, as in the last one
	Margin              float64
	Need                float64 // ln(1/(alpha w))
	LogE                float64 // evidence in hand
}

// Blocks is the range of blocks until WORSE would be called if the ratio seen is the true one. The evidence is taken for
// a Brownian motion with the growth of the best bet, whose time to a level is inverse Gaussian; the ends are its 8 % and
// 92 % points, at levels that leave room for what mixing over bets and restarts costs. Not known when the ratio points the
// other way, or when nothing is to be learned from such blocks.
func (in ForecastInput) Blocks() (lo, hi float64, known bool) {
	if !(in.Ratio > 1+in.Margin) || math.IsInf(in.Ratio, 1) || !(in.Rate > 0) {
		return 0, 0, false
	}
	mean, variance := Growth(in.Ratio, in.Rate, in.LegacyN, in.CandidateN, in.Margin)
	if !(mean > 1e-12 && variance > 0) {
		return 0, 0, false
	}
	quantile := func(p, room float64) float64 {
		level := in.Need + room - in.LogE
		if level <= 0 {
			return 1
		}
		return inverseGaussian(p, level/mean, level*level/variance)
	}
	lo = max(1, math.Floor(quantile(.08, .3)))
	hi = max(lo, math.Ceil(quantile(.92, 2)))
	return lo, min(hi, MaxCount), true
}

// inverseGaussian is the p-quantile of the inverse Gaussian distribution, by bisection of its distribution function
// Phi(sqrt(s/y)(y - 1)) + e^(2s) Phi(-sqrt(s/y)(y + 1)) for y = x/mean and s = shape/mean.
func inverseGaussian(p, mean, shape float64) float64 {
	s := shape / mean
	below := func(logY float64) float64 {
		y := math.Exp(logY)
		root := math.Sqrt(s / y)
		return math.Exp(logPhi(root*(y-1))) + math.Exp(2*s+logPhi(-root*(y+1)))
	}
	lo, hi := -60.0, 60.0
	for range 80 {
		if mid := (lo + hi) / 2; below(mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return mean * math.Exp((lo+hi)/2)
}

// logPhi is ln of the standard normal distribution function, also far out in its lower tail.
func logPhi(z float64) float64 {
	if z > -20 {
		return math.Log(.5 * math.Erfc(-z/math.Sqrt2))
	}
	i := 1 / (z * z) // asymptotic series
	return -float64(z*z/2) - math.Log(-z*math.Sqrt(2*math.Pi)) + math.Log1p(-float64(i*(1-float64(3*i*(1-float64(5*i))))))
}

// Excess is how many of the candidate's failed requests legacy would not have failed if the true ratio is ratio:
// (ratio - 1)/ratio of them. Negative when the candidate is better. Not known for a ratio of 0.
func Excess(ratio, candidateX float64) (excess float64, known bool) {
	if !(ratio > 0) {
		return 0, false
	}
	if math.IsInf(ratio, 1) {
		return candidateX, true
	}
	return float64((ratio - 1) / ratio * candidateX), true
}
