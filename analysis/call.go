package analysis

import "fmt"

// Call is what is said of a rollout in one word. The zero value is no call at all.
type Call uint8

// The calls.
const (
	CallUnknown        Call = iota
	Worse                   // the candidate is worse than the margin allows; latched for the rollout
	Safe                    // the candidate is shown to be no worse than the safe margin
	Undecided               // neither, yet
	Stale                   // the data are too old, or their source cannot be reached
	NoData                  // asked, and nothing matched
	NoCandidateTraffic      // the candidate gets no traffic: there is nothing to judge
)

var (
	callWords  = [...]string{"unknown", "worse", "safe", "undecided", "stale", "no_data", "no_candidate_traffic"}
	callLabels = [...]string{"UNKNOWN", "WORSE", "SAFE", "UNDECIDED", "STALE", "NO DATA", "NO CANDIDATE TRAFFIC"}
)

// String returns the word as it stands in JSON, audit and dossiers.
func (c Call) String() string {
	if int(c) < len(callWords) {
		return callWords[c]
	}
	return callWords[0]
}

// Label returns the word as it stands on the screen.
func (c Call) Label() string {
	if int(c) < len(callLabels) {
		return callLabels[c]
	}
	return callLabels[0]
}

// MarshalText writes the word.
func (c Call) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the word.
func (c *Call) UnmarshalText(b []byte) error {
	for i, w := range callWords {
		if w == string(b) {
			*c = Call(i)
			return nil
		}
	}
	return fmt.Errorf("call %q: not one of the six", b)
}
