package sources

import (
	"context"
	"time"
)

// Notifier tells people or other systems what happened. It sends once; whoever calls it decides whether to try again.
type Notifier interface {
	// Name is what the config calls it, for messages about it.
	Name() string
	// Notify sends a notice. The error's kind says whether trying again may help; it holds no secret.
	Notify(ctx context.Context, n Notice) error
}

// Notice is one thing that people should hear of.
type Notice struct {
	// Key is the same for the same matter, such as "prod/ranker/call": a newer notice of a key replaces an older one
	// that was not sent yet, and one that says nothing new is not sent.
	Key      string
	At       time.Time
	Context  string
	Service  string
	Kind     NoticeKind
	Severity Severity
	Title    string // one line
	Text     string // more, may be empty
	Link     string // where to look, may be empty
	// Resolved says that the matter is over: what was told before under the same key no longer holds.
	Resolved bool
}

// NoticeKind says what sort of thing happened, as it stands in the config's filters.
type NoticeKind string

// The kinds of notices.
const (
	NoticeCall     NoticeKind = "call"     // the call changed
	NoticeAction   NoticeKind = "action"   // something was done to the traffic
	NoticeRung     NoticeKind = "rung"     // an action did not come as far as it should, or was undone
	NoticeApproval NoticeKind = "approval" // somebody's word is waited for
	NoticeRamp     NoticeKind = "ramp"     // the ramp began, went on, stopped or ended
)

// Severity is how much a notice matters.
type Severity uint8

// The severities, lowest first.
const (
	SeverityInfo Severity = iota
	SeverityWarning
	SeverityCritical
)

var severityWords = [...]string{"info", "warning", "critical"}

// String returns the severity's word, as Alertmanager's users label it.
func (s Severity) String() string {
	if int(s) < len(severityWords) {
		return severityWords[s]
	}
	return severityWords[0]
}

// MarshalText writes the severity's word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
