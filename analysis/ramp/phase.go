package ramp

import "fmt"

// Phase is where a ramp stands. The zero value: there is none.
type Phase uint8

// The phases. The first after Idle to RollingBack are of a ramp that lives; after RolledBack only a new start goes on.
const (
	Idle        Phase = iota
	Running           // in a step, or on its way to the next
	Asking            // somebody must answer: the share stays
	Held              // it stays until somebody resumes it, or what holds it ends
	Frozen            // nothing is raised now: a freeze
	RollingBack       // 0 % was asked for and is not yet read back
	RolledBack        // 0 % was read back
	Ended             // given up: the share stays what it is
	Promoted          // the last step was taken and is over
)

var phaseWords = [...]string{"idle", "running", "asking", "held", "frozen", "rolling_back", "rolled_back", "ended", "promoted"}

// String returns the phase's word as it stands in JSON and in the journal.
func (p Phase) String() string {
	if int(p) < len(phaseWords) {
		return phaseWords[p]
	}
	return phaseWords[0]
}

// MarshalText writes the phase's word.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a phase's word.
func (p *Phase) UnmarshalText(b []byte) error {
	for i, w := range phaseWords {
		if w == string(b) {
			*p = Phase(i)
			return nil
		}
	}
	return fmt.Errorf("phase %q: not one of the nine", b)
}

// Live tells whether the plan owns the split: it may write, and somebody else's write is a surprise.
func (p Phase) Live() bool { return p >= Running && p <= RollingBack }

// Climbing tells whether the ramp may still go up, now or when what stops it ends.
func (p Phase) Climbing() bool { return p >= Running && p <= Frozen }
