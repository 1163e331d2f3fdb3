package ramp

import "fmt"

// Concern is what may stop a ramp or turn it back. The zero value is none.
type Concern uint8

// The concerns, the gravest first.
const (
	NoConcern Concern = iota
	Worse             // the candidate is worse, or a guard or rule is breached
	Dark              // there is nothing to judge by
	TimeOut           // the step's Max is over
)

var concernWords = [...]string{"none", "worse", "dark", "timeout"}

// String returns the concern's word.
func (c Concern) String() string {
	if int(c) < len(concernWords) {
		return concernWords[c]
	}
	return concernWords[0]
}

// MarshalText writes the concern's word.
func (c Concern) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a concern's word.
func (c *Concern) UnmarshalText(b []byte) error {
	for i, w := range concernWords {
		if w == string(b) {
			*c = Concern(i)
			return nil
		}
	}
	return fmt.Errorf("concern %q: want none, worse, dark or timeout", b)
}
