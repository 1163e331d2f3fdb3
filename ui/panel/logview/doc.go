// Package logview is panel 5: the newest log lines of both arms, narrowed by arm, level, pattern and text, and a tail that
// follows them.
//
// What it promises:
//   - It asks and never reads: Ask says which lines it wants, whoever reads them hands them back with SetPage or adds
//     them, and an answer to an older question is dropped.
//   - A reader's place stands still while lines arrive, unless the newest are followed. The lines that it has are one
//     stretch of the log without a hole: what does not join on is counted and asked for when the reader comes to the end.
//   - The time cursor goes both ways: the charts' moves the lines (Ask), and the selected line moves the charts (Lead).
//   - A line is shown as sources.Text: nothing in it can command a terminal. No more of a line is looked at than is shown.
//   - Lines without masks are dropped when their time is over, marks and an opened line with them.
//
// A Logs belongs to one session and is not safe for concurrent use; it starts no goroutine.
//
// # Why
//
// It is the one panel with a life beside the frame: filters, a query of its own, lines that are held and a cursor in them.
// A package of its own keeps that state away from panels that are pure functions of a frame.
//
// Filters are run by the source's index over the charts' window where it can run them, so that a filter finds lines that
// were never read or are held no longer; without a filter, and for what no index knows (a regex, a template), the lines are
// those that the engine holds, and the panel says so. That is one bounded search a scrape while a filter is looked at, and
// none otherwise: a shared cluster must not be asked most in the very incident in which it matters. Marks are kept whole and
// not as places, because a line that was set aside must outlive the ring.
package logview
