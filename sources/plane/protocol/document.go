package protocol

import (
	"time"

	"rampart/sources"
)

// Version is the version of the documents.
const Version = 1

// The calls.
const (
	CallCaps    = "caps"
	CallRead    = "read"
	CallPlan    = "plan"
	CallApply   = "apply"
	CallConfirm = "confirm"
)

// Request is one call.
type Request struct {
	Version int     `json:"version"`
	Call    string  `json:"call"`
	Intent  *Intent `json:"intent,omitempty"`
}

// Intent is what is wished, as the other end is told it.
type Intent struct {
	ID        string       `json:"id"`
	Verb      sources.Verb `json:"verb"`
	Percent   float64      `json:"candidate_percent"`
	ExpectRev string       `json:"expect_rev,omitempty"` // empty: whatever is set now
	Actor     string       `json:"actor,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	NotAfter  time.Time    `json:"not_after,omitzero"`
}

// Answer is what comes back; which parts it has depends on the call.
type Answer struct {
	IntentID string       `json:"intent_id,omitempty"`
	Caps     *Caps        `json:"caps,omitempty"`
	Read     *Read        `json:"read,omitempty"`
	Writes   []string     `json:"writes,omitempty"`
	Said     sources.Text `json:"said,omitzero"`
	Error    *Failure     `json:"error,omitempty"`

	Aside sources.Text `json:"-"` // what came beside the document, such as stderr
}

// Caps is what the other end can do.
type Caps struct {
	Calls    []string     `json:"calls,omitempty"`          // plan, confirm
	ReadOnly bool         `json:"read_only,omitempty"`      // it can only be watched
	Shares   []float64    `json:"shares_percent,omitempty"` // the only shares that can be set
	Finest   float64      `json:"finest_percent,omitempty"` // otherwise the smallest step; 0.0001 when 0
	Settle   float64      `json:"settle_seconds,omitempty"` // from accepted to effective; 1 when 0
	Guarded  bool         `json:"guarded,omitempty"`        // apply compares expect_rev itself
	Durable  bool         `json:"durable,omitempty"`        // a setting survives restart and reload
	Members  int          `json:"members,omitempty"`        // instances behind it; 1 when 0
	Note     sources.Text `json:"note,omitzero"`            // what an operator must know before acting
}

// Read is what the other end says now. A share that it does not know is null or left out, never 0.
type Read struct {
	Rev       string                      `json:"rev,omitempty"`   // changes with what matters; made of the rest when empty
	Epoch     string                      `json:"epoch,omitempty"` // changes when it restarted
	Set       *float64                    `json:"candidate_percent,omitempty"`
	Effective *float64                    `json:"effective_percent,omitempty"` // with the servers that are up
	Reload    *float64                    `json:"reload_percent,omitempty"`    // what a reload would return to
	Identity  sources.ByArm[sources.Text] `json:"identity,omitzero"`
	Servers   []Server                    `json:"servers,omitempty"`
	Notes     []sources.Text              `json:"notes,omitempty"`
}

// Server is one server of an arm, with what it has been sent since its router started. A counter that is null or left out is
// not known, never 0.
type Server struct {
	Member   string       `json:"member,omitempty"`
	Name     string       `json:"name"`
	Arm      sources.Arm  `json:"arm"`
	Up       bool         `json:"up"`
	State    sources.Text `json:"state,omitzero"`
	Weight   *int         `json:"weight,omitempty"`
	Initial  *int         `json:"file_weight,omitempty"` // what a reload returns to
	Requests *int64       `json:"requests,omitempty"`
	Errors   *int64       `json:"errors,omitempty"`
}

// Failure is an error as the other end tells it.
type Failure struct {
	Kind              string       `json:"kind"`
	Text              sources.Text `json:"text"`
	RetryAfterSeconds float64      `json:"retry_after_seconds,omitempty"`
}

// kindOf knows the words for kinds of errors.
func kindOf(word string) (error, bool) {
	kind, ok := map[string]error{
		"unreachable": sources.ErrUnreachable, "denied": sources.ErrDenied, "conflict": sources.ErrConflict, "invalid": sources.ErrInvalid,
		"throttled": sources.ErrThrottled, "unsupported": sources.ErrUnsupported, "partial": sources.ErrPartial, "ambiguous": sources.ErrAmbiguous,
	}[word]
	return kind, ok
}
