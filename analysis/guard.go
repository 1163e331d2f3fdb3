package analysis

import (
	"fmt"

	"rampart/sources"
)

// Consequence is what follows when a guard is breached.
type Consequence uint8

// The consequences.
const (
	DoWarn     Consequence = iota // say so
	DoHold                        // stop ramping
	DoAsk                         // hold the share, notify, wait for an operator
	DoRollBack                    // set the candidate to 0 %
)

var consequenceWords = [...]string{"warn", "hold", "ask", "rollback"}

// String returns the word as it stands in the config.
func (c Consequence) String() string {
	if int(c) < len(consequenceWords) {
		return consequenceWords[c]
	}
	return consequenceWords[0]
}

// MarshalText writes the word.
func (c Consequence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the word.
func (c *Consequence) UnmarshalText(b []byte) error {
	for i, w := range consequenceWords {
		if w == string(b) {
			*c = Consequence(i)
			return nil
		}
	}
	return fmt.Errorf("consequence %q: want warn, hold, ask or rollback", b)
}

// Guard is a rule: a measure, a limit and what follows when it is breached. Exactly one limit is set.
type Guard struct {
	Name            string
	Measure         string
	MaxRatio        float64     // candidate over legacy; harm margin is MaxRatio - 1
	SafeMargin      float64     // how much worse may still be called safe; .5 when 0
	Arm             sources.Arm // for Max: whose value; the candidate when unset
	Max             float64     // an absolute limit, in the measure's unit
	MaxPSI          float64     // a limit on drift
	MinN            int64       // requests in each arm below which a static limit does not speak
	OnWorse         Consequence
	NotTheCandidate bool // a breach says that the cause is elsewhere
}

// Relative tells whether the guard compares the arms, and so makes evidence.
func (g Guard) Relative() bool { return g.MaxRatio > 0 }
