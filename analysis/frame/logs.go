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
	// Diff is what the candidate writes more often per request than legacy, or alone: by evidence, the largest first,
	// at most 50 rows of any level. Rows that no rule selects stand behind those that one does.
	Diff       []DiffRow
	DiffBasis  DiffBasis
	Categories []Category     // what kinds of lines there are, in the order of the config
	Sensitive  []Sensitive    // what was masked, by kind
	Findings   []sources.Note // what stands out beside templates: an arm that fell silent, a volume that jumped
}

// DiffBasis says what the rows of a log diff rest on.
type DiffBasis struct {
	Window    sources.Window // of the blocks behind them; both arms over the same
	Blocks    int
	Templates int            // that are compared
	Alpha     analysis.Value // how often a healthy rollout may show any selected row
	Behind    time.Duration  // how long lines are waited for before their block is closed
	Sample    string         // how lines were chosen, "1 of 8 shown, errors all"; empty: all of them
	Evicted   int64          // templates that were forgotten because too many were held
	Why       string         // why there is no row; empty: there are, or none stands out
}

// DiffRow is a template compared between the arms, per request.
type DiffRow struct {
	Pattern
	Requests  sources.ByArm[int64]            // in the blocks behind it
	Histories sources.ByArm[[]analysis.Value] // lines per 1 000 requests, oldest first
	Why       string                          // the rule by which it is marked, or what it lacks
}

// Category is one kind of lines, by a rule of the config.
type Category struct {
	Name      string
	Lines     sources.ByArm[int64] // in the window, of the lines that were read
	Legacy    analysis.Value       // per 1 000 requests
	Candidate analysis.Value
	Ratio     analysis.Value
	Evidence  analysis.Value // that the candidate writes more, as times
	Mark      analysis.Mark
	History   sources.ByArm[[]analysis.Value]
}

// Sensitive is how often one kind of sensitive text was masked.
type Sensitive struct {
	Kind string
	Hits sources.ByArm[int64] // lines that held any since the engine began
	// Evidence that the candidate writes it more often per request; worse when it is selected among all kinds of lines.
	Evidence analysis.Value
	Mark     analysis.Mark
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
	Evidence  analysis.Value // that the candidate writes it more often per request, as times (12 is 12 to 1)
	Need      analysis.Value // the evidence at which it is selected among all templates
	Selected  bool           // the evidence suffices, or it is new and was written often enough
	New       bool           // never seen in legacy
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
	After   time.Time     // oldest first from this time on, instead of from the newest; zero: not so
	Limit   int
	Fields  []string // fields, by their dotted names, whose values each line carries
	Bare    bool     // the lines as they came, without masks; refused where the session may not see them
	// Past is how far back the index itself is searched by what filters it can run; zero: the held lines alone.
	Past time.Duration
}

// LogsPage is the engine's answer.
type LogsPage struct {
	Lines   []LogLine // newest first
	Matched int64     // held lines that match, as far as counted
	Held    int64
	More    bool
	Gen     uint64
	// Index says that the lines come from a search of the source's index, from Since on: nothing was counted there, and
	// lines that no tail read are among them.
	Index bool
	Since time.Time
	Why   string // why the index was not searched although it was wanted, or not as far; empty: it was, or nobody wanted it
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
	Fields  []Field // all of them when one line was asked for; of a page's lines those that were asked for
}

// Field is one field of an opened line.
type Field struct {
	Name  sources.Text
	Value sources.Text
}
