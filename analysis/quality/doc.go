// Package quality says how good predictions are that stand in log lines: whether their fields keep to what was promised
// ([Checks]), how they are distributed in both arms ([Inputs]), and, once the labels have come, how often they were right
// ([Labels]). Values in, counts out: no clock, no goroutine, no I/O. A value of these types belongs to one goroutine.
//
// Everything is bounded by its config whatever the lines hold, and what is left out is counted. Both arms are always seen
// over the same span of the lines' own time: lines go into blocks by their time, and a block counts once the watermark
// has passed its end, so that one arm's slower log shipper does not look like a difference.
//
// # Why
//
// Whether the candidate breaks a check more often than legacy is judged as errors are ([rampart/analysis/seq.Errors]): block
// by block, by evidence that stays valid while people look. A share in an interval is shown beside it and decides only
// where the config gives an absolute limit.
//
// When labels come late and predictions are many, not all can be remembered until their label comes. Then every second id
// is let go, by a hash of the id alone: both arms are thinned alike, prediction and label of one id stay or go together,
// and what stays keeps its whole delay. Forgetting the oldest instead would lose exactly those whose label is due.
//
// The area under the ROC curve is by ranks with ties counted half (Hanley and McNeil 1982), over the newest labelled
// scores; everything else is over all of them.
package quality
