package score

import (
	"fmt"
	"math"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/seq"
)

// Judge follows one rollout. It belongs to one goroutine; adding a block allocates nothing.
type Judge struct {
	header   dossier.Header // after the changes
	alpha    float64
	need     float64 // ln(1/alpha)
	measures []*Measure
	place    []int // of each measure among the header's
	weights  []float64
	logs     []float64
	confirm  *seq.Confirmation
	promote  seq.Gain
	split    *seq.Split
	rules    rules
	trail    *trail // only when auditing

	blocks  int
	first   time.Time
	end     time.Time
	call    analysis.Call
	logHarm float64
	logSafe float64
	worse   bool
	judged  bool // the newest block was a line
	firsts  firsts
	since   time.Time // the end of the first block called worse
	safeAt  time.Time // the end of the newest block called safe
}

// firsts are block numbers from 1; 0: never.
type firsts struct{ worse, auto, safe, red int }

// New starts a judge of the rollout that the header describes.
func New(h dossier.Header, o Options) (*Judge, error) {
	j := &Judge{header: h, call: analysis.NoData, split: seq.NewSplit()}
	j.header.Measures = append([]dossier.Measure(nil), h.Measures...)
	keep, err := o.apply(&j.header, &j.rules)
	if err != nil {
		return nil, fmt.Errorf("judge %q: %w", h.ID, err)
	}
	j.alpha = j.header.Alpha
	j.need = math.Log(1 / j.alpha)
	j.confirm = seq.NewConfirmation(j.rules.caution)
	for i, m := range j.header.Measures {
		if keep[i] {
			j.measures = append(j.measures, newMeasure(m, j.alpha, j.rules))
			j.place = append(j.place, i)
			j.weights = append(j.weights, m.Weight)
		}
	}
	j.logs = make([]float64, len(j.measures))
	if j.rules.audit {
		j.trail = new(trail)
	}
	return j, nil
}

// Add takes the next block. One that breaks the format's rules is refused and changes nothing.
func (j *Judge) Add(b *dossier.Block) error {
	if err := j.header.CheckBlock(b, j.end); err != nil {
		return err
	}
	if j.blocks == 0 {
		j.first = b.End
	}
	j.blocks++
	j.end = b.End
	j.judged = false
	for i, m := range j.measures {
		m.judged = false
		if l, c := j.counts(&b.Legacy, i), j.counts(&b.Candidate, i); l != nil && c != nil {
			// All blocks are one step long, so begins are as far apart as ends.
			m.split(b, j.place[i])
			if m.add(l, c, b.End.Sub(j.first), b.End, j.need) && !j.judged {
				j.judged = true
				j.routed(b, l, c)
			}
		}
	}
	if j.judged {
		j.combine()
	}
	j.decide(b)
	return nil
}

// counts of a measure in an arm, nil where it was not scraped.
func (j *Judge) counts(a *dossier.Arm, measure int) *dossier.Counts {
	if !a.Scraped {
		return nil
	}
	if c := &a.Counts[j.place[measure]]; c.Known {
		return c
	}
	return nil
}

// routed takes the split of a line into the evidence of a mismatch.
func (j *Judge) routed(b *dossier.Block, legacy, candidate *dossier.Counts) {
	if b.ShareKnown {
		j.split.Add(b.Share, float64(legacy.Requests), float64(candidate.Requests))
	}
}

// combine puts the measures' evidence together after a line.
func (j *Judge) combine() {
	for i, m := range j.measures {
		j.logs[i] = m.logHarm
	}
	harm, safe := j.logHarm, j.logSafe
	j.logHarm = seq.Combine(j.weights, j.logs)
	j.confirm.Add(j.logHarm)
	j.logSafe = j.least((*Measure).LogSafe)
	if j.trail != nil {
		j.trail.add(Contribution{j.blocks, j.end, j.logHarm - harm, j.logSafe - safe})
	}
	if j.rules.promotion {
		j.promote.Add(j.least((*Measure).logPromotion))
	}
}

