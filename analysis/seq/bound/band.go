package bound

import "math"

// bandSlope is the factor A of the band below; a larger one is tighter early and wider late.
const bandSlope = .85

// Band is the half-width that an empirical distribution function of t independent values keeps everywhere, for all sample
// sizes from least on at once, with probability 1 - alpha: A sqrt((ln(1 + ln(t/least)) + C)/t), A = .85 (Howard and Ramdas
// 2022, theorem 2). 1 before least. For two arms give each alpha/2; they differ when their functions are further apart
// than the sum. It needs one stage with a constant split, and is blind in the tails: draw with it, do not decide with it.
func Band(t, alpha, least float64) float64 {
	if t < least || t <= 0 {
		return 1
	}
	c := BandConstant(alpha)
	return min(1, bandSlope*math.Sqrt((math.Log1p(math.Log(t/least))+c)/t))
}

// BandConstant is the least C at which the band's error is at most alpha, to the theorem's exact bound.
func BandConstant(alpha float64) float64 {
	return bisect(2, 1e4, func(c float64) bool { return bandError(c) > alpha })
}

// bandError is the least over eta of 4 exp(-g^2 C) (1 + 1/((g^2 - 1) ln eta)), g = sqrt(2/eta) (A - sqrt(2 (eta - 1)/C)).
func bandError(c float64) float64 {
	lo, hi := 1.0, 2*bandSlope*bandSlope
	const golden = .6180339887498949
	x, y := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fx, fy := bandTerm(c, x), bandTerm(c, y)
	for range 90 {
		if fx <= fy {
			hi, y, fy = y, x, fx
			x = hi - golden*(hi-lo)
			fx = bandTerm(c, x)
		} else {
			lo, x, fx = x, y, fy
			y = lo + golden*(hi-lo)
			fy = bandTerm(c, y)
		}
	}
	return min(fx, fy)
}

func bandTerm(c, eta float64) float64 {
	root := bandSlope - math.Sqrt(2*(eta-1)/c)
	g2 := 2 / eta * root * root
	if root <= 0 || g2 <= 1 {
		return math.Inf(1)
	}
	return 4 * math.Exp(-g2*c) * (1 + 1/((g2-1)*math.Log(eta)))
}
