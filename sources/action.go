package sources

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Action is what an operator asks for, with what was on the screen at that moment.
type Action struct {
	Service string
	Verb    Verb
	To      Share // for SetSplit, Step and Promote
	Reason  string
	Seen    Precondition
	// Confirm, when not zero, reverts the change after that time unless it is confirmed by then.
	Confirm time.Duration
}

// Preview is an action planned and not yet done: what the dialog, the dry run and the audit show.
type Preview struct {
	ID       string // names the preview to the one who confirms it
	Action   Action
	Change   Change
	Servers  ByArm[[2]int]      // servers up, and all
	Rates    ByArm[ServerRates] // requests/s per server
	Warnings []Note             // weightiest first
	Confirm  Confirmation
	Replan   string        // what changed since the screen was drawn, when it was planned again; empty: nothing
	Expires  time.Time     // after which it must be previewed again
	Settle   time.Duration // how soon it should be observed
}

// ServerRates is the load of one arm's servers before and after a change, requests per second and server.
type ServerRates struct {
	Before, After float64
	Known         bool
}

// Confirmation is what it takes to go on.
type Confirmation struct {
	Word   string // a word to type; empty: one key
	Why    string // why a word is asked
	Refuse string // why it cannot go on at all; empty: it can
	First  Starting
}

// Starting is a process that has to be started before an action can be asked for, because the action must outlive the
// console. The zero value: none has to be.
type Starting struct {
	Why     string // what needs it
	Command string // that starts it, as a person would type it; empty: it is there and only has to be joined
	Way     string // how it is kept alive: "setsid"
	Log     string // file that takes what it says
}

// Needed tells whether there is anything to start or to join.
func (s Starting) Needed() bool { return s.Why != "" }

// Progress is how far an action has come; a value that is never changed once handed over.
type Progress struct {
	IntentID string
	Action   Action
	Actor    string
	Via      Via // how the actor acts
	Change   Change
	Began    time.Time
	Rung     Rung
	Rungs    []RungTime // the rungs reached, in order; where a second way had to be gone, its own behind the first's
	How      string     // which way moved the traffic, and why it was not the plane's own: "drained, because ..."; empty: that one
	Members  []Answer
	Alarm    string // what is wrong, such as "not observed after 30 s"; empty: nothing
	Unnoted  string // why the journal lacks it, which the alarm says too; empty: it is written
	Next     string // what the operator can do about the alarm
	Done     bool   // nothing more will be tried
	Err      error
	Seen     Split
	Requests Routed    // since the change
	Watching time.Time // until when a revert is watched for
	Deadline Deadline  // of a change that reverts by itself; zero: it does not
	Aside    []string  // rules that break-glass left aside for it
	Replan   string    // what was not as on the screen any more, where it was planned again and went on; empty: nothing
	Taken    Takeover  // what took its place before it was over; its zero value: nothing did
}

// Takeover is an action that took the place of another.
type Takeover struct {
	Verb Verb // zero: there is none
	By   string
	Why  string
}

// String says whose it was, and why: "rollback of rampart: errors ×3".
func (t Takeover) String() string {
	s := t.Verb.String() + " of " + t.By
	if t.Why != "" {
		s += ": " + t.Why
	}
	return s
}

// Written says how many of the change's writes came to a rung: those that went out at sent, those that were taken from
// accepted on. What an earlier try wrote to others is none of them.
func (p Progress) Written(r Rung) string {
	n := 0
	for _, a := range p.Members {
		e, told := errors.AsType[*Error](a.Err)
		if slices.Contains(p.Change.Writes, a.Write) && (a.Err == nil || r < Accepted && (!told || e.Sent)) {
			n++
		}
	}
	return fmt.Sprintf("%d of %d writes", n, len(p.Change.Writes))
}

// Means says what a rung that was reached stands for: how many writes, which share, which requests, and which way was gone
// for it where that was not the plane's own.
func (p Progress) Means(r RungTime) string {
	switch {
	case r.Way != p.Change.Intent.Way:
		return "before another way was gone"
	case r.Rung >= Observed:
		return p.Requests.String()
	case r.Rung >= Configured:
		return "candidate at " + p.Change.To.String()
	case r.Way != "" && r.Rung == Accepted:
		return p.Written(r.Rung) + ": " + p.How
	}
	return p.Written(r.Rung)
}

// Deadline is when a change reverts by itself.
type Deadline struct {
	At        time.Time // zero: never
	Back      Split     // what it reverts to
	Confirmed string    // who said that it stays; empty: nobody yet
	Over      bool      // nothing is open: confirmed, reverted, or something else was set meanwhile
}

// Open tells whether somebody may still confirm it, or must watch it revert.
func (d Deadline) Open() bool { return !d.At.IsZero() && !d.Over && d.Confirmed == "" }

// RungTime is when a rung was reached.
type RungTime struct {
	Rung Rung
	At   time.Time
	Way  Way
}

// Uncounted is a sentence without its numbers, so that whoever prints lines says what is wrong once, and again only when it
// is something else: "not observed after # s: the candidate got # of # requests since".
func Uncounted(text string) string {
	var b strings.Builder
	number := false
	for _, r := range text {
		digit := r >= '0' && r <= '9' || number && r == '.'
		switch {
		case !digit:
			b.WriteRune(r)
		case !number:
			b.WriteByte('#')
		}
		number = digit
	}
	return b.String()
}
