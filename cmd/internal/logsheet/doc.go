// Package logsheet writes what the logs say for those without a screen: lines, the diff of the arms, and a report. It
// prints what an engine hands out, masked already, and promises that no byte of a log line can command a terminal, break a
// table or forge a row: texts are written in their harmless form, in Markdown as code.
//
// Why the shapes are its own and not the frame's: scripts read these, and a frame changes with the console.
package logsheet
