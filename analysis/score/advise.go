package score

import (
	"math"

	"rampart/analysis/seq"
)

// room is what mixing over bets and restarts costs beyond ln(1/alpha) at the median detection: with it the rough forecast
// gives 14.9 min at 5 % and 3.2 min at 50 % for twice the errors, where the simulation's medians are 15.0 and 3.5.
const room = 1.1

// Detection is what finding a given harm at one share would cost.
type Detection struct {
	Share  float64
	Blocks float64 // until WORSE, at the median
	Excess float64 // requests that would fail until then and would not with legacy
}

// Detect estimates when errors of ratio times legacy's would be called WORSE at a share, from now on: the evidence still
// needed over the growth of the best bet per block. The requests per block and legacy's rate are the mean of all blocks
// judged. Not known for latency, before legacy has errors, and for a ratio within the margin.
func (m *Measure) Detect(ratio, share float64) (d Detection, known bool) {
	if m.errors == nil || math.IsInf(m.Need, 1) || m.Lines() == 0 {
		return Detection{}, false
	}
	sum, lines := m.errors.Sum(), float64(m.Lines())
	if !(sum.LegacyX > 0) || !(ratio > 1+m.Spec.HarmMargin) || math.IsInf(ratio, 1) || !(share > 0 && share < 1) {
		return Detection{}, false
	}
	rate := sum.LegacyX / sum.LegacyN
	candidate := sum.Requests() / lines * share
	mean, _ := seq.Growth(ratio, rate, sum.Requests()/lines*(1-share), candidate, m.Spec.HarmMargin)
	if !(mean > 0) {
		return Detection{}, false
	}
	blocks := max(1, (m.Need+room-max(0, m.logHarm))/mean)
	return Detection{Share: share, Blocks: blocks, Excess: blocks * candidate * (ratio - 1) * rate}, true
}

// worthwhile is how much more may fail until a decision for the decision to come sooner.
const worthwhile = 1.25

// Next suggests, among the shares given in ascending order, the one that exposes fewest requests until harm of ratio is
// decided; of those within a quarter of the least, the one that decides first. Exposure alone would always stay at the
// smallest share, where evidence costs a few failures less and takes forever.
func (m *Measure) Next(ratio float64, shares []float64) (Detection, bool) {
	least := math.Inf(1)
	var all []Detection
	for _, s := range shares {
		if d, known := m.Detect(ratio, s); known {
			all = append(all, d)
			least = min(least, d.Excess)
		}
	}
	best := Detection{Blocks: math.Inf(1)}
	for _, d := range all {
		if d.Excess <= worthwhile*least && d.Blocks < best.Blocks {
			best = d
		}
	}
	return best, len(all) > 0
}

// Pooled is the ratio of all requests so far as one heap, as a dashboard shows it, beside the stratified one.
type Pooled struct {
	Pooled, Stratified float64
}

// disagree is from which factor on two ratios are told apart.
const disagree = 1.15

// fewEvents is how many events each arm must have had: below, the ratios part by chance.
const fewEvents = 10

// PooledRatio compares the pooled ratio with the stratified one and tells whether they disagree by more than 15 %. Pooling
// mixes blocks of different shares and rates: while a ramp goes on and errors drift, it moves although nothing differs
// within any block.
func (m *Measure) PooledRatio() (p Pooled, disagrees bool) {
	sum := m.Sum()
	within, known := m.Ratio()
	if !known || sum.LegacyX < fewEvents || sum.CandidateX < fewEvents || !(within > 0) {
		return Pooled{}, false
	}
	p = Pooled{Pooled: (sum.CandidateX / sum.CandidateN) / (sum.LegacyX / sum.LegacyN), Stratified: within}
	return p, math.Abs(math.Log(p.Pooled/p.Stratified)) > math.Log(disagree)
}