// least is the smallest evidence over the measures that count; 0 when none does.
func (j *Judge) least(of func(*Measure) float64) float64 {
	least := math.Inf(1)
	for i, m := range j.measures {
		if j.weights[i] > 0 {
			least = min(least, of(m))
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}

// decide makes the call of the block.
func (j *Judge) decide(b *dossier.Block) {
	j.worse = j.worse || j.logHarm >= j.need
	idle := j.idle(b)
	j.call = j.precedence(idle, j.worse)
	if j.worse && j.since.IsZero() {
		j.since = j.end
		j.findOnsets()
	}
	if j.call == analysis.Safe {
		j.safeAt = j.end
	}
	mark := func(first *int, holds bool) {
		if holds && *first == 0 {
			*first = j.blocks
		}
	}
	mark(&j.firsts.worse, j.worse)
	mark(&j.firsts.auto, j.Auto())
	mark(&j.firsts.safe, j.precedence(idle, false) == analysis.Safe)
	mark(&j.firsts.red, j.Burst() || j.confirm.Red())
}

// findOnsets looks for when the harm began that was just called.
func (j *Judge) findOnsets() {
	for _, m := range j.measures {
		if m.onset != nil {
			edge, _ := m.edge()
			m.onset.find(edge, j.header.Step)
		}
	}
}

// idle tells that the candidate is configured to get nothing and got nothing.
func (j *Judge) idle(b *dossier.Block) bool {
	if !b.ShareKnown || b.Share > 0 {
		return false
	}
	for i := range j.measures {
		if c := j.counts(&b.Candidate, i); c != nil && c.Requests > 0 {
			return false
		}
	}
	return true
}

// precedence is the first call that holds.
func (j *Judge) precedence(idle, worse bool) analysis.Call {
	if idle {
		return analysis.NoCandidateTraffic
	}
	if worse {
		return analysis.Worse
	}
	seen, stale := false, false
	for i, m := range j.measures {
		if j.weights[i] > 0 && !m.lastLine.IsZero() {
			seen = true
			stale = stale || j.end.Sub(m.lastLine) > 2*j.header.Step
		}
	}
	switch {
	case !seen:
		return analysis.NoData
	case stale:
		return analysis.Stale
	case j.logSafe >= j.need:
		return analysis.Safe
	}
	return analysis.Undecided
}

// Call is the call of the newest block.
func (j *Judge) Call() analysis.Call { return j.call }

// Worse tells that WORSE was called once, whatever the newest block's call is.
func (j *Judge) Worse() bool { return j.worse }

// WorseSince is the end of the first block called worse; zero: none.
func (j *Judge) WorseSince() time.Time { return j.since }

// SafeUntil is the end of the newest block called safe; zero: none. SAFE speaks of the past.
func (j *Judge) SafeUntil() time.Time { return j.safeAt }

// LogHarm is the combined evidence for WORSE, ln E.
func (j *Judge) LogHarm() float64 { return j.logHarm }

// LogSafe is the combined evidence for SAFE, ln E.
func (j *Judge) LogSafe() float64 { return j.logSafe }

// Need is ln(1/alpha), the evidence that makes a call.
func (j *Judge) Need() float64 { return j.need }

// Alpha is the error rate in force.
func (j *Judge) Alpha() float64 { return j.alpha }

// Burst tells that the errors of some measure come in bursts private to one arm.
func (j *Judge) Burst() bool {
	for i, m := range j.measures {
		if m.errors != nil && j.weights[i] > 0 && m.errors.Burst().Red() {
			return true
		}
	}
	return false
}

// Unconfirmed tells that the evidence hangs on one spell of eight lines.
func (j *Judge) Unconfirmed() bool { return j.confirm.Red() }

// Auto tells whether an automatic rollback would fire now: the call is WORSE, the evidence for it still stands, and no
// acting gauge is red.
func (j *Judge) Auto() bool {
	return j.call == analysis.Worse && j.logHarm >= j.need && !j.Burst() && !j.confirm.Red()
}

// Promotable tells whether an automatic promotion would fire now: SAFE, both arms fresh, no acting gauge red, and enough
// evidence left when the divisor knows of noise over eight scrapes and the best spell is taken off. Only when asked for.
func (j *Judge) Promotable() bool {
	return j.rules.promotion && j.call == analysis.Safe && j.judged && !j.Burst() && !j.confirm.Red() && j.promote.Rest() >= j.need
}

// LogMismatch is the evidence that the requests do not arrive in the configured shares.
func (j *Judge) LogMismatch() float64 { return j.split.LogE() }

// Measures are the measures judged, in the header's order.
func (j *Judge) Measures() []*Measure { return j.measures }

// MeasureCall is the call of one measure by itself.
func (j *Judge) MeasureCall(m *Measure) analysis.Call {
	return m.call(j.call == analysis.NoCandidateTraffic, j.end, j.header.Step)
}

// Blocks is the number of blocks taken, End the end of the newest.
func (j *Judge) Blocks() int { return j.blocks }

// End is the end of the newest block; zero before the first.
func (j *Judge) End() time.Time { return j.end }

// errorsMeasure is the first measure of errors, whose noise is shown; nil when there is none.
func (j *Judge) errorsMeasure() *Measure {
	for _, m := range j.measures {
		if m.errors != nil {
			return m
		}
	}
	return nil
}
