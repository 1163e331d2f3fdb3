// Package dialog holds what stands over a screen and takes the keys: a confirmation, a line to type, the question before
// leaving. A dialog is a plain value: a key goes in, an Answer comes out, and View draws it to cells. It asks nobody and
// starts nothing; its owner does.
//
// # Why
//
// A dialog that opens by itself, or late over a slow line, takes keys that were meant for what was there before. So a
// dialog has a Gate: its keys count from the moment on at which it is known to be on the operator's screen, and until
// then they are swallowed. A fixed pause does not do: it is too long on a desk and too short over a bad line.
//
// What gives the candidate more is read to its end before enter counts, because on a small screen the commands are below
// what is shown, and nobody is in a hurry on the way up. A rollback goes on in any room.
package dialog

// Answer is what became of a key.
type Answer uint8

// The answers. The zero value: the dialog stays.
const (
	Stay  Answer = iota
	Go           // go on
	Leave        // close it and change nothing
	Again        // ask again what could not be planned
)
