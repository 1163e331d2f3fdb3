package sources

import "fmt"

// Arm is one side of the comparison. The zero value is no arm.
type Arm uint8

// The two arms of a rollout.
const (
	Legacy    Arm = iota + 1 // the model that serves today
	Candidate                // the model that is being ramped
)

// Arms returns both arms in the order in which they are always shown and written.
func Arms() [2]Arm { return [2]Arm{Legacy, Candidate} }

// Other returns the opposite arm, or no arm for no arm.
func (a Arm) Other() Arm {
	switch a {
	case Legacy:
		return Candidate
	case Candidate:
		return Legacy
	}
	return 0
}

// String returns "legacy", "candidate" or "unknown".
func (a Arm) String() string {
	switch a {
	case Legacy:
		return "legacy"
	case Candidate:
		return "candidate"
	}
	return "unknown"
}

// MarshalText writes the arm as its word.
func (a Arm) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the words that MarshalText writes.
func (a *Arm) UnmarshalText(b []byte) error {
	switch string(b) {
	case "legacy":
		*a = Legacy
	case "candidate":
		*a = Candidate
	case "unknown", "":
		*a = 0
	default:
		return fmt.Errorf("arm %q: want legacy or candidate", b)
	}
	return nil
}

// ByArm holds one value for each arm.
type ByArm[T any] struct {
	Legacy    T `json:"legacy"`
	Candidate T `json:"candidate"`
}

// Of returns the value of one arm; the zero value for no arm.
func (b ByArm[T]) Of(a Arm) T {
	switch a {
	case Legacy:
		return b.Legacy
	case Candidate:
		return b.Candidate
	}
	var zero T
	return zero
}

// Ptr returns where the value of an arm is kept, or nil for no arm.
func (b *ByArm[T]) Ptr(a Arm) *T {
	switch a {
	case Legacy:
		return &b.Legacy
	case Candidate:
		return &b.Candidate
	}
	return nil
}
