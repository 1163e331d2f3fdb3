package world

// Track is the value of the label that tells the two arms apart in every signal.
type Track uint8

// The tracks of the ramp; the zero value is no track at all.
const (
	NoTrack Track = iota
	Stable
	Canary
	trackCount
)

// String gives the label's value as it stands in metrics and logs.
func (t Track) String() string {
	switch t {
	case Stable:
		return "stable"
	case Canary:
		return "canary"
	case NoTrack, trackCount:
	}
	return "none"
}
