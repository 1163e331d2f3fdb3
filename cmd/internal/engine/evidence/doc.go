// Package evidence judges one live rollout: it turns the blocks of its sources into those of a dossier, gives them to the
// judge that re-judges dossiers offline (package score), and says in nouns what came of it: each measure's finding, the
// gauges, the forecast, what has failed beyond legacy's rate, and what each block added.
//
// A Case belongs to one goroutine at a time; what it hands out is never changed afterwards. It reads no clock and asks
// nobody: equal blocks give equal findings, so that a console opened late agrees with one that was there from the start.
//
// Why it is no part of package analysis: it knows the shapes of sources, strata and edges as they come, with arms missing
// and parts that do not add up, which a judge of checked dossiers must not.
package evidence
