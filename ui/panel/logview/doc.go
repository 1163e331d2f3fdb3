// Package logview is panel 5: the newest log lines of both arms, narrowed by arm, level, pattern and text, and a tail that
// follows them.
//
// What it promises:
//   - It asks and never reads: Ask says which lines it wants, whoever reads them hands them back with SetPage or adds
//     them, and an answer to an older question is dropped.
//   - A reader's place stands still while lines arrive, unless the newest are followed.
//   - A line is shown as sources.Text: nothing in it can command a terminal.
//
// A Logs belongs to one session and is not safe for concurrent use; it starts no goroutine.
//
// # Why
//
// It is the one panel with a life beside the frame: filters, a query of its own, lines that are held and a cursor in them.
// A package of its own keeps that state away from panels that are pure functions of a frame.
package logview
