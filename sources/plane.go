package sources

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Plane is a thing that divides traffic between the arms. Its five calls are the only way to touch traffic, and only
// package action calls Apply.
type Plane interface {
	// Caps says what the plane can do; it asks the plane where that depends on it.
	Caps(ctx context.Context) (Caps, error)
	// Read returns what the plane says now. A reading of some members comes with ErrPartial.
	Read(ctx context.Context) (Reading, error)
	// Plan turns an intent into the exact writes, from what was read. It changes nothing. It refuses with
	// ErrConflict when the intent's precondition no longer holds in the reading.
	Plan(ctx context.Context, r Reading, in Intent) (Change, error)
	// Apply sends the change, once. It never repeats a write whose outcome it does not know: that is ErrAmbiguous.
	Apply(ctx context.Context, c Change) (Receipt, error)
	// Confirm reads back once and says how far the change has come. The caller repeats it.
	Confirm(ctx context.Context, rc Receipt) (Outcome, error)
}

// Caps is what a plane can do.
type Caps struct {
	Kind    string        // "haproxy", "observe", ...
	Shares  []Share       // when not nil: the only shares that can be set
	Finest  Share         // otherwise the smallest share above zero that can be set
	Even    bool          // and any other is a whole multiple of it; false: those above it come near to what is asked
	Writes  bool          // false: it can only be watched
	Guarded bool          // the plane itself refuses a write on a stale reading (compare and set)
	Durable bool          // a setting survives restart and reload of the plane
	Settle  time.Duration // how long from accepted to effective, normally
	Members int           // how many instances must each be written
	Note    Text          // what an operator must know before acting, such as "a reload returns to 0 %"
}

// Reading is what a plane says at one instant. None of the splits is copied from another.
type Reading struct {
	At         time.Time
	Rev        string      // changes when what matters changes; what the operator saw is named by it
	Epoch      string      // changes when the plane restarted or reloaded; voids remembered values
	Configured Split       // what is set
	Effective  Split       // what the set values amount to with the servers that are up
	File       Split       // what a reload would return to
	Identity   ByArm[Text] // what the arm's name means there now
	Servers    []Server
	Members    []Member
	Notes      []Note
}

// Up counts the servers of an arm that take traffic, and all of them, over all members.
func (r Reading) Up(a Arm) (up, all int) {
	for _, s := range r.Servers {
		if s.Arm != a {
			continue
		}
		all++
		if s.Up {
			up++
		}
	}
	return up, all
}

// Server is one server of an arm on one member, with its router's own counters since that member started.
type Server struct {
	Member   string
	Name     string
	Arm      Arm
	Up       bool
	State    Text // the plane's own word: "UP", "DOWN", "MAINT"
	Drained  bool // it gets no new requests whatever its weight, only those that stick to it
	Agent    bool // something beside it may set its weight at any moment
	Weight   int  // what is set; negative: the plane tells no weights
	Initial  int  // what the file says; negative: not known
	Counters RouterCounters
}

// Member is one instance of the plane.
type Member struct {
	Name       string
	Epoch      string
	Configured Split
	Err        error // why it could not be read
}

// Verb is what an operator asks for. The zero value is no verb.
type Verb uint8

// The verbs of traffic.
const (
	SetSplit Verb = iota + 1
	RollBack
	Hold
	Resume
	Step
	Promote
	Start // begin a ramp by its plan
	Stop  // end a ramp where it is
)

var verbWords = [...]string{"unknown", "set_split", "rollback", "hold", "resume", "step", "promote", "start", "stop"}

// String returns the verb's word as it stands in the journal and on the command line.
func (v Verb) String() string {
	if int(v) < len(verbWords) {
		return verbWords[v]
	}
	return verbWords[0]
}

// MarshalText writes the verb's word.
func (v Verb) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// ParseVerb reads a verb's word.
func ParseVerb(s string) (Verb, error) {
	if i := slices.Index(verbWords[:], s); i >= 0 {
		return Verb(i), nil
	}
	return 0, fmt.Errorf("verb %q: want one of %s", Visible(s), strings.Join(verbWords[1:], ", "))
}

// UnmarshalText reads what MarshalText writes.
func (v *Verb) UnmarshalText(b []byte) error {
	got, err := ParseVerb(string(b))
	if err == nil {
		*v = got
	}
	return err
}

// Precondition is what must still hold when the write is made: what the operator was looking at.
type Precondition struct {
	Rev      string      // the reading's Rev; empty: any
	Split    Split       // the configured split on the screen
	Identity ByArm[Text] // who the arms were; a zero text: any
}

// Way is how a rollback takes the candidate's traffic. The zero value is how the plane sets any share.
type Way string

// Drain takes the candidate's servers out by their state, for where their weight is refused, or does not stay. Only a
// rollback goes this way, and only planes that have it: others refuse it with ErrUnsupported.
const Drain Way = "drain"

// Intent is a wish with its precondition, before it is planned.
type Intent struct {
	ID       string // idempotency key, also sent to planes that can carry it
	Verb     Verb
	To       Share
	Expect   Precondition
	Actor    string
	Reason   string
	NotAfter time.Time
	Way      Way     // how; another than the first where that did not do
	Because  string  // why it did not
	Drained  []Write // what rollbacks from here drained by the journal: only that may be made ready by ramping up
}

// Change is exactly what a plane would write: the preview, the dry run, the audit record and the goldens are all this
// value.
type Change struct {
	Intent   Intent
	From, To Split
	Writes   []Write       // in the order in which they are sent
	Inverse  *Intent       // what would undo it; nil: cannot be undone
	Notes    []Note        // warnings, the weightiest first
	NoOp     bool          // everything is already so
	Readies  int           // drained servers of the candidate that it makes ready
	Settle   time.Duration // when it should be effective, from the write on
}

// Write is one request to one member, as text with secrets masked.
type Write struct {
	Member  string
	Arm     Arm
	Request string
}

// Receipt says what became of an Apply.
type Receipt struct {
	Change Change
	SentAt time.Time
	Answer []Answer
}

// Answer is a member's reply to one write.
type Answer struct {
	Write Write
	Text  Text
	At    time.Time
	Err   error
}

// Rung is how far a change has come. Rungs only rise for one change, unless somebody undoes it.
type Rung uint8

// The rungs of the ladder, lowest first. The zero value: nothing was sent.
const (
	RungNone   Rung = iota
	Sent            // the bytes left this process
	Accepted        // the plane answered yes
	Configured      // read back from the plane
	Effective       // the servers that are up amount to it, on all members
	Observed        // traffic shows it
)

var rungWords = [...]string{"none", "sent", "accepted", "configured", "effective", "observed"}

// String returns the rung's word.
func (r Rung) String() string {
	if int(r) < len(rungWords) {
		return rungWords[r]
	}
	return rungWords[0]
}

// MarshalText writes the rung's word.
func (r Rung) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Rung) UnmarshalText(b []byte) error {
	i := slices.Index(rungWords[:], string(b))
	if i < 0 {
		return fmt.Errorf("rung %q: want one of %s", Visible(string(b)), strings.Join(rungWords[:], ", "))
	}
	*r = Rung(i)
	return nil
}

// Outcome is what a read-back shows of a change.
type Outcome struct {
	Rung      Rung
	Reading   Reading
	Requests  ByArm[int64] // routed since the change, by the plane's own counters or by metrics
	Uncounted error        // why Requests are not known; nil: they are
	Seen      Split        // the share of those requests
	Err       error        // ErrReverted, ErrPartial, ... while it lasts
	Again     string       // who set again what a rollback wrote, where the plane has another way left; empty: nobody
}
