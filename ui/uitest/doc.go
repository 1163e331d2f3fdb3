// Package uitest runs a console without a terminal, inside a testing/synctest bubble: keys go in, a screen of plain text
// comes out, and time passes only when the test says so.
//
// What it promises: messages are handled one at a time and in the order in which they became ready, as Bubble Tea does;
// after each call everything that could happen without time passing has happened. The fakes (Feed, Operator, Ask) record
// what they were asked and answer what the test put into them.
//
// # Why
//
// A pump of our own instead of the library's test model, because that one asserts on the byte stream and waits in real
// time. What only the real program shows (resizing, restoring, closed input) is tested against an emulator beside it.
package uitest
