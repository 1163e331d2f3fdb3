package sources

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// Journal is the one record of what was done. An entry is on disk when Append returns nil. State is a fold of it.
type Journal interface {
	// Append writes an entry at the end of the chain and syncs it. The entry's Seq, Time, Prev and Hash are filled in.
	Append(ctx context.Context, e Entry) (Entry, error)
	// Entries yields the entries from a sequence number on, oldest first. A broken entry ends it with an error that
	// names the place.
	Entries(ctx context.Context, from uint64) iter.Seq2[Entry, error]
}

// EntryKind says what an entry records.
type EntryKind string

// The kinds of entries, as they stand in the file.
const (
	EntryIntent   EntryKind = "intent"   // before the write is sent
	EntryReceipt  EntryKind = "receipt"  // what the plane answered
	EntryRung     EntryKind = "rung"     // a rung was seen
	EntryRefusal  EntryKind = "refusal"  // an action was refused, and why
	EntryGap      EntryKind = "gap"      // entries could not be written between two times
	EntryUnlock   EntryKind = "unlock"   // ramping up was unlocked
	EntryNote     EntryKind = "note"     // an operator's remark
	EntryCall     EntryKind = "call"     // the call changed
	EntryReverted EntryKind = "reverted" // a change that held was undone by somebody
	EntrySession  EntryKind = "session"  // a console or runner began or ended
	EntryConfirm  EntryKind = "confirm"  // a change that reverts by itself was confirmed: it stays
	EntryLapse    EntryKind = "lapse"    // a change's time was over and it was not reverted, and why
	EntryApproval EntryKind = "approval" // somebody approved a share of one candidate for a while
	EntryRamp     EntryKind = "ramp"     // a ramp began, moved on or ended
)

// Via says how an actor acts when not by their own hand. The zero value is by hand.
type Via string

// The ways, as they stand in the file.
const (
	ByHand     Via = ""
	ByPlan     Via = "plan"     // the ramp plan that the actor started
	ByRule     Via = "rule"     // a rule of the config, without anybody
	ByDeadline Via = "deadline" // the time limit that the actor gave a change is over
)

// Of names the actor with the way: "alice", "the plan of alice", "a rule (rampart)".
func (v Via) Of(actor string) string {
	actor = Visible(actor)
	switch v {
	case ByHand:
	case ByPlan:
		return "the plan of " + actor
	case ByRule:
		return "a rule (" + actor + ")"
	case ByDeadline:
		return "the time limit of " + actor
	}
	return actor
}

// Entry is one line of the journal.
type Entry struct {
	Seq      uint64          `json:"seq"`
	Time     time.Time       `json:"time"`
	Kind     EntryKind       `json:"kind"`
	Context  string          `json:"context,omitempty"`
	Service  string          `json:"service,omitempty"`
	Actor    string          `json:"actor,omitempty"`
	Via      Via             `json:"via,omitempty"`  // how, when not by the actor's own hand
	From     string          `json:"from,omitempty"` // where the actor sits: host, tty, socket peer
	IntentID string          `json:"intent_id,omitempty"`
	Verb     string          `json:"verb,omitempty"`
	Text     string          `json:"text,omitempty"` // one sentence for a reader
	Data     json.RawMessage `json:"data,omitempty"` // the record itself: change, receipt, reading
	Prev     string          `json:"prev"`           // hash of the entry before
	Hash     string          `json:"hash,omitempty"` // hash of this entry without this field
}
