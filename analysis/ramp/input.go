package ramp

import (
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// Input is all that is known at one instant. What is not known is left at its zero value, which never lets a ramp rise.
type Input struct {
	At time.Time // the runner's clock
	// Verdict is the newest; of it count call, gauges, both-worse, consequence, sentence and forecast.
	Verdict analysis.Verdict
	Fresh   bool                  // the verdict's numbers and the plane's reading are new enough to act on
	Samples sources.ByArm[int64]  // requests of each arm since State.Since
	Recent  []sources.ByArm[Sums] // for each rule of the plan, in its order

	Split    sources.Split               // the configured split as read back, At when it was read
	Members  []sources.Member            // of the plane, with what each has; they count where the split is not known
	SplitBy  string                      // who set it, where that is known
	Settle   time.Duration               // how long the plane takes for what it was asked last, by its own word
	File     sources.Split               // what a reload of the plane returns to
	Epoch    string                      // of the plane; it changes when the plane restarted or reloaded
	Identity sources.ByArm[sources.Text] // who the arms are now; a zero text: not known

	Lease  bool     // this process holds the service's lease
	Holder string   // who holds it
	Held   string   // why the journal holds the ramp; empty: it does not
	Alert  string   // which alerts of the service fire; empty: none is known to
	Doubts []string // what else speaks against raising: a journal that cannot be written, a lock
	Events []Event  // what happened since the last look, in its order
}

// EventKind is what happened.
type EventKind uint8

// The kinds of events: what people ask for, then what the runner found out.
const (
	Start   EventKind = iota + 1 // begin the ramp, from the split as it is
	Hold                         // stay until somebody resumes
	Resume                       // go on; also the answer yes to a question
	StepNow                      // take the next step now: neither bake time nor gate are waited for
	Promote                      // go to the last step now
	Abort                        // roll back
	Stop                         // end the ramp where it is
	ApproveTo
	Confirm     // the step in hand stays
	SomebodySet // somebody set another share by hand
	GateYes     // the command said yes
	GateNo      // the command said no
	GateError   // the command gave no answer
	Written     // the share asked for was read back; To is what the plane made of it
	Refused     // the share asked for was not set, and will not be
	Reverted    // what was set was undone, by somebody or by its deadline
	Unsent      // the share asked for never left the process that asked, as the one after it found out by reading
)

var eventWords = [...]string{
	"unknown", "start", "hold", "resume", "step", "promote", "rollback", "stop", "approve", "confirm", "somebody_set", "gate_yes", "gate_no",
	"gate_error", "written", "refused", "reverted", "unsent",
}

// String returns the event's word.
func (k EventKind) String() string {
	if int(k) < len(eventWords) {
		return eventWords[k]
	}
	return eventWords[0]
}

// Event is one thing that happened. Who is already known to be allowed to do it: roles are checked where people ask.
type Event struct {
	Kind      EventKind
	By        string        // who; for Reverted and SomebodySet empty when not known
	Why       string        // the reason given, the answer, or the cause
	To        sources.Share // of ApproveTo, SomebodySet, Written and Reverted
	At        time.Time     // of ApproveTo: when it was given; zero: now
	Candidate sources.Text  // of ApproveTo: who was approved
	Until     time.Time     // of ApproveTo: when it expires; zero: never
}
