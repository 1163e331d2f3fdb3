package sources

import "time"

// Split is the candidate's share as somebody tells it; legacy has the rest. An unknown split is not a split of zero.
type Split struct {
	Candidate Share     `json:"candidate"`
	Known     bool      `json:"known"`
	At        time.Time `json:"at,omitzero"` // when it was true
}

// SplitAt returns a known split.
func SplitAt(candidate Share, at time.Time) Split {
	return Split{Candidate: candidate, Known: true, At: at}
}

// Equal tells whether both are known and give the candidate the same share, whenever that was.
func (s Split) Equal(o Split) bool { return s.Known && o.Known && s.Candidate == o.Candidate }

// String prints the candidate's share, or "—".
func (s Split) String() string {
	if !s.Known {
		return "—"
	}
	return s.Candidate.String()
}
