package claim

import (
	"errors"
	"strings"

	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// Right is the right to drive a service: its lease in one state folder, and the claim of its plane on this machine, which is
// everybody's whatever their state folder.
type Right struct {
	*lease.Lease
	Claim *Claim         // nil: there is none to have
	From  []lease.Holder // whom it was stolen from
}

// Held is nil while both are this process's own.
func (r *Right) Held() error {
	if err := r.Lease.Held(); err != nil || r.Claim == nil {
		return err
	}
	return r.Claim.Held()
}

// Release gives both back.
func (r *Right) Release() error {
	if r.Claim != nil {
		r.Claim.Release()
	}
	return r.Lease.Release()
}

// Other is who has it now instead of this process, and what can be done; empty while it is this one's.
func (r *Right) Other() (who, do string) {
	err := r.Held()
	if err == nil {
		return "", ""
	}
	if held, ok := errors.AsType[*lease.Held](err); ok {
		return held.By.String(), "do it there"
	}
	return "a process that is not known: " + sources.Visible(err.Error()), "start this runner again"
}

// Late says who was stolen from and does not answer; empty: nobody.
func (r *Right) Late() string {
	if r.Claim == nil {
		return ""
	}
	var out []string
	for _, by := range r.Claim.Late() {
		out = append(out, by.String())
	}
	return strings.Join(out, "; ")
}

// Story is how it was stolen, for the journal.
func (r *Right) Story(reason string) string {
	text := "the lease was stolen: " + reason
	for _, by := range r.From {
		text += "; it was held by " + by.String()
	}
	if late := r.Late(); late != "" {
		text += "; not let go yet by " + late
	}
	return text
}
