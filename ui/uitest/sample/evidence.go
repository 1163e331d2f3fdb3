package sample

import (
	"cmp"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// The incident's rollout in blocks: the first ends at 13:44:15, harm begins with the one that ends at 13:54:15 and is
// called with the one that ends at 13:58.
const (
	blocks    = 85
	harmBegan = 41
	called    = 56
)

// explanation is the incident block by block: a candidate whose errors begin at 13:58, and one scrape that was missed.
func explanation() analysis.Explanation {
	var x analysis.Explanation
	harm, safe := 0.0, 0.0
	ratio := analysis.Missing("no error in legacy to compare with")
	for n := 1; n <= blocks; n++ {
		c := analysis.Contribution{Block: n, At: at(13, 44, 0).Add(time.Duration(n) * 15 * time.Second), Split: split(5)}
		legacy, candidate := &analysis.Tally{Requests: 277, Bad: int64(1 + n%4/3)}, &analysis.Tally{Requests: 15, Bad: failed(n)}
		if n == 30 {
			candidate = nil
		} else {
			c.LogE, c.LogSafe = gained(candidate.Bad)
			ratio = soFar(n)
		}
		harm, safe = harm+c.LogE, safe+c.LogSafe
		c.Harm, c.Safe = harm, safe
		errors := analysis.Part{Measure: "errors", Counts: sources.ByArm[*analysis.Tally]{Legacy: legacy, Candidate: candidate}, LogHarm: 1.1 * c.LogE, LogSafe: c.LogSafe, Ratio: ratio}
		if candidate != nil {
			errors.Due = float64(legacy.Bad+candidate.Bad) * 16.5 / (277 + 16.5)
		}
		if candidate != nil && candidate.Bad > 0 {
			errors.Strata = []analysis.StratumPart{{Key: sources.NewText("/rank"), Bad: candidate.Bad, Due: .09, Requests: 9}}
		}
		slow := analysis.Part{
			Measure: "slow", Edge: .25, Counts: sources.ByArm[*analysis.Tally]{Legacy: &analysis.Tally{Requests: 277, Bad: 2}, Candidate: &analysis.Tally{Requests: 15, Bad: int64(n % 6 / 5)}},
			Due: .15, LogHarm: -.002, LogSafe: .004, Ratio: analysis.Number(1.3, analysis.Ratio, int64(15*n)).Between(.6*float64(n)/blocks, 2.7*blocks/float64(n)),
		}
		if candidate == nil {
			slow.Counts.Candidate, slow.Due, slow.LogHarm, slow.LogSafe = nil, 0, 0, 0
		}
		c.Parts = []analysis.Part{errors, slow}
		x.Newest = append(x.Newest, c)
	}
	x.Top = slices.SortedStableFunc(slices.Values(x.Newest), func(a, b analysis.Contribution) int { return cmp.Compare(b.LogE, a.LogE) })[:8]
	return x
}

// failed is how many of the candidate's requests failed in a block.
func failed(n int) int64 {
	switch {
	case n < harmBegan:
		return int64(n % 28 / 27)
	case n > called:
		return int64(n % 6 / 5)
	case n%6 == 0 || n == called:
		return 2
	}
	return int64(n % 2)
}

// gained is what failures of the candidate add to both sides: about 3.6 and -4.1 over the rollout.
func gained(bad int64) (harm, safe float64) {
	if bad == 0 {
		return -.0227, .0113
	}
	return .2325 * float64(bad), -.2197 * float64(bad)
}

// soFar is the ratio with its confidence sequence after a block.
func soFar(n int) analysis.Value {
	part := float64(n) / blocks
	v := 1 + 3*min(1, max(0, part-.48)/.17)
	if n < 20 {
		return analysis.Number(v, analysis.Ratio, int64(15*n)).AtLeast(0)
	}
	return analysis.Number(v, analysis.Ratio, int64(15*n)).Between(v*.425*part, v*2.05/part)
}

// routes are the strata of the incident's errors: one of them is broken.
func routes() []analysis.StratumEvidence {
	return []analysis.StratumEvidence{
		{Key: sources.NewText("/rank"), LogHarm: 4.1, Ratio: ratio(6.2, 2.4, 14), Excess: analysis.Number(15, analysis.Count, 740)},
		{Key: sources.NewText("/home"), LogHarm: -.4, Ratio: ratio(1.1, .3, 3.9), Excess: analysis.Number(1, analysis.Count, 380)},
		{Key: sources.NewText("other"), LogHarm: -.1, Ratio: analysis.Missing("no error in legacy to compare with"), Excess: analysis.Missing("no error in legacy to compare with")},
	}
}
