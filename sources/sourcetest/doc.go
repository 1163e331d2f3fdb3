// Package sourcetest proves adapters. Each suite takes a function that opens a source over some world and checks the
// promises that the interfaces of package sources make; the same suite runs against the demo's servers and against the
// real programs, so that neither can drift from the other.
//
// Why functions over structs of worlds and not build tags or flags: a suite knows nothing of how its world is made, so
// whoever can make one, in a test of any package, can have it proved.
package sourcetest
