package sources

import (
	"context"
	"time"
)

// Logs reads what both arms wrote. A line belongs to exactly one page of a tail: nothing is lost and nothing comes
// twice, whatever order lines arrive in; what is sampled or dropped is counted.
type Logs interface {
	// Tail returns the lines that became visible since the cursor; the zero cursor starts at q.Window.From. It may
	// return a page with an error: the lines are good, the error says what is missing.
	Tail(ctx context.Context, q LogQuery, from Cursor) (Page, error)
	// Counts aggregates lines per arm and level over the window, in steps.
	Counts(ctx context.Context, q LogQuery, step time.Duration) (LogCounts, error)
	// Health says who we are to the source and how it is.
	Health(ctx context.Context) Health
}

// Level is a log line's severity. The zero value is unknown.
type Level uint8

// The levels, ascending.
const (
	LevelUnknown Level = iota
	LevelDebug
	LevelInfo
	LevelWarn
	LevelError
)

var levelWords = [...]string{"unknown", "debug", "info", "warn", "error"}

// Levels returns every level, gravest first.
func Levels() [5]Level { return [5]Level{LevelError, LevelWarn, LevelInfo, LevelDebug, LevelUnknown} }

// String returns the level's word.
func (l Level) String() string {
	if int(l) < len(levelWords) {
		return levelWords[l]
	}
	return levelWords[0]
}

// MarshalText writes the level's word.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// LogLine is one document of the log source.
type LogLine struct {
	ID      string    // unique in the source
	Index   string    // where it was found
	At      time.Time // its own time; zero when it has none
	Arm     Arm
	Level   Level
	Message Text
	Source  []byte // the whole document as JSON, for opening the line; nil when not fetched
	Late    bool   // it became visible behind lines of a later time that had been returned
}

// LogQuery says which lines are wanted.
type LogQuery struct {
	Window Window
	Arms   []Arm   // both when empty
	Levels []Level // all when empty
	Match  string  // free text or the source's own query language; empty: all
	Limit  int     // lines of one page at most; the adapter's default when 0
	All    bool    // lossless: every line of every level, instead of errors and a sample of the rest
}

// Cursor is where a tail stands. Its content belongs to the adapter that made it; it can be stored.
type Cursor struct{ State []byte }

// Page is what one request of a tail brought, in the order of the lines' own time.
type Page struct {
	Lines   []LogLine
	Next    Cursor
	More    bool                 // there is more at once
	Late    int                  // lines of this page that are late
	Skipped int64                // lines that were seen to exist and not fetched
	Sample  string               // how lines were chosen, in words: "1 of 8 shown, errors all"; empty: all of them
	Lag     ByArm[time.Duration] // measured ingest lag; zero where unknown
	Notes   []Note
	Query   string
}

// LogCounts is lines per arm and level over time.
type LogCounts struct {
	Step    time.Duration
	Buckets []LogBucket // ascending; a step without a line is absent
	Notes   []Note
	Query   string
}

// LogBucket is one step's lines of one arm and level.
type LogBucket struct {
	At    time.Time // the step's beginning
	Arm   Arm
	Level Level
	Lines int64
}
