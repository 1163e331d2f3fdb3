// Package analysis holds the nouns of judgement: what is measured, by which rule it is guarded, what was found and how
// sure we are. It is pure: no clock, no goroutine, no I/O. A time comes in as an argument, a doubt goes out with every
// number.
//
// The judge itself stands below: stat and seq are numbers in and numbers out, score turns blocks into calls, judge puts
// calls, guards and gauges into one [Verdict]. A verdict is decided once and stored; whoever shows it recomputes
// nothing.
//
// # Why
//
// Judging is a function of recorded values, because the same code then judges live, offline from a dossier, and ten
// thousand times in a simulation; a clock or a socket anywhere in it would make three judges of one.
//
// The nouns stand apart from what computes them, so that a screen or a script that shows a verdict imports no statistics.
package analysis
