package sources

import "time"

// NoteKind says what sort of doubt a note is, so that a reader may group and count them.
type NoteKind uint8

// The kinds of doubt. The zero value is an unknown kind.
const (
	NoteUnknown     NoteKind = iota
	NoteWarning              // the server itself warned
	NoteInfo                 // the server itself informed
	NoteReset                // a counter started again within the window
	NoteGap                  // scrapes are missing
	NotePartial              // a part of the source did not answer
	NoteStale                // the newest data are older than they should be
	NoteMerged               // edges differed and were merged to common ones
	NoteSampled              // only a part of what exists was read
	NoteDuplicate            // replicas of the same series were dropped
	NoteUnreachable          // the source could not be asked
	NoteSkew                 // clocks differ
	NoteConfig               // the configuration asks for what cannot be had
	NoteDenied               // what is read cannot be written with the rights that we have
)

var noteWords = [...]string{
	"unknown", "warning", "info", "reset", "gap", "partial", "stale", "merged", "sampled", "duplicate", "unreachable", "skew", "config", "denied",
}

// String returns the kind's word.
func (k NoteKind) String() string {
	if int(k) < len(noteWords) {
		return noteWords[k]
	}
	return noteWords[0]
}

// MarshalText writes the kind's word.
func (k NoteKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Note is a doubt that is shown with a number: what a reader must know before believing it.
type Note struct {
	Kind NoteKind  `json:"kind"`
	Text Text      `json:"text"`
	Arm  Arm       `json:"arm,omitzero"` // whose numbers it doubts, where it is one arm's
	At   time.Time `json:"at,omitzero"`  // when that was seen last, where it is known
}
