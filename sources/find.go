package sources

import "context"

// Condition is one thing that a line holds, as a source with an index may look for it.
type Condition struct {
	Field string // of the document, by its dotted name; empty: the message
	Text  string // which it holds, any part of it
	Fold  bool   // in whatever case
	Not   bool   // lines that do not
}

// Search asks for lines of the past.
type Search struct {
	LogQuery             // whose window is searched, and of whom; at most its Limit lines
	Where    []Condition // all must hold
	Oldest   bool        // the oldest of the window, oldest first, instead of the newest
}

// Refusal is a condition that a source cannot look for, and why.
type Refusal struct {
	Where int // its place in the search
	Why   string
}

// Found is what a search brought.
type Found struct {
	Lines   []LogLine // in the order that was asked for
	More    bool      // there are more
	Refused []Refusal // nothing was searched, because of these
	Notes   []Note
	Query   string
}

// Finder is a log source that searches all its lines, also those that no tail brought.
type Finder interface {
	// Find returns lines that may meet the conditions, and every one of the window that does, as far as Limit reaches:
	// an index knows words where a condition means any part of a text, so the caller compares what comes once more.
	Find(ctx context.Context, s Search) (Found, error)
}
