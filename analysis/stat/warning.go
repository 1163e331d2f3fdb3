package stat

import "fmt"

// WarningKind names an assumption that the data break. The zero value is unknown.
type WarningKind uint8

// The kinds of warning. Amount says how many or how large.
const (
	// Dropped: values that were not finite were left out; Amount is how many.
	Dropped WarningKind = iota + 1
	// SmallSample: n is below what the approximation asks for; Amount is n.
	SmallSample
	// Ties: values occur more than once, so a continuous null does not hold
	// exactly; Amount is how many values repeat another.
	Ties
	// SparseCells: cells expect fewer than five (Cochran 1954); Amount is how many.
	SparseCells
	// PooledCells: sparse cells were merged; Amount is how many were merged away.
	PooledCells
	// FilledCells: cells empty on one side only were given a small mass so that
	// a logarithm exists; Amount is how many.
	FilledCells
	// UnequalVariances: variances differ more than fourfold where the method
	// pools them; Amount is the ratio of the largest to the smallest.
	UnequalVariances
	// Skewed: skewness is above 1 and n below 355 skew^2 (Kohavi, Deng, Longbotham,
	// Xu 2014, rule 7), so the mean is not yet normal; Amount is the skewness.
	Skewed
	// ZeroDifferences: pairs that are equal were left out; Amount is how many.
	ZeroDifferences
	// NotExact: the exact distribution was asked for but does not apply (ties) or
	// is too large; the asymptotic one was used.
	NotExact
	// ShortOfConfidence: so few values cannot reach the confidence asked for;
	// Amount is the confidence reached.
	ShortOfConfidence
	// EmptyStrata: strata without information were skipped; Amount is how many.
	EmptyStrata
	// Unplaced: the samples differ in the share beyond an outermost edge, where a
	// cell has no width and a distance cannot be told; Amount is the larger difference.
	Unplaced
	// OpenCell: the quantile lies beyond the outermost edge; Amount is the share there.
	OpenCell
)

// Warning is one broken assumption.
type Warning struct {
	// Kind says which assumption.
	Kind WarningKind
	// Sample counts from 1 and is 0 when the warning concerns all of them.
	Sample int
	// Amount is explained at each kind.
	Amount float64
}

var warningText = [...]string{
	Dropped:           "values not finite, left out: %g",
	SmallSample:       "small sample, n = %g",
	Ties:              "ties, values that repeat another: %g",
	SparseCells:       "cells that expect fewer than 5: %g",
	PooledCells:       "sparse cells merged into others: %g",
	FilledCells:       "cells empty on one side, given a small mass: %g",
	UnequalVariances:  "variances differ %.3g-fold",
	Skewed:            "skewness %.3g is too large for this n",
	ZeroDifferences:   "equal pairs, left out: %g",
	NotExact:          "exact distribution not available, asymptotic used",
	ShortOfConfidence: "too few values, confidence reached is %.4g",
	EmptyStrata:       "strata without information, skipped: %g",
	Unplaced:          "shares beyond the outermost edges differ by %.3g, which no distance can count",
	OpenCell:          "the quantile is beyond the outermost edge, where a share of %.3g lies",
}

// String gives the warning as the operator reads it.
func (w Warning) String() string {
	if int(w.Kind) >= len(warningText) || w.Kind == 0 {
		return "unknown warning"
	}
	text := warningText[w.Kind]
	if w.Kind != NotExact {
		text = fmt.Sprintf(text, w.Amount)
	}
	if w.Sample > 0 {
		return fmt.Sprintf("sample %d: %s", w.Sample, text)
	}
	return text
}
