package ramp

import (
	"errors"
	"fmt"
	"strconv"

	"rampart/analysis"
	"rampart/sources"
)

// Quantity is what of a measure a rule compares.
type Quantity uint8

// The quantities. The zero value is none.
const (
	Success Quantity = iota + 1 // the part of requests that did not fail
	Errors                      // the part that failed
	Latency                     // the mean
	Slow                        // the part above the measure's edge
)

var quantityWords = [...]string{"", "success", "errors", "latency", "slow"}

// String returns the quantity's word.
func (q Quantity) String() string {
	if int(q) < len(quantityWords) {
		return quantityWords[q]
	}
	return ""
}

// MarshalText writes the quantity's word.
func (q Quantity) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads a quantity's word.
func (q *Quantity) UnmarshalText(b []byte) error {
	for i, w := range quantityWords {
		if i > 0 && w == string(b) {
			*q = Quantity(i)
			return nil
		}
	}
	return fmt.Errorf("quantity %q: want success, errors, latency or slow", b)
}

// Rule is a threshold of the classic kind: a quantity over the last requests, candidate over legacy. It is no evidence:
// it is looked at again and again, and a healthy candidate breaches it sooner or later. Exactly one limit is set.
type Rule struct {
	Measure string               `json:"measure"`
	Of      Quantity             `json:"of"`
	Over    int64                `json:"over"`      // requests of each arm, the newest; with fewer it does not speak
	Max     float64              `json:"max_ratio"` // candidate over legacy, at most; 0: no such limit
	Min     float64              `json:"min_ratio"` // at least
	Then    analysis.Consequence `json:"then"`
}

// Sums are one arm's newest Rule.Over requests, or a few more, by the measure of one rule. The zero value is not known and
// breaches nothing.
type Sums struct {
	Requests int64
	Bad      int64   // failed, or above the edge
	Seconds  float64 // their time, together
}

// String says the rule: "success over the last 100 requests at least ×0.95 of legacy, else rollback".
func (r Rule) String() string {
	limit := "at most ×" + strconv.FormatFloat(r.Max, 'g', -1, 64)
	if r.Min > 0 {
		limit = "at least ×" + strconv.FormatFloat(r.Min, 'g', -1, 64)
	}
	return fmt.Sprintf("%s of %s over the last %d requests %s of legacy, else %s", r.Of, sources.Visible(r.Measure), r.Over, limit, r.Then)
}

// Validate tells what is wrong with the rule.
func (r Rule) Validate() error {
	switch {
	case r.Measure == "":
		return errors.New("a rule needs a measure")
	case r.Of < Success || r.Of > Slow:
		return errors.New("a rule is of success, errors, latency or slow")
	case r.Over < 1:
		return errors.New("a rule looks at the last requests: over: 100")
	case (r.Max > 0) == (r.Min > 0) || r.Max < 0 || r.Min < 0 || r.Max != r.Max || r.Min != r.Min:
		return errors.New("a rule has one limit above 0: max_ratio or min_ratio")
	case r.Then == analysis.DoWarn:
		return errors.New("a rule says what follows: rollback, hold or ask")
	}
	return nil
}

// Breached tells whether the newest requests break the rule, and says so. With fewer requests than it looks at in either
// arm, or with nothing to divide by, it does not speak.
func (r Rule) Breached(now sources.ByArm[Sums]) (said string, breached bool) {
	if min(now.Legacy.Requests, now.Candidate.Requests) < max(r.Over, 1) {
		return "", false
	}
	l, c := r.Of.of(now.Legacy), r.Of.of(now.Candidate)
	above := r.Max > 0 && c > r.Max*l
	below := r.Min > 0 && c < r.Min*l
	if !above && !below || l <= 0 && r.Of != Errors && r.Of != Slow {
		return "", false
	}
	if l <= 0 {
		return fmt.Sprintf("%s of %s %.3g, legacy none: %s", r.Of, sources.Visible(r.Measure), c, r), true
	}
	return fmt.Sprintf("%s of %s ×%.3g: %s", r.Of, sources.Visible(r.Measure), c/l, r), true
}

func (q Quantity) of(s Sums) float64 {
	n := float64(s.Requests)
	switch q {
	case Success:
		return 1 - float64(s.Bad)/n
	case Errors, Slow:
		return float64(s.Bad) / n
	case Latency:
		return s.Seconds / n
	}
	return 0
}
