package claim

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// nameOf is what is bound for a key, and what for its heir.
func nameOf(key string) (name, heir string) {
	sum := sha256.Sum256([]byte(key))
	name = "@rampart/claim/" + hex.EncodeToString(sum[:16])
	return name, name + "/heir"
}

// sorted are the keys in the one order in which everybody takes them, so that of two who want the same ones gets all.
func sorted(keys []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(keys)))
}
