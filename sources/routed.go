package sources

import "fmt"

// Routed are the requests since a change. Its zero value: nobody counted them yet. A count of nothing and no count at all
// are two things: 0 of 0 says that there is no traffic.
type Routed struct {
	Requests ByArm[int64]
	Counted  bool
	Why      string // they are not counted; empty: nobody looked yet
}

// Routed is what a read-back says of the requests since a change.
func (o Outcome) Routed() Routed {
	if o.Uncounted != nil {
		return Routed{Why: Visible(o.Uncounted.Error())}
	}
	return Routed{Requests: o.Requests, Counted: true}
}

// Reason is why the requests are not known; empty where they are.
func (r Routed) Reason() string {
	switch {
	case r.Counted:
		return ""
	case r.Why == "":
		return "nobody counted them yet"
	}
	return r.Why
}

// String says what the candidate got, or why that is not known.
func (r Routed) String() string {
	if !r.Counted {
		return "requests since: — (" + r.Reason() + ")"
	}
	return fmt.Sprintf("the candidate got %d of %d requests since", r.Requests.Candidate, r.Requests.Candidate+r.Requests.Legacy)
}
