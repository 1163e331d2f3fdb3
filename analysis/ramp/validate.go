package ramp

import "rampart/sources"

// Mistake is what is wrong with one step of a plan, or with the plan when Step is -1.
type Mistake struct {
	Step int // index
	Text string
	Fix  string
}

// Validate tells everything that is wrong with a plan, for a plane that can do what caps say; a zero Caps is any plane.
func (p Plan) Validate(sources.Caps) []Mistake {
	var out []Mistake
	for i, s := range p.Steps {
		if i > 0 && s.To <= p.Steps[i-1].To {
			out = append(out, Mistake{i, "steps must rise", ""})
		}
	}
	return out
}
