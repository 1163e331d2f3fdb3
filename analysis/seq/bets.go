package seq

import (
	"fmt"
	"math"
	"slices"
)

// Bets are the ratios that an e-process bets on, with the part of its wealth on each. They do not change once made.
type Bets struct {
	delta  []float64 // ln ratio
	gain   []float64 // ratio - 1
	weight []float64 // sums to 1

	logWeight []float64
}

// NewBets makes bets on ratios (1.5 means: the candidate's rate is 1.5 times legacy's). Without weights they are equal.
// Ratios must be positive, finite and not 1; weights positive with sum 1.
func NewBets(ratios, weights []float64) (Bets, error) {
	if len(ratios) == 0 {
		return Bets{}, fmt.Errorf("bets: no ratio")
	}
	if weights == nil {
		weights = slices.Repeat([]float64{1 / float64(len(ratios))}, len(ratios))
	}
	if len(weights) != len(ratios) {
		return Bets{}, fmt.Errorf("bets: %d ratios with %d weights", len(ratios), len(weights))
	}
	b := Bets{weight: slices.Clone(weights)}
	sum := 0.0
	for i, r := range ratios {
		if !(r > 0 && r <= 1e6 && r >= 1e-6) || r == 1 {
			return Bets{}, fmt.Errorf("bets: ratio %v: want one from 1e-6 to 1e6 other than 1", r)
		}
		if !(weights[i] > 0) {
			return Bets{}, fmt.Errorf("bets: weight %v of ratio %v: want one above 0", weights[i], r)
		}
		sum += weights[i]
		b.logWeight = append(b.logWeight, math.Log(weights[i]))
		b.delta = append(b.delta, math.Log(r))
		b.gain = append(b.gain, r-1)
	}
	if math.Abs(sum-1) > 1e-9 {
		return Bets{}, fmt.Errorf("bets: weights add up to %v: want 1", sum)
	}
	return b, nil
}

// The ratios of the default grid, and how the start and the restarts of WORSE spread their wealth over them: the start
// looks for any harm, a restart for harm that set in late and must be seen fast. The weights were tuned by simulation.
func gridRatios() []float64 { return []float64{1.1, 1.25, 1.5, 2, 3, 5, 10} }
func startParts() []float64 { return []float64{.02, .05, .10, .15, .20, .28, .20} }
func againParts() []float64 { return []float64{.01, .02, .07, .30, .40, .18, .02} }

// Grid is the default grid with equal weights.
func Grid() Bets { return must(NewBets(gridRatios(), nil)) }

// StartBets is the default grid as the start of WORSE weighs it.
func StartBets() Bets { return must(NewBets(gridRatios(), startParts())) }

// RestartBets is the default grid as the restarts of WORSE weigh it.
func RestartBets() Bets { return must(NewBets(gridRatios(), againParts())) }

// SafeBets are the bets of SAFE: that the candidate's rate is 1.25, 1.5 or 2 times below the margin.
func SafeBets() Bets { return must(NewBets([]float64{1.25, 1.5, 2}, nil)).Mirror() }

// must is for the constants above only.
func must(b Bets, err error) Bets {
	if err != nil {
		panic(err)
	}
	return b
}

// Mirror bets on the inverse of each ratio.
func (b Bets) Mirror() Bets {
	m := Bets{weight: b.weight, logWeight: b.logWeight}
	for i := range b.delta {
		m.delta = append(m.delta, -b.delta[i])
		m.gain = append(m.gain, math.Expm1(-b.delta[i]))
	}
	return m
}

// Len is the number of bets.
func (b Bets) Len() int { return len(b.delta) }

// Weights are the parts of the wealth on each bet.
func (b Bets) Weights() []float64 { return slices.Clone(b.weight) }

// costs writes ln(1 - pi + pi e^delta) of each bet: what one event of either arm costs it.
func (b Bets) costs(dst []float64, pi float64) {
	for i, g := range b.gain {
		dst[i] = math.Log1p(float64(pi * g))
	}
}

// steps writes ln e_j = delta x - total cost of each bet, for x events of total in the candidate.
func (b Bets) steps(dst, costs []float64, x, total float64) {
	for i, d := range b.delta {
		dst[i] = float64(d*x) - float64(total*costs[i])
	}
}

// add adds the steps of one stratum to those of the strata before.
func (b Bets) add(dst, costs []float64, x, total float64) {
	for i, d := range b.delta {
		dst[i] += float64(d*x) - float64(total*costs[i])
	}
}
