package action

import "strings"

// Doubt is a reason not to ramp up now, and what whoever is refused for it can do instead. The two are apart because
// break-glass leaves the reason aside, and needs no advice.
type Doubt struct {
	Why string
	Do  string // empty: the reason says it
}

// String is both, as a refusal says them.
func (d Doubt) String() string {
	if d.Do == "" {
		return d.Why
	}
	return d.Why + ": " + d.Do
}

func sentences(all []Doubt) string {
	out := make([]string, len(all))
	for i, d := range all {
		out[i] = d.String()
	}
	return strings.Join(out, "; ")
}
