// Package account says on paper where a ramp stands and what became of a deed: as lines for people, as JSON for programs.
//
// It promises that both say the same, that a number that is not known is missing in JSON and a dash on paper, and that
// nothing from outside is printed as it came.
//
// # Why
//
// The JSON is a document of its own and not the frame: the frame changes with the program, and scripts read this.
package account
