package main

import (
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// asked is the part of a question that a tail of the log source answers itself: arms and levels, which mean the same there
// and here. here are the filters that are compared with every line that it answers: a tail is one for all consoles alike, so
// that texts are no part of it.
func asked(q frame.LogsQuery) (arms []sources.Arm, levels []sources.Level, here []string) {
	a := logbook.AskedOf(q)
	return a.Arms, a.Levels, append(a.Terms, a.Here...)
}

// levelOf is the level of a word; unknown where none is called so.
func levelOf(word string) sources.Level {
	for _, l := range sources.Levels() {
		if l.String() == word {
			return l
		}
	}
	return sources.LevelUnknown
}
