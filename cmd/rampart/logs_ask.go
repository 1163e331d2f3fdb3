package main

import (
	"slices"
	"strings"

	"rampart/analysis/frame"
	"rampart/sources"
)

// asked is the part of a question that the log source answers itself: arms and levels, which mean the same there and here.
// here are the filters that are compared with every line that it answers: an index finds whole words, they find any part.
func asked(q frame.LogsQuery) (arms []sources.Arm, levels []sources.Level, here []string) {
	levels = atLeast(nil, q.Level)
	if q.Arm != 0 {
		arms = []sources.Arm{q.Arm}
	}
	for _, t := range q.Terms {
		field, value, _ := strings.Cut(t, ":")
		var arm sources.Arm
		switch {
		case field == "arm" && arm.UnmarshalText([]byte(value)) == nil && arm != 0:
			arms = both(arms, []sources.Arm{arm})
		case field == "level" && levelOf(strings.TrimPrefix(value, ">=")) != 0:
			l := levelOf(strings.TrimPrefix(value, ">="))
			more := []sources.Level{l}
			if strings.HasPrefix(value, ">=") {
				more = atLeast(nil, l)
			}
			levels = both(levels, more)
		default:
			here = append(here, t)
		}
	}
	return arms, levels, here
}

// both are the members of two sets, where none stands for all.
func both[T comparable](a, b []T) []T {
	if len(a) == 0 {
		return b
	}
	out := slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
	if len(out) == 0 {
		return a // nothing can match: which half is asked is no matter
	}
	return out
}

func atLeast(dst []sources.Level, l sources.Level) []sources.Level {
	if l == 0 {
		return dst
	}
	for _, o := range sources.Levels() {
		if o >= l {
			dst = append(dst, o)
		}
	}
	return dst
}

// levelOf is the level of a word; 0: none is called so, or it is the one of lines whose level is not known.
func levelOf(word string) sources.Level {
	for _, l := range sources.Levels() {
		if l.String() == word {
			return l
		}
	}
	return sources.LevelUnknown
}
