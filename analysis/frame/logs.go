package frame

import (
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// Logs is what the logs say, without the lines: those are asked for by page.
type Logs struct {
	Patterns []Pattern
	Volume   sources.ByArm[[]analysis.Value] // lines per step, 30 minutes, oldest first
	Errors   sources.ByArm[int64]            // error lines in the window, counted by the source
	Warnings sources.ByArm[int64]
	Lines    sources.ByArm[int64]
	Late     int64
	Dropped  int64
	Held     int64 // lines held by the engine
	Lag      sources.ByArm[time.Duration]
	Sample   string // how lines were chosen; empty: all of them
	At       time.Time
	Gen      uint64 // rises when lines were added: time to ask for the page again
	Window   sources.Window
	Err      string
	Notes    []sources.Note
}

// Pattern is a log template with its rate in both arms, per 1 000 requests.
type Pattern struct {
	ID        uint64
	Text      sources.Text
	Level     sources.Level
	Mark      analysis.Mark
	Candidate analysis.Value
	Legacy    analysis.Value
	Ratio     analysis.Value
	New       bool // never seen in legacy
	First     time.Time
	Last      time.Time
	Count     sources.ByArm[int64]
	History   []analysis.Value // of the candidate, oldest first
	Sample    sources.ByArm[sources.Text]
}

// LogsQuery asks the engine for lines that it holds.
type LogsQuery struct {
	Arm     sources.Arm   // both when unset
	Level   sources.Level // this and graver; all when unset
	Terms   []string      // conditions as an operator writes them (logring.Term); all must hold
	Match   string        // a case-insensitive substring; empty: all
	Regexp  bool          // Match is a regular expression (RE2)
	Not     bool          // lines that do not match
	Pattern uint64        // only this template; 0: all
	Before  time.Time     // newest first from here; zero: from the newest line
	Limit   int
}

// LogsPage is the engine's answer.
type LogsPage struct {
	Lines   []LogLine // newest first
	Matched int64     // held lines that match, as far as counted
	Held    int64
	More    bool
	Gen     uint64
}

// LogLine is one line as a panel shows it: masked and harmless.
type LogLine struct {
	ID      string
	At      time.Time
	Arm     sources.Arm
	Level   sources.Level
	Message sources.Text
	Late    bool
	Pattern uint64
	Fields  []Field // only when one line was asked for
}

// Field is one field of an opened line.
type Field struct {
	Name  sources.Text
	Value sources.Text
}
