package frame

import (
	"errors"

	"rampart/sources"
)

// Fleet are the members as a plane's reading has them.
func (t Traffic) Fleet() []sources.Member {
	var out []sources.Member
	for _, m := range t.Members {
		one := sources.Member{Name: m.Name, Configured: m.Configured}
		if m.Err != "" {
			one.Err = errors.New(m.Err)
		}
		out = append(out, one)
	}
	return out
}
