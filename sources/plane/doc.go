// Package plane holds what all planes that take one share as a number have in common: the share that a verb asks for,
// what must still hold before a write, the way back, and how far a change has come by what was read and counted.
//
// It promises: nothing here asks or writes; a rung is given only for what was seen. [Watches] and the [Memory] on them
// remember a baseline of counters for each change that was applied, bounded, and may be used by many goroutines at once.
// Nothing owns a goroutine.
//
// # Why
//
// Rungs decided in one place mean the same behind every router: configured is what was read back, effective what the
// plane itself says of the instances that take requests, observed what requests show. A plane that cannot tell what is
// effective skips that rung instead of copying what is set, and traffic alone may then raise the change to observed.
package plane
