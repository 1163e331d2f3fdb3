package sources

import "fmt"

// Role is what an actor may do. Roles ascend: each may do what the ones before may.
type Role uint8

// The roles. The zero value may look only.
const (
	Viewer     Role = iota // looks
	Operator               // rolls back and holds
	Promoter               // ramps up and promotes
	Breakglass             // leaves policy aside for a while, loudly
)

var roleWords = [...]string{"viewer", "operator", "promoter", "breakglass"}

// String returns the role's word as it stands in the config.
func (r Role) String() string {
	if int(r) < len(roleWords) {
		return roleWords[r]
	}
	return "viewer"
}

// ParseRole reads a role's word.
func ParseRole(s string) (Role, error) {
	for i, w := range roleWords {
		if s == w {
			return Role(i), nil
		}
	}
	return Viewer, fmt.Errorf("role %q: want one of viewer, operator, promoter, breakglass", s)
}

// MarshalText writes the role's word.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a role's word.
func (r *Role) UnmarshalText(b []byte) error {
	v, err := ParseRole(string(b))
	if err == nil {
		*r = v
	}
	return err
}
