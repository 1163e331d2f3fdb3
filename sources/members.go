package sources

import "strings"

// Least is the smallest share that any member gives the candidate, where all can be read; where they agree, or there are
// none, what is set.
func (r Reading) Least() Split {
	if r.Configured.Known || len(r.Members) == 0 {
		return r.Configured
	}
	least := r.Members[0].Configured
	for _, m := range r.Members {
		if m.Err != nil || !m.Configured.Known {
			return Split{}
		}
		if m.Configured.Candidate < least.Candidate {
			least = m.Configured
		}
	}
	return least
}

// ByMember says what each member gives the candidate: "lb1 5 %, lb2 cannot be read (refused)".
func ByMember(members []Member) string {
	var out []string
	for _, m := range members {
		say := Visible(m.Name) + " " + m.Configured.String()
		if m.Err != nil {
			say = Visible(m.Name) + " cannot be read (" + Visible(m.Err.Error()) + ")"
		}
		out = append(out, say)
	}
	return strings.Join(out, ", ")
}
