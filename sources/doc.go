// Package sources holds the nouns of the outside world, in both directions: what is read of it (blocks, histograms,
// log lines, splits) and what is said to it (intents, changes). It imports the standard library only and knows
// nothing of statistics or screens.
//
// Four interfaces stand here, [Metrics], [Logs], [Plane] and [Journal]; each adapter below this folder meets one of
// them and is proved by the shared suites of package sourcetest. Every value that crosses them carries its own doubt:
// when it was true, how much it rests on, and the [Note]s that a reader must see beside it. What an adapter could not
// read is an error or a note, never a zero.
//
// All values are plain data and safe to share once handed over: nobody changes them afterwards.
//
// Why one package and not one per noun: the nouns name each other (a block has arms and a window, a change has shares
// and an intent), and adapters must not import each other to speak of them.
package sources
