package stat

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Errors of this package; each is wrapped with the function and the cause.
var (
	// ErrTooFew: a sample has too few finite values for the method.
	ErrTooFew = errors.New("too few values")
	// ErrNoSpread: no sample varies, so there is no scale to measure a difference with.
	ErrNoSpread = errors.New("the values do not vary")
	// ErrCounts: a count or weight is negative, not finite, or they are all zero.
	ErrCounts = errors.New("counts must be finite, not negative and not all zero")
	// ErrShape: slices that belong together differ in length or order.
	ErrShape = errors.New("wrong shape")
	// ErrEmptyCell: the quantity is infinite because a cell is empty on one side.
	ErrEmptyCell = errors.New("infinite, a cell is empty on one side only")
	// ErrTooLarge: the exact sum would be too long.
	ErrTooLarge = errors.New("too large for an exact answer")
	// ErrRange: the result is outside the range of float64.
	ErrRange = errors.New("the result is outside the range of float64")
	// ErrLevel: a probability or level is outside its range.
	ErrLevel = errors.New("level out of range")
)

// Basis is what a number rests on. Every result embeds one.
type Basis struct {
	// N is the number of values used of each sample in the order the samples
	// were given, or the sum of its counts or weights.
	N []float64
	// Warnings lists the assumptions that the data break; empty when none was seen.
	Warnings []Warning
}

// Has reports whether a warning of the kind was raised.
func (b Basis) Has(kind WarningKind) bool {
	for _, w := range b.Warnings {
		if w.Kind == kind {
			return true
		}
	}
	return false
}

func (b *Basis) warn(kind WarningKind, sample int, amount float64) {
	b.Warnings = append(b.Warnings, Warning{Kind: kind, Sample: sample, Amount: amount})
}

// addSample notes n of the next sample and how many values it lost.
func (b *Basis) addSample(n, dropped int) {
	b.N = append(b.N, float64(n))
	if dropped > 0 {
		b.warn(Dropped, len(b.N), float64(dropped))
	}
}

// warnSmall raises SmallSample for every sample below the limit.
func (b *Basis) warnSmall(limit float64) {
	for i, n := range b.N {
		if n < limit {
			b.warn(SmallSample, i+1, n)
		}
	}
}

// finite returns the finite values of x, without copying when all are.
func finite(x []float64) (kept []float64, dropped int) {
	for i, v := range x {
		if isFinite(v) {
			continue
		}
		kept = append(make([]float64, 0, len(x)-1), x[:i]...)
		for _, v := range x[i+1:] {
			if isFinite(v) {
				kept = append(kept, v)
			}
		}
		return kept, len(x) - len(kept)
	}
	return x, 0
}

func isFinite(v float64) bool { return v-v == 0 }

// inRange is the last gate of every function: no NaN and no infinity leaves.
func inRange(op string, values ...float64) error {
	for _, v := range values {
		if !isFinite(v) {
			return fmt.Errorf("%s: %w", op, ErrRange)
		}
	}
	return nil
}

// enough checks n of each sample against what the method needs.
func (b Basis) enough(op string, need float64) error {
	for _, n := range b.N {
		if n < need {
			return fmt.Errorf("%s: %w: have %s, need %g each", op, ErrTooFew, join(b.N), need)
		}
	}
	return nil
}

func join(n []float64) string {
	parts := make([]string, len(n))
	for i, v := range n {
		parts[i] = fmt.Sprintf("%g", v)
	}
	return strings.Join(parts, " and ")
}

// level checks that a confidence, alpha or power lies strictly inside (0, 1).
func level(op, name string, p float64) error {
	if p > 0 && p < 1 {
		return nil
	}
	return fmt.Errorf("%s: %s %g: %w, must be inside (0, 1)", op, name, p, ErrLevel)
}

// clamp holds a probability inside [0, 1] against rounding.
func clamp(p float64) float64 { return math.Min(1, math.Max(0, p)) }

// Method says how a p-value is, or is to be, computed. The zero value is Auto.
type Method uint8

// The methods. A result never says Auto.
const (
	// Auto takes the exact distribution where it holds and is cheap.
	Auto Method = iota
	// Exact asks for the exact distribution; where it does not hold or would be
	// too large the result says Asymptotic and carries a NotExact warning.
	Exact
	// Asymptotic takes the limit for large samples.
	Asymptotic
)

// String is the method as printed in a report.
func (m Method) String() string {
	switch m {
	case Auto:
		return "auto"
	case Exact:
		return "exact"
	case Asymptotic:
		return "asymptotic"
	}
	return "unknown"
}

// settle decides between the two methods given whether the exact one is possible.
func (b *Basis) settle(asked Method, possible bool) Method {
	if asked != Asymptotic && possible {
		return Exact
	}
	if asked == Exact {
		b.warn(NotExact, 0, 0)
	}
	return Asymptotic
}
