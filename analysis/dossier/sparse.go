package dossier

import (
	"cmp"
	"hash/fnv"
	"slices"
)

// sharedStrata is how many strata rare keys share.
const sharedStrata = 4

// Sparse chooses which keys stand by themselves when there are more than a block may have: those with most requests. The
// others share what is left of the room by a hash of their key, so that a rare route always meets the same company. It
// gives each key the key that it is counted under. Only requests decide, never errors: what is compared may not depend on
// how it ends.
func Sparse(requests map[string]int64) map[string]string {
	under := make(map[string]string, len(requests))
	keys := make([]string, 0, len(requests))
	for k := range requests {
		keys = append(keys, k)
		under[k] = k
	}
	if len(keys) <= MostStrata {
		return under
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(requests[b], requests[a]), cmp.Compare(a, b))
	})
	for _, k := range keys[MostStrata-sharedStrata:] {
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(k))
		under[k] = "(rare " + string(rune('1'+hash.Sum32()%sharedStrata)) + ")"
	}
	return under
}
