// Package analysis holds the nouns of judgement: what is measured, by which rule it is guarded, what was found and how
// sure we are. It is pure: no clock, no goroutine, no I/O. A time comes in as an argument, a doubt goes out with every
// number.
//
// The judge itself stands below: stat and seq are numbers in and numbers out, score turns blocks into calls, judge puts
// calls, guards and gauges into one [Verdict]. A verdict is decided once and stored; whoever shows it recomputes
// nothing.
package analysis
