package ui

import (
	"fmt"
	"strings"
)

// nearest is the word that a slip of the fingers may have meant; empty where none is near enough.
func nearest(typed string, words []string) string {
	best, dist := "", len(typed)/3+2
	for _, w := range words {
		if d := slips(typed, w); d < dist {
			best, dist = w, d
		}
	}
	return best
}

// unknown is the error of a word that is none of those known, with the one that may have been meant.
func unknown(what, typed string, words []string) error {
	if near := nearest(typed, words); near != "" {
		return fmt.Errorf("there is no %s %q; did you mean %s?", what, typed, near)
	}
	return fmt.Errorf("there is no %s %q; tab shows them", what, typed)
}

// slips counts the letters to add, drop, change or swap with their neighbour on the way from one word to another: the
// optimal string alignment distance. What is only begun, "evid" of "evidence", is near.
func slips(from, to string) int {
	if len(from) >= 3 && strings.HasPrefix(to, from) {
		return 1
	}
	var before, last []int
	now := make([]int, len(to)+1)
	for j := range now {
		now[j] = j
	}
	for i := range len(from) {
		before, last, now = last, now, make([]int, len(to)+1)
		now[0] = i + 1
		for j := range len(to) {
			cost := 1
			if from[i] == to[j] {
				cost = 0
			}
			now[j+1] = min(last[j+1]+1, now[j]+1, last[j]+cost)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
	}
	return now[len(to)]
}
