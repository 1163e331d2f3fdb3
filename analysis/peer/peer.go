package peer

import "rampart/analysis/seq"

// Peer is one way to judge a rollout by its errors.
type Peer interface {
	// Name is short enough for a table's head.
	Name() string
	// Rule says in one line what makes it roll back.
	Rule() string
	// Add takes the next scrape, of which missing says that an arm was not there, and tells whether the candidate
	// would be rolled back now or was before.
	Add(b seq.Block, missing bool) bool
}

// perMinute is how many scrapes a minute has: peers speak in minutes, blocks come every 15 seconds.
const perMinute = 4

// All starts every peer, at level alpha where it has one.
func All(alpha float64) []Peer {
	return []Peer{NewPooledZ(alpha), NewPooledMixture(alpha), NewKayenta(), NewArgo(), NewFlagger()}
}
