// Package stat holds the fixed-horizon tests, distances and effect sizes that
// reports and drift panels print beside the live evidence.
//
// It promises:
//
//   - A number never travels alone. Every result embeds a Basis: n of each
//     sample and the assumptions of the method that the data break.
//   - No result holds NaN or an infinity, and no input panics. Values of a raw
//     sample that are not finite are left out and reported as a Dropped warning;
//     a count that is negative or not finite is an error, for a count is
//     something the caller worked out and a bad one means a bug upstream.
//   - What cannot be known is an error that says why (ErrTooFew, ErrNoSpread,
//     ErrEmptyCell ...), never a zero.
//   - Arguments are read, never written, and nothing is kept after the return.
//     Results own their slices.
//   - There is no state, no clock, no randomness. Where a sample is large the
//     work is split over at most two goroutines, both of which have ended before
//     the function returns.
//
// Nothing here may be looked at again and again: a p-value of this package holds
// for one look that was fixed in advance. Live decisions belong to package seq.
//
// # Why
//
// Distributions and special functions are gonum's (distuv, mathext), as are the
// moments, the Kullback-Leibler and Jensen-Shannon sums. Written here is what
// gonum has not (rank tests, p-values, intervals, bucketed distances) and what it
// has in a form that does not scale: its Wasserstein distance is quadratic, its
// Kolmogorov-Smirnov asks for sorted input and panics without it, and the F
// distribution's Survival is one minus the CDF and so loses every p below 1e-16.
//
// Rank methods do not compute ranks. Both samples are turned into integers of the
// same order and radix-sorted, one per core, and a merged walk counts what each
// statistic needs in whole numbers, so that U, D and the tie terms are exact
// before the one division at the end. Computing ranks as SciPy does costs two
// more passes over memory and an argsort.
//
// Exact distributions are sums of positive terms in probabilities, not
// differences of big integers: no overflow, and small p-values keep their digits.
// The Hodges-Lehmann interval is found by bisecting on the bits of a float64,
// which ends at an order statistic of the differences; root-finding on a
// continuous approximation returns the solver's noise when the data are tied.
package stat
