package world

// User is one of the people who ask for a ranking.
type User uint32

// Position gives the user's fixed place in [0, 1): the canary serves those below its share, so that a user who saw the new model keeps seeing it while the share grows.
func (u User) Position() float64 { return float64(mix(uint64(u))>>11) / (1 << 53) }
