// Package predictions reads what log lines say of predictions: it takes fields out of documents and gives them to the
// joins, checks and figures of [rampart/analysis/pair] and [rampart/analysis/quality], and hands out what they know as a part of the
// frame, with every number as a value and every text masked. A Book locks itself.
//
// A line is a prediction when it has the fields of the config's `where`, or without one when it has a prediction or a
// score; a label when it has the label field; one line may be both.
//
// Why all of it hangs on one watermark, the engine's: blocks, pairs and labels then speak of the same span, in both arms,
// however much later one arm's lines come.
package predictions
