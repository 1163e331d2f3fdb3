// Package prom reads metrics from Prometheus, and from whatever speaks its HTTP API. It meets [sources.Metrics].
//
// It promises whole requests: every count is the difference of raw samples, corrected for restarts, never an
// extrapolated rate. A block depends on the samples within its own lookback and on nothing else, so two consoles that
// were opened at different times, and one that reads a window in pieces, agree block for block. What could not be read
// is an error or a note, never a zero. A [Source] owns no goroutine that outlives a call; what it returns is the
// caller's and is not touched again.
//
// # Why
//
// Raw range selectors (`metric{...}[35m]`, asked as instant queries) instead of query_range at aligned steps: they
// alone carry the scrapes' own times. With those it can be told whether an arm was scraped in a block at all, a
// counter that restarted and grew within one block is seen, and a pod that is gone is not carried on for five minutes.
// A range query at the scrape interval moves the same number of samples, so nothing is saved by it. `increase()` was
// rejected because it extrapolates to counts that nobody made, and the tests of package analysis need whole ones.
//
// The increase of a sample runs from the one before it, which must lie within the lookback; a series without one
// counts from zero where zero is known (see scene.zero), else its first value is only a base. A child that comes back
// after missing scrapes would bring the requests of several blocks at once and look like a change of traffic: a block
// holds only increases that span as much time in the one arm as in the other (see spans.common).
//
// The answer is decoded as a stream, a series at a time, with a limit on their number: client_golang reads whole
// bodies, which for two hours of fifty pods is 20 MB at once and for a selector that matches too much is the end of
// the process. Everything that is not raw samples goes through client_golang's API; prometheus/common does TLS and
// proxies. Long windows are read in pieces, several at once.
package prom
