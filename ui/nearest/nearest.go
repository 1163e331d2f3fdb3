// Package nearest finds the word that somebody meant who typed another: in the palette as in a config file.
package nearest

import "strings"

// Word is the one that a slip of the fingers may have meant, the first of equals; empty where none is near enough.
func Word(typed string, words []string) string {
	best, dist := "", len(typed)/3+2
	for _, w := range words {
		if d := slips(typed, w); d < dist {
			best, dist = w, d
		}
	}
	return best
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
