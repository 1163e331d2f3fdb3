// Package ramp decides what a ramp does next: a [Plan], the [State] it is in and an [Input], which is all that is known
// at one instant, go into [Next]; the next state and its effects come out. Nothing here has a clock, reads or writes:
// the same three values always give the same answer, so that a journal of states is a ramp that survives its runner.
//
// It promises, in this order of weight:
//   - A rollback that somebody asks for comes out of every state at once, whatever else is true.
//   - Nothing raises the candidate's share on old numbers, a red gauge that acts, a lost lease, inside a freeze, on another
//     candidate or legacy than at the start, or while a write has no known outcome.
//   - A share that is found lower than the plan set it is never raised again: the ramp ends and says who did it. Only a
//     new start goes on from there.
//   - Only shares of the plan are ever asked for, in their order, and 0.
//   - A clock that goes back raises nothing and turns no timer; what goes down does not need a clock.
//
// # Why
//
// Time counts for a step only while fresh numbers were seen at both of its ends and at most [MostUnwatched] lie between:
// a runner that slept, or a clock that jumped ahead, has watched nothing meanwhile.
//
// A clock that went back is waited for, as long as it went back by: the state's times are all that a journal keeps, and a
// ramp that went on by another clock of its own would have two orders of what happened, of which a restart knows one. Who
// does not want to wait stops the ramp and starts it anew: a start takes the time as it is, and the share as it is found.
//
// A share that is found higher holds the ramp and does not end it: a held ramp still rolls back when the candidate is
// worse, an ended one does nothing.
//
// Answers of people are events and not state that somebody else keeps: what was asked, what was answered and by whom
// stands in the state, and so in the journal.
//
// Consequences of doubt are asked for, not taken: with a gauge in the red or legacy in trouble as well, a rollback asks
// first. An automatic rollback on evidence that the evidence itself distrusts is how healthy candidates are lost.
package ramp
