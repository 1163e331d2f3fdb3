// Package seq holds evidence that stays valid while people look at it: e-processes over blocks of counts, one block per
// scrape. Numbers in, numbers out: no clock, no goroutine, no I/O.
//
// An e-process E starts at 1 and has mean at most 1 at every stopping time while its null hypothesis is true, so it
// reaches 1/alpha with probability at most alpha however often it is looked at (Ville's inequality). Everything here works
// with ln E. Evidence is collected inside each block and multiplied, never from cumulated ratios: a ramp that moves the
// split while the common error rate drifts breaks every pooled comparison and leaves these untouched. What is used in a
// block may depend on earlier blocks and on the block's request counts, never on its errors.
//
// [RateRatio] compares two error counts (WORSE with [Grid], SAFE with [Bets.Mirror]); [Portfolio] adds restarts for late
// onsets, [Dispersion] tempers noisy blocks, [Gain] and [Burst] are the gauges that tell a burst from harm, [Interval] is
// the confidence sequence. [Cells] and [Tail] do the same for latency cells. [Errors] and [Latency] wire them as the judge
// uses them. [Split], [Dirichlet], [Pair] and [Cusum] stand beside. Boundaries and intervals for raw values are in the
// package bound below.
//
// A value of these types belongs to one goroutine. Adding a block allocates nothing. Every type that holds state writes
// it with MarshalBinary and goes on from UnmarshalBinary on a value made with the same settings, to the same bits. A live
// rollout does not need that: after a restart its blocks are read again from their source, from the first one on, and give
// the same evidence by the same code. Saved state is for streams that cannot be read twice.
//
// # Why
//
// Products that are summed are wrapped in float64(...), which forbids the compiler to fuse them: a dossier must give the
// same digits on every architecture. Wealth is kept as a logarithm per bet rather than as a product with rescaling: the
// logarithm is needed for the audit figures anyway and cannot overflow. The mixture over bets is finite, not conjugate,
// since only then may the split differ from block to block. Errors private to one arm that come in bursts of minutes break
// every e-process; no rule for the call mends that, hence the gauges, which turn automatic action into a question.
//
// Sources: Ville 1939; Howard, Ramdas, McAuliffe and Sekhon 2021 (uniform boundaries); Turner, Ly and Gruenwald 2021
// (arXiv 2106.02693, two-by-two e-variables); Lindon and Malek 2022 (multinomial mixtures); Shin, Ramdas and Rinaldo 2022
// (e-detectors); Wang and Ramdas 2022 (e-BH). The form with a split that changes from block to block is derived at
// [RateRatio] and [Cells].
package seq
