// Package drift says how far the candidate's features and scores have moved from legacy's: numbers in cells or as
// values, categories, and the shares that are missing or exactly zero.
//
// It promises:
//
//   - Every distance carries n of both sides and what it would be if nothing had changed ([Distance]). A PSI of .1 is
//     alarming on a million requests and nothing at all on two hundred.
//   - The log base and the binning stand in the result, for .1 means different things in different tools.
//   - What cannot be known says why and is not a zero: no common edge, too few values, categories without an order.
//   - Evidence comes from a [Tracker] that is fed block by block, and only there: a distance is for looking, and may be
//     looked at as often as one likes because nothing is decided by it.
//   - No clock, no goroutine, no I/O beyond the reader and the writer that [Load] and [Profile.Save] are given. Equal
//     input gives equal bytes. Arguments are not written.
//
// The reference is legacy at the same time, or a [Profile] saved earlier. The two are not alike: legacy has seen the same
// hour, the same users and the same outage; a profile has not, so every report against one says so and none has evidence.
//
// # Why
//
// Sparse cells are merged before PSI and Jensen-Shannon are taken (neighbours for numbers, a rest for categories), as for
// a chi-squared test. Without that the distance of two equal samples is ruled by the cells that hold two requests, and the
// expectation below is wrong by a multiple. The binning says how many were merged. Wasserstein and Kolmogorov-Smirnov
// need no such help and use all cells.
//
// The expectations follow from the multinomial. With c = 1/n_A + 1/n_B and K cells, PSI and 8 times the Jensen-Shannon
// divergence are both c times a chi-squared with K-1 degrees of freedom to second order. The gap between the two CDFs is
// sqrt(c) times a Brownian bridge, seen at the edges: its mean absolute value integrates to Wasserstein's expectation in
// closed form per cell, and its largest value has none for coarse cells, so Kolmogorov-Smirnov's is the mean over a few
// thousand bridges from a fixed seed. An asymptotic .87 sqrt(c) would be twice too large for a histogram of three cells.
//
// A profile holds numbers in a logarithmic sketch of fixed resolution (Masson, Rim, Lee 2019, DDSketch) and never as
// values: two profiles merge exactly, in any order, and nothing personal is stored. t-digest and KLL are smaller at equal
// accuracy of rank, but their merges depend on the order and so the same traffic would give other bytes.
package drift
