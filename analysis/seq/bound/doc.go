// Package bound holds boundaries and intervals for sums, means, shares, quantiles and distribution functions that hold at
// every sample size at once. Pure functions: numbers in, numbers out.
//
// A boundary speaks of a sum S with intrinsic time V (for independent values, V is the sum of their variances): LogE is
// the mixture evidence that S is no martingale of that variance, Bound the S at which it reaches 1/alpha. They need the
// values or counts of one stage with a constant split; on a ramp decide with the e-processes of seq and use these to draw.
//
// # Why
//
// Every mixture has a tuning point, the V at which its bound is tightest; it is an argument everywhere, because a default
// hides the loss elsewhere. Bounds without a closed form are found by bisection to the last bit, not by Newton steps: the
// same input must give the same digits. These are drawn and never judged by, so their products may be fused.
//
// Sources: Howard, Ramdas, McAuliffe and Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences"
// (mixtures, stitching); Howard and Ramdas 2022, "Sequential estimation of quantiles" (bands, quantiles); Waudby-Smith et
// al., arXiv 2103.06476 (asymptotic intervals); Waudby-Smith and Ramdas 2024, "Estimating means of bounded random
// variables by betting"; Johari et al. 2017 (mixture SPRT). The figures were tied out with their authors' programs.
package bound
