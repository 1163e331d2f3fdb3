package sources

import "time"

// Approval is somebody's word that one candidate may get one share, until it expires. Another candidate or another share
// is not approved by it.
type Approval struct {
	Candidate Text      `json:"candidate"` // who the candidate was; zero: its identity was not known
	To        Share     `json:"to"`
	Until     time.Time `json:"until"`
	By        string    `json:"by"`
	Reason    string    `json:"reason,omitempty"`
	At        time.Time `json:"at,omitzero"` // when it was given
}

// Holds tells whether the approval covers a share of a candidate at an instant.
func (a Approval) Holds(candidate Text, to Share, at time.Time) bool {
	return a.Candidate.String() == candidate.String() && a.To == to && !at.Before(a.At) && at.Before(a.Until)
}
