package ramp

import (
	"encoding/json"
	"time"

	"rampart/sources"
)

// State is where a ramp stands: a value, kept in the journal as JSON and nowhere else. Its zero value is no ramp.
type State struct {
	Phase Phase `json:"phase"`
	// Plan is the text of the plan that it began with: another plan is another ramp.
	Plan    string    `json:"plan,omitempty"`
	Starter string    `json:"starter,omitempty"`
	Started time.Time `json:"started,omitzero"`
	// Identity is who the arms were at the start, in visible form; empty: not known then.
	Identity sources.ByArm[string] `json:"identity"`

	Step  int           `json:"step"`           // index of the step that it is in; -1: before the first
	Left  int           `json:"left"`           // the step before, to go back to when the plane refuses
	Since time.Time     `json:"since,omitzero"` // when the step's share was read back; zero while it is not
	Share sources.Share `json:"-"`              // asked for last
	Set   sources.Split `json:"-"`              // what the plane made of it: the nearest share that it can do
	Wrote time.Time     `json:"wrote,omitzero"` // when the share was asked for
	// Writing: a share was asked for and neither read back nor refused yet.
	Writing bool `json:"writing,omitempty"`
	// Owed: what a reload raised is not taken back yet. It is asked for until it is.
	Owed bool `json:"owed,omitempty"`

	Baked    time.Duration `json:"baked,omitempty"`    // how long the step was watched with fresh numbers
	Fresh    bool          `json:"fresh,omitempty"`    // the numbers were fresh at the last look
	Dark     time.Time     `json:"dark,omitzero"`      // since when there is nothing to judge by; zero: there is
	Extended int           `json:"extended,omitempty"` // extensions used in this step
	Gate     Gate          `json:"gate,omitzero"`
	Epoch    string        `json:"epoch,omitempty"` // of the plane, when last looked at

	Approvals []Approval `json:"approvals,omitempty"`
	Deadline  time.Time  `json:"deadline,omitzero"` // the step reverts then unless confirmed; zero: it stays
	// Question is what somebody must answer; Hold is why it stays. Empty: nothing.
	Question string `json:"question,omitempty"`
	Hold     string `json:"hold,omitempty"`
	// Asked is the concern behind the question or the hold, none where somebody holds by hand.
	Asked Concern `json:"asked,omitempty"`
	// Answered is the concern that somebody has resumed over in this step: it is not raised again.
	Answered Concern `json:"answered,omitempty"`

	At  time.Time `json:"at,omitzero"`   // the newest instant looked at; it never goes back
	Why string    `json:"why,omitempty"` // why it stands where it stands, in one sentence
	// Cause is the same by its kind, of a rollback until the next start and of what waits for an approval.
	Cause Cause `json:"cause,omitempty"`
}

// Gate is how a command's answer stands, for the step in hand.
type Gate struct {
	Running bool      `json:"running,omitempty"`
	Passed  bool      `json:"passed,omitempty"`
	At      time.Time `json:"at,omitzero"` // when it was asked, or answered last
	Said    string    `json:"said,omitempty"`
}

// Approval is a yes to one share for one candidate until a time.
type Approval struct {
	To        sources.Share `json:"-"`
	By        string        `json:"by"`
	Candidate string        `json:"candidate"`
	At        time.Time     `json:"at"`
	Until     time.Time     `json:"until,omitzero"` // zero: as long as the candidate is the same
}

// Shares are written in parts per million: as a percentage with two decimals, what was asked for and what is read back
// would differ after a restart.
type (
	plainState    State
	plainApproval Approval
	wireState     struct {
		*plainState
		Share uint32    `json:"share_ppm"`
		Set   *uint32   `json:"set_ppm,omitempty"`
		SetAt time.Time `json:"set_at,omitzero"`
	}
	wireApproval struct {
		*plainApproval
		To uint32 `json:"to_ppm"`
	}
)

// MarshalJSON writes the state with exact shares.
func (s State) MarshalJSON() ([]byte, error) {
	w := wireState{plainState: (*plainState)(&s), Share: uint32(s.Share)}
	if s.Set.Known {
		set := uint32(s.Set.Candidate)
		w.Set, w.SetAt = &set, s.Set.At
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *State) UnmarshalJSON(b []byte) error {
	w := wireState{plainState: (*plainState)(s)}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	s.Share, s.Set = sources.Share(w.Share), sources.Split{}
	if w.Set != nil {
		s.Set = sources.SplitAt(sources.Share(*w.Set), w.SetAt)
	}
	return nil
}

// MarshalJSON writes the approval with its exact share.
func (a Approval) MarshalJSON() ([]byte, error) {
	return json.Marshal(wireApproval{(*plainApproval)(&a), uint32(a.To)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Approval) UnmarshalJSON(b []byte) error {
	w := wireApproval{plainApproval: (*plainApproval)(a)}
	err := json.Unmarshal(b, &w)
	a.To = sources.Share(w.To)
	return err
}
