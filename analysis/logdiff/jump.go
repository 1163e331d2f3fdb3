package logdiff

import (
	"math"

	"rampart/sources"
)

// A split jumps when the candidate's share of the requests leaves the last block's by more than a fifth and by more than
// five standard errors: what chance does is neither.
const (
	jumpPart   = .2
	jumpErrors = 5
)

// jumped tells whether the split changed against the block before. It looks at requests alone, never at lines, so leaving
// such a block out keeps the evidence valid.
func (d *Diff) jumped(n sources.ByArm[int64]) bool {
	if len(d.requests) == 0 {
		return false
	}
	before := d.requests[len(d.requests)-1].n
	p, all := share(before)
	q, more := share(n)
	if all == 0 || more == 0 {
		return false
	}
	pooled := float64(before.Candidate+n.Candidate) / (all + more)
	chance := math.Sqrt(pooled * (1 - pooled) * (1/all + 1/more))
	gap := math.Abs(q - p)
	return gap > jumpPart*max(p, q) && gap > jumpErrors*chance
}

func share(n sources.ByArm[int64]) (part, all float64) {
	all = float64(n.Legacy + n.Candidate)
	if all == 0 {
		return 0, 0
	}
	return float64(n.Candidate) / all, all
}
