package drift

import (
	"encoding/json"
	"math"
)

// Amount is a number that may not be known; its zero value is not known.
type Amount struct {
	V     float64
	Known bool
}

// Of is a known amount. What is not a finite number is not known.
func Of(v float64) Amount {
	if !finite(v) {
		return Amount{}
	}
	return Amount{V: v, Known: true}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Plus adds two amounts; the sum is known when both are.
func (a Amount) Plus(b Amount) Amount {
	if !a.Known || !b.Known {
		return Amount{}
	}
	return Of(a.V + b.V)
}

// Over is the share of n.
func (a Amount) Over(n float64) Amount {
	if !a.Known || n <= 0 {
		return Amount{}
	}
	return Of(a.V / n)
}

// MarshalJSON writes the number, or null.
func (a Amount) MarshalJSON() ([]byte, error) {
	if !a.Known {
		return []byte("null"), nil
	}
	return json.Marshal(a.V)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*a = Amount{}
		return nil
	}
	a.Known = true
	return json.Unmarshal(b, &a.V)
}
