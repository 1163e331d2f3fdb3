package peer

import (
	"fmt"

	"rampart/analysis/seq"
)

// Threshold asks every so often whether the candidate's success rate is above a constant, and gives up after too many
// answers of no. It does not look at legacy.
type Threshold struct {
	name    string
	least   float64 // success rate
	every   int     // scrapes
	window  int     // scrapes that the rate is taken over, at most every
	most    int     // failed checks that are put up with
	scrapes int
	sum     seq.Block
	failed  int
}

// NewArgo is the example of Argo Rollouts' documentation ("Analysis & Progressive Delivery", success-rate): every five
// minutes a success rate by irate, that is of the last scrape, of at least 95 %; failureLimit 3 puts up with three
// failures.
func NewArgo() *Threshold {
	return &Threshold{name: "Argo example", least: .95, every: 5 * perMinute, window: 1, most: 3}
}

// NewFlagger is the example of Flagger's documentation ("Metrics Analysis" and the Istio tutorial): every minute a success
// rate of at least 99 % over a minute; threshold 5 rolls back at the fifth failed check.
func NewFlagger() *Threshold {
	return &Threshold{name: "Flagger example", least: .99, every: perMinute, window: perMinute, most: 4}
}

// Name says whose example it is.
func (t *Threshold) Name() string { return t.name }

// Rule says when it fires.
func (t *Threshold) Rule() string {
	return fmt.Sprintf("candidate's success rate below %g %% in check %d, one every %d min", 100*t.least, t.most+1, t.every/perMinute)
}

// Add takes a scrape and checks when it is time. A check without requests is passed over.
func (t *Threshold) Add(b seq.Block, missing bool) bool {
	t.scrapes++
	if left := t.every - 1 - (t.scrapes-1)%t.every; left < t.window && !missing {
		t.sum = t.sum.Plus(b)
	}
	if t.scrapes%t.every == 0 {
		if n := t.sum.CandidateN; n > 0 && 1-t.sum.CandidateX/n < t.least {
			t.failed++
		}
		t.sum = seq.Block{}
	}
	return t.failed > t.most
}
