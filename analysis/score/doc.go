// Package score is the judge: it turns the blocks of a rollout into calls, the same live and offline. One [Judge] follows
// one rollout; [Run] judges dossiers again. It opens nothing, reads no clock and starts no goroutine; equal blocks give
// equal bytes.
//
// A block is judged where both arms were scraped and had a request between them; such a block is a line. Each measure
// makes its own evidence ([seq.Errors], [seq.Latency]); WORSE is called when the weighted mean of the measures' e-values
// reaches 1/alpha, and stays; SAFE while the least of them does. Two gauges act: confirmation (the evidence must not hang
// on one spell of eight scrapes) and burst (the ratio must not keep jumping). Red turns automatic action into a question.
//
// # Why
//
// WORSE is latched for the call, since evidence that once reached 1/alpha is what alpha was promised for; but automatic
// rollback asks for evidence that still stands, [Judge.Auto]. With the latch alone a burst that is over would turn its
// gauges green again and roll back a healthy candidate: simulated, bursts of four times the errors then roll back in 30 %
// of runs, against 8 % as it is.
//
// A block in which one arm was scraped and idle is a line without evidence. A block in which both were idle changes
// nothing, not even the gauges' clock of eight lines. Missing scrapes freeze the evidence; after more than two of them
// the call is STALE, before the first pair it is NO DATA: silence never makes a rollout safe. NO CANDIDATE TRAFFIC
// stands while the configured share is 0 and no request arrived.
package score
