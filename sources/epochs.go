package sources

import (
	"maps"
	"slices"
)

// Epochs are the processes that the members of a plane were when each was last read, by the member's name; a plane
// without members is one member without a name. They are kept member by member, because the reading's own epoch is another
// one as well where a member merely cannot be read.
type Epochs map[string]string

// Epochs are those of the members that could be read.
func (r Reading) Epochs() Epochs {
	out := Epochs{}
	for _, m := range r.Members {
		if m.Err == nil && m.Epoch != "" {
			out[m.Name] = m.Epoch
		}
	}
	if len(r.Members) == 0 && r.Epoch != "" {
		out[""] = r.Epoch
	}
	return out
}

// Moved names the members that are another process in a reading than they were. One that cannot be read there, or never
// was, tells nothing.
func (e Epochs) Moved(r Reading) []string {
	var out []string
	for name, epoch := range r.Epochs() {
		if was, ok := e[name]; ok && was != epoch {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// With returns what is known after a reading. Who cannot be read in it stays who it was.
func (e Epochs) With(r Reading) Epochs {
	out := Epochs{}
	maps.Copy(out, e)
	maps.Copy(out, r.Epochs())
	return out
}
