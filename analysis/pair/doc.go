// Package pair compares what both arms answered to the same request (shadow mode: traffic is mirrored), and which team's
// results users preferred when both were shown in one list (interleaving). Numbers and names in, numbers out: no clock, no
// goroutine, no I/O. A value of these types belongs to one goroutine.
//
// A [Join] takes both arms' lines in any order and pairs them by request id within a window of their own time. It promises:
//
//   - Each line is counted exactly once: in a pair, as waiting, or as unmatched with the reason.
//   - The counts do not depend on the order in which lines come, as long as none comes behind the watermark.
//   - Exchanging the arms mirrors the report: agreement stays, differences change their sign.
//   - Waiting lines hold at most the configured bytes, whatever the two sides send. What has to go goes from the side that
//     holds more, oldest first, so a side with a hundred times the lines cannot push the other's out.
//
// # Why
//
// A pair is made when the watermark has passed its window and not when its second line comes: only then is it known which
// lines were duplicates, so the first of each arm by its own time is taken whichever came first. It costs a window of
// delay and makes two consoles agree.
//
// Latencies of one request are compared by their difference, not arm by arm: the request's own weight cancels out. The
// evidence that may be looked at all the time is [rampart/analysis/seq.SignFlip]; Wilcoxon's test is printed beside it for
// one look (Wilcoxon 1945).
//
// A line behind the watermark is unmatched even if its partner still waits. Taking it would make the result depend on
// when the partner was closed; the watermark is the engine's measured ingest lag, so such lines are few and counted.
package pair
